import { CifraError } from '../numeric/errors.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Extract<Json, { readonly [key: string]: Json }>;

/** Cifra writes nothing near these bounds. Beyond them, a small file could take all memory, or all of the stack. */
const DEEPEST = 100;
const MOST_VALUES = 1_000_000;

/**
 * Reads JSON that comes from a file: as `JSON.parse`, but these are refused too: a key that stands twice in one object,
 * since two readers could take it for different things; numbers beyond the largest double, which could not be written
 * again; more than 100 levels or 1,000,000 values, before anything is allocated for them. Like every key, `__proto__`
 * becomes a property of its own.
 * @param fail makes the error to throw from what is wrong: `it is no JSON (…)`
 */
export function parseJson(text: string, fail: (problem: string) => CifraError): Json {
  const excess = excessOf(text);
  if (excess !== undefined) throw fail(excess);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    // The platform quotes the text, line breaks and all.
    throw fail(`it is no JSON (${printable((error as SyntaxError).message, 200)})`);
  }
  const key = repeatedKey(text);
  if (key !== undefined) throw fail(`the key ${show(key)} stands twice in one object`);
  if (!isFinite(value)) throw fail('it holds a number beyond 1.8e308');
  return value;
}

/** As `parseJson`, for the bytes of a UTF-8 text. */
export function parseJsonBytes(bytes: Uint8Array, fail: (problem: string) => CifraError): Json {
  let text: string;
  try {
    // A copy, since decoders refuse memory that threads share.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice());
  } catch {
    throw fail('it is no UTF-8');
  }
  return parseJson(text, fail);
}

/**
 * `value` as JSON text.
 * @throws CifraError `json-number` for NaN and infinity, which JSON cannot hold, naming the key and `place`; `json-size`
 *   for what `parseJson` would refuse
 */
export function formatJson(value: unknown, place: string, indent = 0): string {
  const check = (key: string, item: unknown): unknown => {
    if (typeof item !== 'number' || Number.isFinite(item)) return item;
    throw new CifraError(
      'json-number',
      `${place} cannot be written as JSON: ${show(key)} is ${item}.`,
      'Give finite numbers, or leave the value out.',
    );
  };
  const text = JSON.stringify(value, check, indent);
  const excess = excessOf(text);
  if (excess === undefined) return text;
  throw new CifraError(
    'json-size',
    `${place} cannot be written as JSON, since it could not be read again: ${excess}.`,
    'Leave out what is not needed.',
  );
}

/** `value` as messages show what a file holds: on one line, and cut where it is long. */
export function show(value: Json): string {
  return printable(JSON.stringify(value), 80);
}

/** `text` on one line of at most `most` characters, and without those that could command a terminal. */
export function printable(text: string, most: number): string {
  const plain = text.slice(0, most).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return text.length > most ? `${plain.slice(0, -1)}…` : plain;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What of `text`, which need not be JSON, is too much to be read. */
function excessOf(text: string): string | undefined {
  let depth = 0;
  let values = 1;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfText(text, i);
    else if (character === '{' || character === '[') {
      if (++depth > DEEPEST) return `it is nested deeper than ${DEEPEST} levels`;
      values++;
    } else if (character === '}' || character === ']') depth--;
    else if (character === ',') values++;
    if (values > MOST_VALUES) return `it holds more than ${MOST_VALUES} values`;
  }
  return undefined;
}

function isFinite(value: Json): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values<Json>(value).every(isFinite);
}

/** The first key that stands twice in one object of `text`, which is JSON. */
function repeatedKey(text: string): string | undefined {
  // The keys of every object that is open at `i`; arrays have none.
  const open: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const begin = i;
      i = endOfText(text, begin);
      const end = i + 1;
      while (/\s/.test(text[i + 1] ?? '')) i++;
      if (text[i + 1] !== ':') continue;
      const key = JSON.parse(text.slice(begin, end)) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** Where the quotes that open at `begin` close, or where `text` ends. */
function endOfText(text: string, begin: number): number {
  let end = begin + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}
