// What every kernel shares.
//
// A kernel is called as kernel(begin, end, rows, ...arguments): this thread does the units from begin (included) to
// end (excluded) of a batch that has `rows` rows in use. What a unit is, is said at each kernel. Units never depend on
// one another, and what a unit computes never depends on how many threads share them: the bits are the same with one
// thread as with eight. Pointers are byte addresses of f32 unless said otherwise.
//
// Strict numerics: a product is rounded before it is added, in the order that is written here. The kernels are compiled
// a second time for relaxed numerics, where multiplyAdd is one instruction that rounds once, if the machine has it.
// No static data, globals or heap: every thread's instance would overwrite them in the shared memory.

export const LANES: i32 = 4;

// @ts-ignore: decorator
@inline export function zero(): v128 { return f32x4.splat(0); }

/** a * b + c. */
// @ts-ignore: decorator
@inline export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline export function address(base: usize, index: i32): usize { return base + (<usize>index << 2); }

/** The first `lanes` (1 to 4) lanes of v, to q. */
// @ts-ignore: decorator
@inline export function storeLanes(q: usize, v: v128, lanes: i32): void {
  if (lanes >= 4) { v128.store(q, v); return; }
  f32.store(q, f32x4.extract_lane(v, 0));
  if (lanes > 1) f32.store(q, f32x4.extract_lane(v, 1), 4);
  if (lanes > 2) f32.store(q, f32x4.extract_lane(v, 2), 8);
}

/** The first `lanes` (1 to 4) floats at p, zero in the others. */
// @ts-ignore: decorator
@inline export function loadLanes(p: usize, lanes: i32): v128 {
  if (lanes >= 4) return v128.load(p);
  let v = f32x4.replace_lane(zero(), 0, f32.load(p));
  if (lanes > 1) v = f32x4.replace_lane(v, 1, f32.load(p, 4));
  if (lanes > 2) v = f32x4.replace_lane(v, 2, f32.load(p, 8));
  return v;
}
