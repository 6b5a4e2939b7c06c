/**
 * exp, log, sin, cos, pow and their like, equal bit for bit on every machine and engine. ECMAScript leaves the results
 * of `Math.exp`, `Math.sin`, `**` and so on to the implementation; here only operations that IEEE 754 and ECMAScript
 * fix exactly are used: + - * / in float64, sqrt, floor, abs, comparisons, and access to the bits of a number.
 *
 * The algorithms and coefficients are those of fdlibm 5.3. Errors stay below 1 ulp (log1p, expm1: 2 ulp; tanh: 3 ulp).
 *
 *   Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and
 *   distribute this software is freely granted, provided that this notice is preserved.
 */
import { CifraError } from './errors.js';

const bits = new DataView(new ArrayBuffer(8));

/** The upper 32 bits: sign, exponent and the first 20 bits of the fraction. */
function highWord(x: number): number {
  bits.setFloat64(0, x);
  return bits.getInt32(0);
}

function withHighWord(x: number, word: number): number {
  bits.setFloat64(0, x);
  bits.setInt32(0, word);
  return bits.getFloat64(0);
}

/** `x` with its lower 32 bits cleared: 21 significant bits, so that a product of two such numbers is exact. */
function leading(x: number): number {
  bits.setFloat64(0, x);
  bits.setInt32(4, 0);
  return bits.getFloat64(0);
}

/** 2^n for n from -1022 to 1023. */
function powerOfTwo(n: number): number {
  return withHighWord(0, (n + 1023) << 20);
}

/** x 2^n for x near 1 and n from -1100 to 1024, rounded once even where the result is subnormal. */
function scale(x: number, n: number): number {
  if (n > 1023) return x * 2 * powerOfTwo(n - 1);
  if (n < -1022) return x * powerOfTwo(n + 1000) * TWO_TO_MINUS_1000;
  return x * powerOfTwo(n);
}

const TWO_TO_MINUS_1000 = powerOfTwo(-1000);
const TWO_54 = 18014398509481984;

// ---------------------------------------------------------------------------------------------- exp, expm1, tanh

const INVERSE_LN2 = 1.4426950408889634;
/** ln 2 in two parts; the first ends in 32 zero bits, so that its product with a small whole number is exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const OVERFLOW = 709.782712893384;
const UNDERFLOW = -745.1332191019412;

const P1 = 1.66666666666666019037e-1;
const P2 = -2.77777777770155933842e-3;
const P3 = 6.61375632143793436117e-5;
const P4 = -1.6533902205465251539e-6;
const P5 = 4.13813679705723846039e-8;

/** exp(high - low) - 1 for |high - low| <= ln(2) / 2, where |low| is small: r + r c / (2 - c). */
function expm1Reduced(high: number, low: number): number {
  const r = high - low;
  const t = r * r;
  const c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  return high + ((r * c) / (2 - c) - low);
}

/**
 * e^x. With k = floor(x / ln 2 + 1/2) and r = x - k ln 2, so |r| <= ln(2) / 2:
 *
 *     t = r^2
 *     c = r - t (P1 + t (P2 + t (P3 + t (P4 + t P5))))
 *     e^x = 2^k (1 + (r + r c / (2 - c)))
 *
 * r is held as high - low (high = x - k LN2_HIGH, exact; low = k LN2_LOW). 0 below -745.13, Infinity above 709.78.
 */
export function exp(x: number): number {
  if (x !== x) return x;
  if (x > OVERFLOW) return Infinity;
  if (x < UNDERFLOW) return 0;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  return scale(1 + expm1Reduced(x - k * LN2_HIGH, k * LN2_LOW), k);
}

/** e^x - 1, without the cancellation near 0. */
export function expm1(x: number): number {
  if (x !== x || x === 0) return x;
  if (x > OVERFLOW) return Infinity;
  if (x < -40) return -1;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const reduced = expm1Reduced(x - k * LN2_HIGH, k * LN2_LOW);
  if (k > 55) return scale(1 + reduced, k);
  const power = powerOfTwo(k);
  return k < 0 ? power - 1 + power * reduced : power * (reduced + (1 - 1 / power));
}

