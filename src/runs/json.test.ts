import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CifraError } from '../numeric/errors.js';
import { formatJson, parseJson, parseJsonBytes, show } from './json.js';

const fail = (problem: string): CifraError => new CifraError('test', problem);

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(parseJson(text, fail)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses a key that stands twice in one object, however it is written and wherever it is', () => {
    const repeated = 'the key "a" stands twice in one object';
    expect(() => parseJson('{"a":1,"a":1}', fail)).toThrow(repeated);
    expect(() => parseJson('{"a":{},"b":[{"x":"{"}],"\\u0061" :2}', fail)).toThrow(repeated);
    expect(() => parseJson('[0,{"b":{"a":[1,"a"],\n"c":"a:","a"\t:1}}]', fail)).toThrow(repeated);
    expect(() => parseJson('{"__proto__":1,"__proto__":2}', fail)).toThrow('the key "__proto__" stands twice');
    expect(() => parseJson('{"\\"":1,"\\\\":2,"\\"":3}', fail)).toThrow('the key "\\"" stands twice');
  });

  it('takes the same key in different objects, and texts equal to a key', () => {
    const text = '{"a":{"a":{"a":["a","a",":"]}},"b":[{"a":"a"},{"a":"\\"a\\":"}]}';
    expect(parseJson(text, fail)).toEqual(JSON.parse(text));
  });

  it('makes __proto__ an ordinary property', () => {
    const value = parseJson('{"__proto__":{"polluted":true}}', fail) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('polluted' in value).toBe(false);
  });

  it('throws the given error for text that is no JSON, and bytes that are no UTF-8', () => {
    for (const text of ['', '{', '{"a":1,}', "{'a':1}", 'NaN', '"\\x"']) {
      expect(() => parseJson(text, fail), text).toThrow(/^it is no JSON \(.*\)$/s);
    }
    expect(() => parseJsonBytes(new Uint8Array([0x22, 0xff, 0x22]), fail)).toThrow(/^it is no UTF-8$/);
    expect(parseJsonBytes(new TextEncoder().encode('"é"'), fail)).toBe('é');
  });

  it('survives deep nesting', () => {
    const deep = '['.repeat(200_000);
    expect(() => parseJson(deep, fail)).toThrow(CifraError);
  });
});

describe('formatJson', () => {
  it('refuses NaN and infinity, naming the key, where JSON.stringify writes null', () => {
    expect(() => formatJson({ a: [{ rate: NaN }] }, 'The recipe')).toThrow(
      'The recipe cannot be written as JSON: "rate" is NaN.\n  Give finite numbers, or leave the value out.',
    );
    expect(() => formatJson([1, -Infinity], 'The recipe')).toThrow('"1" is -Infinity');
    expect(formatJson({ a: 0.1 }, 'The recipe', 2)).toBe('{\n  "a": 0.1\n}');
  });
});

describe('show', () => {
  it('cuts what is long', () => {
    expect(show('short')).toBe('"short"');
    expect(show('x'.repeat(1000))).toBe(`"${'x'.repeat(78)}…`);
  });
});
