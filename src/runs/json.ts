import { CifraError } from '../numeric/errors.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Extract<Json, { readonly [key: string]: Json }>;

/**
 * Reads JSON that comes from a file: as `JSON.parse`, but a key that stands twice in one object is refused too, since
 * two readers could take it for different things. Like every key, `__proto__` becomes a property of its own.
 * @param fail makes the error to throw from what is wrong: `it is no JSON (…)`
 */
export function parseJson(text: string, fail: (problem: string) => CifraError): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw fail(`it is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const key = repeatedKey(text);
  if (key !== undefined) throw fail(`the key ${show(key)} stands twice in one object`);
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
 * @throws CifraError `json-number` for NaN and infinity, which JSON cannot hold, naming the key and `place`
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
  return JSON.stringify(value, check, indent);
}

/** `value` as messages show what a file holds: on one line, and cut where it is long. */
export function show(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
      const begin = i++;
      while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
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
