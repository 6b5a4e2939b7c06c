/**
 * Half precision: IEEE 754 binary16, 1 sign bit, 5 bits of exponent, 10 of mantissa. From 2^-24, the least subnormal, to
 * 65,504, with a relative error of at most 2^-11 where it is normal (from 2^-14).
 */

/** The largest finite half. */
export const LARGEST_HALF = 65504;

const value = new Float32Array(1);
const bits = new Uint32Array(value.buffer);

/**
 * The 16 bits of the half that is nearest to a float32, of two the even one. Beyond the range it is infinity, as IEEE 754
 * has it (from 65,520 on); NaN stays NaN.
 */
export function halfFromFloat(x: number): number {
  value[0] = x;
  const float = bits[0]!;
  const sign = (float >>> 16) & 0x8000;
  const exponent = (float >>> 23) & 0xff;
  const mantissa = float & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200);
  // A mantissa that is rounded up to the next power of two carries into the exponent: the next half all the same.
  if (exponent > 112) {
    return sign | Math.min(0x7c00, ((exponent - 112) << 10) + shiftedToNearest(mantissa, 13));
  }
  // Subnormal halves count in steps of 2^-24, and so does what rounds to the least normal one.
  return sign | (exponent < 102 ? 0 : shiftedToNearest(mantissa | 0x800000, 126 - exponent));
}

/** The number that 16 bits stand for: exactly, since every half is a float32. */
export function floatFromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return (sign * mantissa) / 2 ** 24;
  bits[0] = ((exponent + 112) << 23) | (mantissa << 13);
  return sign * value[0]!;
}

/** `x` / 2^`shift` to the nearest whole number, of two the even one; `shift` from 1 to 24. */
function shiftedToNearest(x: number, shift: number): number {
  const whole = x >>> shift;
  const rest = x & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  return whole + (rest > middle || (rest === middle && (whole & 1) === 1) ? 1 : 0);
}
