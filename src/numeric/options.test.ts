import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CifraError } from './errors.js';
import {
  boolean,
  byDefault,
  identifier,
  listOf,
  number,
  oneOf,
  optional,
  readOptions,
  required,
  shape,
  size2d,
  wholeNumber,
} from './options.js';

const table = {
  filters: required(wholeNumber(1)),
  padding: byDefault(oneOf('valid', 'same'), 'valid'),
  rate: optional(number({ from: 0, below: 1 })),
};
const read = (given: object) => readOptions('Layer thing', given, table);

describe('readOptions', () => {
  it('fills in defaults, and takes undefined as not given', () => {
    expect(read({ filters: 3 })).toEqual({ filters: 3, padding: 'valid', rate: undefined });
    expect(read({ filters: 3, padding: undefined, rate: 0.5 })).toEqual({ filters: 3, padding: 'valid', rate: 0.5 });
  });

  it('names an unknown option and the nearest one', () => {
    expect(() => read({ filters: 3, pading: 'same' })).toThrow(
      'Layer thing: there is no option "pading".\n  Did you mean "padding"?',
    );
    expect(() => read({ filters: 3, wholeSomethingElse: 1 })).toThrow('It takes: filters, padding, rate.');
    expect(() => readOptions('Initializer zeros', { x: 1 }, {})).toThrow('It takes no options.');
  });

  it('says which option is missing and what it may be', () => {
    expect(() => read({})).toThrow(
      'Layer thing: the option "filters" is missing.\n  Give filters: a whole number >= 1.',
    );
  });

  it('says what a wrong value is and what is allowed', () => {
    expect(() => read({ filters: 2.5 })).toThrow(
      'Layer thing: the option "filters" must be a whole number >= 1, but is 2.5.',
    );
    expect(() => read({ filters: 2, rate: 1 })).toThrow(
      'the option "rate" must be a number >= 0 and < 1, but is 1.\n  Leave it out for the default.',
    );
    expect(() => read({ filters: 2, padding: 'sam' })).toThrow(
      'the option "padding" must be one of "valid", "same", but is "sam".\n  Did you mean "same"?',
    );
  });

  it.each([[undefined], [null], [10], ['relu'], [[3]]])('does not take %j for options', (given) => {
    expect(() => read(given as never)).toThrow('Write them by name: { filters: ..., padding: ... }.');
  });

  it('gives stable error codes', () => {
    const code = (given: object) => {
      try {
        read(given);
        return 'none';
      } catch (error) {
        return error instanceof CifraError ? error.code : error;
      }
    };
    expect([code({ x: 1 }), code({}), code({ filters: 'x' })]).toEqual([
      'unknown-option',
      'missing-option',
      'option-value',
    ]);
  });
});

describe('kinds', () => {
  it('number keeps to its range, ends included or not, and to finite numbers', () => {
    const half = number({ above: 0, to: 1 });
    expect(half.allowed).toBe('a number > 0 and <= 1');
    expect([0, 1e-300, 1, 1.1, NaN, Infinity, '0.5'].map((value) => half.read(value))).toEqual([
      undefined,
      1e-300,
      1,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(number().read(-Infinity)).toBe(undefined);
    expect(number().allowed).toBe('a number');
  });

  it('size2d makes two sizes of one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }), (a, b) => {
        expect(size2d.read(a)).toEqual([a, a]);
        expect(size2d.read([a, b])).toEqual([a, b]);
      }),
    );
    for (const wrong of [0, 1.5, [3], [3, 3, 3], [0, 1], '3', null]) expect(size2d.read(wrong)).toBe(undefined);
  });

  it('shape, identifier, boolean and lists refuse what they are not', () => {
    expect(shape.read([28, 28, 1])).toEqual([28, 28, 1]);
    for (const wrong of [[], [0], [28, 1.5], 28, [null]]) expect(shape.read(wrong)).toBe(undefined);
    expect(identifier.read('conv1')).toBe('conv1');
    for (const wrong of ['', 'a/b', 3]) expect(identifier.read(wrong)).toBe(undefined);
    expect(boolean.read(0)).toBe(undefined);
    expect(listOf(wholeNumber(0), 'numbers').read([0, 7])).toEqual([0, 7]);
    for (const wrong of [[0, -1], 0, '0']) expect(listOf(wholeNumber(0), 'numbers').read(wrong)).toBe(undefined);
  });
});