/** The hyperbolic tangent, from expm1. */
export function tanh(x: number): number {
  if (x !== x || x === 0) return x;
  const size = Math.abs(x);
  let result = 1;
  if (size < 1) {
    const t = expm1(-2 * size);
    result = -t / (t + 2);
  } else if (size < 22) {
    result = 1 - 2 / (expm1(2 * size) + 2);
  }
  return x < 0 ? -result : result;
}

// -------------------------------------------------------------------------------------------------- log and log1p

const LG1 = 6.66666666666673513e-1;
const LG2 = 3.999999999940941908e-1;
const LG3 = 2.857142874366239149e-1;
const LG4 = 2.222219843214978396e-1;
const LG5 = 1.818357216161805012e-1;
const LG6 = 1.531383769920937332e-1;
const LG7 = 1.479819860511658591e-1;

/** The high word of sqrt(1/2), rounded down. */
const SQRT_HALF_WORD = 0x3fe6a09e;

/**
 * The natural logarithm; -Infinity at 0, NaN below. With x = 2^k (1 + f), 1 + f from sqrt(1/2) to sqrt(2), and
 * s = f / (2 + f): log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), R a polynomial of degree 7.
 */
export function log(x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return NaN;
  if (x === Infinity) return x;
  let k = 0;
  let word = highWord(x);
  if (word < 0x00100000) {
    k = -54;
    x *= TWO_54;
    word = highWord(x);
  }
  word += 0x3ff00000 - SQRT_HALF_WORD;
  k += (word >> 20) - 1023;
  const f = withHighWord(x, (word & 0x000fffff) + SQRT_HALF_WORD) - 1;
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)));
  const even = w * (LG2 + w * (LG4 + w * LG6));
  return s * (half + (odd + even)) + k * LN2_LOW - half + f + k * LN2_HIGH;
}

/** log(1 + x), without the cancellation near 0. */
export function log1p(x: number): number {
  const sum = 1 + x;
  if (sum === 1 || x === Infinity) return x;
  if (sum === 0) return -Infinity;
  return log(sum) + (x - (sum - 1)) / sum;
}

// ---------------------------------------------------------------------------------------------------- sin and cos

const INVERSE_HALF_PI = 6.3661977236758138243e-1;
/** pi / 2 in parts of 33 bits, each with what is left after it. */
const HALF_PI_1 = 1.57079632673412561417;
const HALF_PI_1_TAIL = 6.07710050650619224932e-11;
const HALF_PI_2 = 6.0771005063039659766e-11;
const HALF_PI_2_TAIL = 2.02226624879595063154e-21;
const HALF_PI_3 = 2.0222662487111664558e-21;
const HALF_PI_3_TAIL = 8.47842766036889956997e-32;
const TWO_TO_MINUS_17 = 1 / 131072;
const TWO_TO_MINUS_50 = 1 / 1125899906842624;

const S1 = -1.66666666666666324348e-1;
const S2 = 8.33333333332248946124e-3;
const S3 = -1.98412698298579493134e-4;
const S4 = 2.75573137070700676789e-6;
const S5 = -2.50507602534068634195e-8;
const S6 = 1.58969099521155010221e-10;

const C1 = 4.16666666666666019037e-2;
const C2 = -1.38888888888741095749e-3;
const C3 = 2.48015872894767294178e-5;
const C4 = -2.75573143513906633035e-7;
const C5 = 2.0875723212981748279e-9;
const C6 = -1.13596475577881948265e-11;

/** The largest |x| that `sin` and `cos` take, just below 2^20 pi / 2. */
const LARGEST_ANGLE = 1.6e6;

