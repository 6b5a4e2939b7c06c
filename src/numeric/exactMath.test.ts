import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cos, exp, expm1, log, log1p, pow, sin, tanh } from './exactMath.js';

// The truth: fixed-point numbers of PRECISION fraction bits in BigInt, independent of any floating-point library.

const PRECISION = 1400n;
const ONE = 1n << PRECISION;

const times = (a: bigint, b: bigint): bigint => (a * b) >> PRECISION;
const over = (a: bigint, b: bigint): bigint => (a << PRECISION) / b;

/** The exact value of a float64 as a fixed-point number. */
function fixed(x: number): bigint {
  let shift = 0n;
  while (!Number.isInteger(x)) {
    x *= 2;
    shift++;
  }
  return (BigInt(x) << PRECISION) >> shift;
}

function trueExp(x: bigint): bigint {
  if (x < 0n) return (ONE * ONE) / trueExp(-x);
  let term = ONE;
  let sum = ONE;
  const small = x >> 32n;
  for (let i = 1n; term !== 0n; i++) {
    term = times(term, small) / i;
    sum += term;
  }
  for (let i = 0; i < 32; i++) sum = times(sum, sum);
  return sum;
}

function artanh(x: bigint): bigint {
  if (x < 0n) return -artanh(-x);
  const square = times(x, x);
  let power = x;
  let sum = 0n;
  for (let i = 1n; power !== 0n; i += 2n) {
    sum += power / i;
    power = times(power, square);
  }
  return sum;
}

const TRUE_LN2 = 2n * artanh(ONE / 3n);

function trueLog(x: bigint): bigint {
  const k = BigInt(x.toString(2).length) - 1n - PRECISION;
  const m = k < 0n ? x << -k : x >> k;
  return 2n * artanh(over(m - ONE, m + ONE)) + k * TRUE_LN2;
}

function arctanOfInverse(n: bigint): bigint {
  let power = ONE / n;
  let sum = 0n;
  for (let i = 1n; power !== 0n; i += 2n) {
    sum += i % 4n === 1n ? power / i : -power / i;
    power /= n * n;
  }
  return sum;
}

/** Machin's formula. */
const TRUE_PI = 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n));

function trueSin(x: bigint): bigint {
  x %= 2n * TRUE_PI;
  let term = x;
  let sum = x;
  for (let i = 2n; term !== 0n; i += 2n) {
    term = -times(term, times(x, x)) / (i * (i + 1n));
    sum += term;
  }
  return sum;
}

const trueCos = (x: bigint): bigint => trueSin(x + TRUE_PI / 2n);

function trueTanh(x: bigint): bigint {
  const e = trueExp(2n * x);
  return over(e - ONE, e + ONE);
}

/** How far `result` lies from `truth`, in units in the last place of `result`. */
function ulps(result: number, truth: bigint): number {
  if (result === 0) return Number(truth);
  let unit = Number.MIN_VALUE;
  while (Math.abs(result) >= unit * 2 ** 53) unit *= 2;
  const distance = fixed(result) - truth;
  return Number((distance * 10000n) / fixed(unit)) / 10000;
}

function check(f: (x: number) => number, truth: (x: bigint) => bigint, low: number, high: number, limit: number): void {
  fc.assert(
    fc.property(fc.double({ min: low, max: high, noNaN: true }), (x) => {
      expect(Math.abs(ulps(f(x), truth(fixed(x))))).toBeLessThan(limit);
    }),
    { numRuns: 60 },
  );
  for (let i = 0; i <= 60; i++) {
    const x = low + (high - low) * (i / 60);
    expect(Math.abs(ulps(f(x), truth(fixed(x)))), `at ${x}`).toBeLessThan(limit);
  }
}

