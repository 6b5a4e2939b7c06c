import type { Random } from '../../../src/numeric/philox.js';
import { pick } from './bytes.js';

/** Changes of JSON texts by their structure: numbers, texts, keys, whole pairs, nesting. */

/** A part of a text: a number, a quoted text, a key, a pair of key and value, or one of several values in a list. */
interface Part {
  readonly kind: 'number' | 'text' | 'key' | 'pair' | 'item';
  readonly begin: number;
  readonly end: number;
}

export interface JsonText {
  readonly text: string;
  readonly parts: readonly Part[];
}

const numbers = (
  '-1 0 -0 1 2 1.5 -2.5 1e999 -1e999 1e-400 1e15 255 65536 2147483647 2147483648 4294967295 4294967296 ' +
  '9007199254740991 9007199254740992 9007199254740993 18446744073709551615 340282366920938463463374607431768211456 ' +
  '"1" null true [] {} "" 01 +1 NaN Infinity'
).split(' ');
const texts = [
  ...['""', '"__proto__"', '"constructor"', '"toString"', '"\\ud800"', '"\\u0000"', '"\\u001b[2J"', '"a/b"', '"/"'],
  ...[
    '"F64"',
    '"dense"',
    '"2"',
    '"é𝒳"',
    '"\u2028"',
    '"',
    "'x'",
    'null',
    '0',
    '[]',
    '{"a":1,"a":2}',
    '{"__proto__":{}}',
  ],
  `"${'x'.repeat(300)}"`,
];
const inserted = ['[', ']', '{', '}', ',', ':', '"', '\\', '\n', '\0', '\ufeff', '0', '-', '/**/', ' ', '[[[[[[', 'e9'];
const DEEP = 100_000;

/** `text`, which is JSON, and what it consists of. */
export function jsonText(text: string): JsonText {
  const parts: Part[] = [];
  let at = 0;
  const blank = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const quoted = (): void => {
    at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at++;
  };
  const several = (close: string, one: () => void): void => {
    at++;
    blank();
    while (text[at] !== close) {
      if (text[at] === ',') at++;
      blank();
      one();
      blank();
    }
    at++;
  };
  const value = (): void => {
    blank();
    const begin = at;
    if (text[at] === '{') {
      several('}', () => {
        const pair = at;
        quoted();
        parts.push({ kind: 'key', begin: pair, end: at });
        blank();
        at++;
        value();
        parts.push({ kind: 'pair', begin: pair, end: at });
      });
    } else if (text[at] === '[') {
      several(']', () => {
        const item = at;
        value();
        parts.push({ kind: 'item', begin: item, end: at });
      });
    } else if (text[at] === '"') {
      quoted();
      parts.push({ kind: 'text', begin, end: at });
    } else {
      while (/[\w.+-]/.test(text[at] ?? '')) at++;
      parts.push({ kind: 'number', begin, end: at });
    }
  };
  value();
  return { text, parts };
}

/** The text with one to three of its parts changed. */
export function mutateJson({ text, parts }: JsonText, random: Random): string {
  let result = text;
  let before = text.length;
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    if (random.below(8) === 0) {
      const at = random.below(before + 1);
      result = result.slice(0, at) + pick(random, inserted) + result.slice(at);
      before = at;
      continue;
    }
    const { kind, begin, end } = pick(random, parts);
    // From the back to the front, so that places stay right.
    if (end > before) continue;
    const changed = changedPart(kind, result.slice(begin, end), random, { text, parts });
    const comma = changed === '' && result[end] === ',' && random.below(4) > 0 ? 1 : 0;
    result = result.slice(0, begin) + changed + result.slice(end + comma);
    before = begin;
  }
  return result;
}

function changedPart(kind: Part['kind'], part: string, random: Random, whole: JsonText): string {
  if (random.below(500) === 0) return nested(random);
  if (random.below(8) === 0) {
    const { begin, end } = pick(random, whole.parts);
    return whole.text.slice(begin, end);
  }
  switch (kind) {
    case 'number':
      return pick(random, numbers);
    case 'text':
      return pick(random, random.below(3) === 0 ? numbers : texts);
    case 'key':
      return pick(random, texts);
    case 'pair':
    case 'item':
      return random.below(2) === 0 ? '' : `${part},${part}`;
  }
}

/** Deeper than any stack, closed or not; or just deep. */
function nested(random: Random): string {
  const depth = random.below(4) === 0 ? DEEP : 90 + random.below(20);
  return random.below(3) === 0
    ? '{"a":'.repeat(depth)
    : '['.repeat(depth) + (random.below(2) === 0 ? ']'.repeat(depth) : '');
}