/** sin(x + tail) for |x| <= pi / 4. */
function sinReduced(x: number, tail: number): number {
  const z = x * x;
  const w = z * z;
  const r = S2 + z * (S3 + z * S4) + z * w * (S5 + z * S6);
  const v = z * x;
  return x - (z * (0.5 * tail - v * r) - tail - v * S1);
}

/** cos(x + tail) for |x| <= pi / 4. */
function cosReduced(x: number, tail: number): number {
  const z = x * x;
  const w = z * z;
  const r = z * (C1 + z * (C2 + z * C3)) + w * w * (C4 + z * (C5 + z * C6));
  const half = 0.5 * z;
  const rest = 1 - half;
  return rest + (1 - rest - half + (z * r - x * tail));
}

/** sin(x + quarters pi / 2): x is brought to [-pi/4, pi/4] by subtracting a multiple of pi / 2 (Cody and Waite). */
function sinOfQuarters(x: number, quarters: number): number {
  const size = Math.abs(x);
  if (!(size < Infinity)) return NaN;
  if (size > LARGEST_ANGLE) {
    throw new CifraError(
      'angle-range',
      `sin and cos were given ${x}, but take angles up to ${LARGEST_ANGLE} radians in size.`,
      'Reduce the angle by whole turns before.',
    );
  }
  const n = Math.floor(x * INVERSE_HALF_PI + 0.5);
  let high = x - n * HALF_PI_1;
  let low = n * HALF_PI_1_TAIL;
  let reduced = high - low;
  // Where x lies near a multiple of pi / 2 most bits cancel, and further bits of pi / 2 are needed.
  if (Math.abs(reduced) < size * TWO_TO_MINUS_17) {
    const before = high;
    const product = n * HALF_PI_2;
    high = before - product;
    low = n * HALF_PI_2_TAIL - (before - high - product);
    reduced = high - low;
    if (Math.abs(reduced) < size * TWO_TO_MINUS_50) {
      const before = high;
      const product = n * HALF_PI_3;
      high = before - product;
      low = n * HALF_PI_3_TAIL - (before - high - product);
      reduced = high - low;
    }
  }
  const tail = high - reduced - low;
  switch ((n + quarters) & 3) {
    case 0:
      return sinReduced(reduced, tail);
    case 1:
      return cosReduced(reduced, tail);
    case 2:
      return -sinReduced(reduced, tail);
    default:
      return -cosReduced(reduced, tail);
  }
}

/**
 * The sine of `x` radians; NaN for NaN and the infinities.
 * @throws CifraError `angle-range` for finite |x| above 1.6e6
 */
export function sin(x: number): number {
  return sinOfQuarters(x, 0);
}

/**
 * The cosine of `x` radians; NaN for NaN and the infinities.
 * @throws CifraError `angle-range` for finite |x| above 1.6e6
 */
export function cos(x: number): number {
  return sinOfQuarters(x, 1);
}

// ------------------------------------------------------------------------------------------------------------ pow

const SQRT_3_HALVES = 1.224744871391589;
const SQRT_3 = 1.7320508075688772;
/** log2(1.5) in two parts. */
const LOG2_1_5_HIGH = 5.84962487220764160156e-1;
const LOG2_1_5_LOW = 1.35003920212974897128e-8;
/** 2 / (3 ln 2), and in two parts. */
const CP = 9.61796693925975554329e-1;
const CP_HIGH = 9.61796700954437255859e-1;
const CP_LOW = -7.02846165095275826516e-9;
const LN2 = 6.93147180559945286227e-1;
const LN2_21_BITS = 6.93147182464599609375e-1;
const LN2_21_BITS_REST = -1.90465429995776804525e-9;
/** 1024 less log2 of the largest finite number plus half a unit in its last place. */
const OVERFLOW_MARGIN = 8.008566259537294e-17;

const L1 = 5.99999999999994648725e-1;
const L2 = 4.28571428578550184252e-1;
const L3 = 3.33333329818377432918e-1;
const L4 = 2.72728123808534006489e-1;
const L5 = 2.30660745775561754067e-1;
const L6 = 2.06975017800338417784e-1;

