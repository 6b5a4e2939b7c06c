// exp and log in f64, from operations that WebAssembly fixes exactly. The algorithms are those of
// src/numeric/exactMath.ts (fdlibm's); results are rounded to f32 by the kernels that use them.

/** e^x for any x; 0 below -708 (the f32 results are 0 there anyway). */
export function exp(x: f64): f64 {
  if (x != x) return x;
  if (x > 709) return Infinity;
  if (x < -708) return 0;
  const k = Math.floor(x * 1.4426950408889634 + 0.5);
  const high = x - k * 6.9314718036912381649e-1;
  const low = k * 1.90821492927058770002e-10;
  const r = high - low;
  const t = r * r;
  const c = r - t * (1.66666666666666019037e-1 + t * (-2.77777777770155933842e-3 + t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const power = reinterpret<f64>((<i64>k + 1023) << 52);
  return power * (1 + (high + ((r * c) / (2 - c) - low)));
}

/** The natural logarithm of a normal x > 0; NaN for NaN. */
export function log(x: f64): f64 {
  if (x != x || x == Infinity) return x;
  let word = reinterpret<i64>(x);
  // x = 2^k (1 + f) with 1 + f from sqrt(1/2) to sqrt(2).
  let k = <i32>(word >> 52) - 1023;
  let m = reinterpret<f64>((word & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) { m *= 0.5; k++; }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1))
    + z * (6.66666666666673513e-1 + w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return <f64>k * 6.9314718036912381649e-1 - ((half - (s * (half + r) + <f64>k * 1.90821492927058770002e-10)) - f);
}