describe('errors against series in exact arithmetic', () => {
  it('the reference itself knows ln 2, pi and e', () => {
    const digits = (x: bigint): string => ((x * 10n ** 40n) / ONE).toString();
    expect(digits(TRUE_LN2)).toBe('6931471805599453094172321214581765680755');
    expect(digits(TRUE_PI)).toBe('31415926535897932384626433832795028841971');
    expect(digits(trueExp(ONE))).toBe('27182818284590452353602874713526624977572');
    expect(digits(trueLog(3n * ONE))).toBe('10986122886681096913952452369225257046474');
  });

  it('exp is within 1 ulp', () => {
    check(exp, trueExp, -708, 709.7, 1);
    check(exp, trueExp, -1, 1, 1);
  });

  it('exp is within 1 ulp where results are subnormal', () => {
    check(exp, trueExp, -745, -708, 1);
  });

  it('expm1 is within 2 ulp', () => {
    check(expm1, (x) => trueExp(x) - ONE, -45, 80, 2);
    check(expm1, (x) => trueExp(x) - ONE, -2, 2, 2);
    check(expm1, (x) => trueExp(x) - ONE, -1e-5, 1e-5, 2);
  });

  it('tanh is within 3 ulp', () => {
    check(tanh, trueTanh, -24, 24, 3);
    check(tanh, trueTanh, -1.5, 1.5, 3);
    check(tanh, trueTanh, -1e-6, 1e-6, 3);
  });

  it('log is within 1 ulp', () => {
    check(log, trueLog, 1e-308, 1e308, 1);
    check(log, trueLog, 0.5, 2, 1);
    check(log, trueLog, 5e-324, 1e-307, 1);
  });

  it('log1p is within 2 ulp', () => {
    check(log1p, (x) => trueLog(ONE + x), -0.999, 3, 2);
    check(log1p, (x) => trueLog(ONE + x), 0, 1e20, 2);
    check(log1p, (x) => trueLog(ONE + x), -1e-9, 1e-9, 2);
  });

  it('sin and cos are within 1 ulp up to 1.6e6', () => {
    for (const size of [0.8, 7, 1e5, 1.6e6]) {
      check(sin, trueSin, -size, size, 1);
      check(cos, trueCos, -size, size, 1);
    }
  });

  it('sin and cos are within 1 ulp next to multiples of pi / 2, where nearly all bits cancel', () => {
    for (const quarters of [1, 2, 3, 4, 11, 355, 710, 22_000, 573_204, 1_018_000]) {
      const x = quarters * (Math.PI / 2);
      expect(Math.abs(ulps(sin(x), trueSin(fixed(x)))), `sin ${x}`).toBeLessThan(1);
      expect(Math.abs(ulps(cos(x), trueCos(fixed(x)))), `cos ${x}`).toBeLessThan(1);
    }
  });

  it('pow is within 1 ulp', () => {
    const truth = (x: number, y: number): bigint => trueExp(times(fixed(y), trueLog(fixed(x))));
    const cases = fc.oneof(
      fc.tuple(fc.double({ min: 0.1, max: 1000, noNaN: true }), fc.double({ min: -100, max: 100, noNaN: true })),
      fc.tuple(fc.constantFrom(0.9, 0.99, 0.999, 0.9999), fc.integer({ min: 1, max: 700_000 })),
      fc.tuple(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
      fc.tuple(
        fc.double({ min: 1 - 1e-13, max: 1 + 1e-13, noNaN: true }),
        fc.double({ min: -1e15, max: 1e15, noNaN: true }),
      ),
    );
    fc.assert(
      fc.property(cases, ([x, y]) => {
        const result = pow(x, y);
        if (result !== 0 && result !== Infinity) {
          expect(Math.abs(ulps(result, truth(x, y))), `${x}^${y} = ${result}`).toBeLessThan(1);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('special values', () => {
  const values = [
    NaN,
    Infinity,
    -Infinity,
    0,
    -0,
    1,
    -1,
    2,
    -2,
    0.5,
    -0.5,
    3,
    -3,
    1e300,
    5e-324,
    -5e-324,
    2 ** 53,
    1e20,
  ];

  it('exp', () => {
    expect(exp(NaN)).toBeNaN();
    expect([-Infinity, -746, -0, 0, 710, Infinity].map(exp)).toEqual([0, 0, 1, 1, Infinity, Infinity]);
    expect(exp(-745.1332191019411)).toBe(5e-324);
    expect(exp(-745.13321910194122)).toBe(0);
    expect(exp(709.782712893384)).toBeLessThan(Infinity);
    expect(exp(709.7827128933841)).toBe(Infinity);
  });

  it('log and log1p', () => {
    expect([0, -0, 1, Infinity].map(log)).toEqual([-Infinity, -Infinity, 0, Infinity]);
    expect([NaN, -1, -Infinity, -5e-324].map(log)).toEqual([NaN, NaN, NaN, NaN]);
    expect([0, -0, -1, Infinity, 1e-320].map(log1p)).toEqual([0, -0, -Infinity, Infinity, 1e-320]);
    expect([NaN, -1.1, -Infinity].map(log1p)).toEqual([NaN, NaN, NaN]);
  });

  it('expm1 and tanh', () => {
    expect([0, -0, -Infinity, Infinity, 1e-320, -50].map(expm1)).toEqual([0, -0, -1, Infinity, 1e-320, -1]);
    expect([0, -0, -Infinity, Infinity, 1e-320, -30].map(tanh)).toEqual([0, -0, -1, 1, 1e-320, -1]);
    expect([expm1(NaN), tanh(NaN)]).toEqual([NaN, NaN]);
  });

  it('sin and cos', () => {
    expect([0, -0, 5e-324].map(sin)).toEqual([0, -0, 5e-324]);
    expect([0, -0, 5e-324].map(cos)).toEqual([1, 1, 1]);
    for (const x of [NaN, Infinity, -Infinity]) expect([sin(x), cos(x)]).toEqual([NaN, NaN]);
    expect(() => sin(2e6)).toThrow('sin and cos were given 2000000, but take angles up to 1600000 radians in size.');
    expect(() => cos(-1e300)).toThrow('Reduce the angle by whole turns before.');
  });

  it('pow has those of Math.pow', () => {
    for (const x of values) {
      for (const y of values) {
        const [given, wanted] = [pow(x, y), Math.pow(x, y)];
        const exact = !Number.isFinite(wanted) || wanted === 0 || Math.abs(wanted) === 1;
        if (exact) expect(given, `${x}^${y}`).toBe(wanted);
        else expect(Math.abs(given / wanted - 1), `${x}^${y}`).toBeLessThan(1e-15);
      }
    }
  });

  it('pow gives small whole powers exactly', () => {
    for (const x of [2, 3, 5, 7, 10, 12, -3]) {
      for (let y = 0; y <= 12; y++) {
        let product = 1;
        for (let i = 0; i < y; i++) product *= x;
        expect(pow(x, y)).toBe(product);
      }
    }
    for (let y = -1074; y <= 1023; y++) expect(pow(2, y)).toBe(2 ** y);
  });

  it('pow reaches subnormal results and overflows at the right place', () => {
    expect(pow(2, -1074)).toBe(5e-324);
    expect(pow(2, -1075)).toBe(0);
    expect(pow(2, -1074.9)).toBe(5e-324);
    expect(pow(2, 1023.9999999999999)).toBeLessThan(Infinity);
    expect(pow(2, 1024)).toBe(Infinity);
    expect(pow(5e-324, 0.5)).toBe(2 ** -537);
  });
});

describe('agreement with Math.* within 3 ulp', () => {
  const near = (given: number, wanted: number): void => {
    if (given === wanted) return;
    const unit = Math.max(Number.MIN_VALUE, Math.abs(wanted) * Number.EPSILON);
    expect(Math.abs(given - wanted) / unit).toBeLessThanOrEqual(3);
  };
  const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true });

  it.each([
    ['exp', exp, Math.exp],
    ['expm1', expm1, Math.expm1],
    ['tanh', tanh, Math.tanh],
  ])('%s', (_, ours, theirs) => {
    fc.assert(fc.property(anyDouble, (x) => near(ours(x), theirs(x))));
    fc.assert(fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => near(ours(x), theirs(x))));
  });

  it('log, log1p and pow', () => {
    fc.assert(fc.property(anyDouble, (x) => near(log(Math.abs(x)), Math.log(Math.abs(x)))));
    fc.assert(fc.property(anyDouble, (x) => near(log1p(Math.abs(x)), Math.log1p(Math.abs(x)))));
    fc.assert(fc.property(anyDouble, anyDouble, (x, y) => near(pow(Math.abs(x), y), Math.pow(Math.abs(x), y))));
  });
});

describe('pinned bits, equal on every machine', () => {
  const bitsOf = (x: number): string => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, x);
    return view.getBigUint64(0).toString(16);
  };

  it.each([
    ['exp(1)', exp(1), '4005bf0a8b14576a'],
    ['exp(-0.3)', exp(-0.3), '3fe7b4c869c37c05'],
    ['exp(-740.5)', exp(-740.5), '33'],
    ['expm1(0.37)', expm1(0.37), '3fdca7af15d10872'],
    ['tanh(0.5)', tanh(0.5), '3fdd9353d7568af3'],
    ['log(10)', log(10), '40026bb1bbb55516'],
    ['log1p(0.28)', log1p(0.28), '3fcf991c6cb3b37a'],
    ['sin(1)', sin(1), '3feaed548f090cee'],
    ['cos(1)', cos(1), '3fe14a280fb5068c'],
    ['sin(100000)', sin(100000), '3fa24daa9c527e96'],
    ['pow(0.999, 1407)', pow(0.999, 1407), '3fcf527a05cbf233'],
    ['pow(10, -0.5)', pow(10, -0.5), '3fd43d136248490f'],
  ])('%s', (_, value, wanted) => {
    expect(bitsOf(value)).toBe(wanted);
  });

  it('many values at once', () => {
    const table = new Float64Array(8 * 1000);
    for (let i = 0; i < 1000; i++) {
      const x = (i - 500) / 7;
      const positive = (i + 1) / 13;
      table.set(
        [exp(x), expm1(x / 9), tanh(x / 30), log(positive), log1p(positive), sin(x), cos(x * 97), pow(positive, x / 9)],
        8 * i,
      );
    }
    let hash = 0x811c9dc5;
    const view = new DataView(table.buffer);
    for (let i = 0; i < table.length; i++) {
      hash = Math.imul(hash ^ view.getUint32(8 * i, true), 0x01000193);
      hash = Math.imul(hash ^ view.getUint32(8 * i + 4, true), 0x01000193);
    }
    expect((hash >>> 0).toString(16)).toBe('12617494');
  });
});