/**
 * x^y, with the special values of ECMAScript's `Math.pow` (x^0 is 1 even for NaN; (+-1)^(+-Infinity) and x^NaN are NaN;
 * a negative x with a fractional y is NaN).
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  const size = Math.abs(x);
  if (Math.abs(y) === Infinity) {
    if (size === 1) return NaN;
    return size > 1 === y > 0 ? Infinity : 0;
  }
  const odd = Math.abs(y % 2) === 1;
  const sign = odd && (x < 0 || 1 / x < 0) ? -1 : 1;
  if (size === 0 || size === Infinity) return sign * (y > 0 ? size : 1 / size);
  if (x < 0 && Math.floor(y) !== y) return NaN;
  return size === 1 ? sign : sign * powPositive(size, y);
}

/**
 * 2^(y log2 x) for finite x > 0. The logarithm is held in two parts of together about 75 bits: with x = 2^n m, m near
 * the breakpoint b (1 or 1.5) and s = (m - b) / (m + b), it is n + log2(b) + 2 / (3 ln 2) s (3 + s^2 + R(s)).
 */
function powPositive(x: number, y: number): number {
  if (Math.abs(y) > 1.8e19) return x > 1 === y > 0 ? Infinity : 0;

  let n = 0;
  let word = highWord(x);
  if (word < 0x00100000) {
    n = -54;
    x *= TWO_54;
    word = highWord(x);
  }
  n += (word >> 20) - 1023;
  let m = withHighWord(x, (word & 0x000fffff) | 0x3ff00000);
  if (m >= SQRT_3) {
    m *= 0.5;
    n += 1;
  }
  const near1 = m < SQRT_3_HALVES;
  const b = near1 ? 1 : 1.5;

  const difference = m - b;
  const reciprocal = 1 / (m + b);
  const s = difference * reciprocal;
  const sHigh = leading(s);
  const sumHigh = leading(m + b);
  const sumLow = m - (sumHigh - b);
  const sLow = reciprocal * (difference - sHigh * sumHigh - sHigh * sumLow);
  const s2 = s * s;
  const r = s2 * s2 * (L1 + s2 * (L2 + s2 * (L3 + s2 * (L4 + s2 * (L5 + s2 * L6))))) + sLow * (sHigh + s);
  const sHigh2 = sHigh * sHigh;
  const seriesHigh = leading(3 + sHigh2 + r);
  const seriesLow = r - (seriesHigh - 3 - sHigh2);
  const u = sHigh * seriesHigh;
  const v = sLow * seriesHigh + seriesLow * s;
  const productHigh = leading(u + v);
  const productLow = v - (productHigh - u);
  const zHigh = CP_HIGH * productHigh;
  const zLow = CP_LOW * productHigh + productLow * CP + (near1 ? 0 : LOG2_1_5_LOW);
  const logB = near1 ? 0 : LOG2_1_5_HIGH;
  const logHigh = leading(zHigh + zLow + logB + n);
  const logLow = zLow - (logHigh - n - logB - zHigh);

  const yHigh = leading(y);
  const low = (y - yHigh) * logHigh + y * logLow;
  let high = yHigh * logHigh;
  const exponent = low + high;
  if (exponent > 1024 || (exponent === 1024 && low + OVERFLOW_MARGIN > exponent - high)) return Infinity;
  if (exponent < -1075 || (exponent === -1075 && low <= exponent - high)) return 0;

  const k = Math.floor(exponent + 0.5);
  high -= k;
  const fraction = leading(low + high);
  const rest = (low - (fraction - high)) * LN2 + fraction * LN2_21_BITS_REST;
  const natural = fraction * LN2_21_BITS + rest;
  const naturalRest = rest - (natural - fraction * LN2_21_BITS);
  return scale(1 + expm1Reduced(natural, -naturalRest), k);
}
