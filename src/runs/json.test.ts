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

  it('refuses nesting that could take all of the stack, closed or not, and takes what is less', () => {
    const deeper = /^it is nested deeper than 100 levels$/;
    for (const depth of [101, 200_000]) {
      expect(() => parseJson('['.repeat(depth), fail)).toThrow(deeper);
      expect(() => parseJson('['.repeat(depth) + ']'.repeat(depth), fail)).toThrow(deeper);
      expect(() => parseJson('{"a":'.repeat(depth), fail)).toThrow(deeper);
    }
    const deepest = '['.repeat(100) + ']'.repeat(100);
    expect(JSON.stringify(parseJson(deepest, fail))).toBe(deepest);
    expect(parseJson(JSON.stringify(['[{'.repeat(1000), '\\"[']), fail)).toEqual(['[{'.repeat(1000), '\\"[']);
  });

  it('refuses more values than could be meant, before it makes any', () => {
    expect(() => parseJson(`[${'[],'.repeat(1_000_000)}[]]`, fail)).toThrow(/^it holds more than 1000000 values$/);
    expect(parseJson(`[${'0,'.repeat(99_999)}0]`, fail)).toHaveLength(100_000);
  });

  it('refuses numbers beyond a double, which could not be written again', () => {
    for (const text of ['1e309', '[-1e999]', '{"a":{"b":[1,1e400]}}']) {
      expect(() => parseJson(text, fail), text).toThrow('it holds a number beyond 1.8e308');
    }
    expect(parseJson('[1.7e308,1e-999,null]', fail)).toEqual([1.7e308, 0, null]);
  });

  it('quotes text that is no JSON on one line, without what commands a terminal', () => {
    expect(() => parseJson('{"a":\n\u001b[2J\n}', fail)).toThrow(/^it is no JSON \(\P{Cc}+\)$/u);
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

describe('formatJson and parseJson', () => {
  it('have the same bounds', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    expect(parseJson(formatJson(nested(100), 'The recipe'), fail)).toEqual(nested(100));
    expect(() => formatJson(nested(101), 'The recipe')).toThrow(
      'The recipe cannot be written as JSON, since it could not be read again: it is nested deeper than 100 levels.\n  Leave out',
    );
  });
});

describe('show', () => {
  it('keeps to one line, whatever the text holds', () => {
    expect(show('a\u2028\u009b\u202eb')).toBe('"a\ufffd\ufffd\ufffdb"');
  });

  it('cuts what is long', () => {
    expect(show('short')).toBe('"short"');
    expect(show('x'.repeat(1000))).toBe(`"${'x'.repeat(78)}…`);
  });
});
