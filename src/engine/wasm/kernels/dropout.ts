// Inverted dropout with masks from Philox4x32-10 (see src/numeric/philox.ts): the word of element i is word i mod 4 at
// counter (i / 4, step, layer, purpose), so any thread can make any part, and backward makes the same mask again.
// Whole groups of 16 elements take four counters at a time, one in each lane.
import { address } from './vector';

// @ts-ignore: decorator
@inline function low(product: u64): u32 { return <u32>product; }
// @ts-ignore: decorator
@inline function high(product: u64): u32 { return <u32>(product >> 32); }

/** The low and the high halves of the products of four pairs. */
// @ts-ignore: decorator
@inline function lowHalves(a: v128, b: v128): v128 { return i32x4.mul(a, b); }
// @ts-ignore: decorator
@inline function highHalves(a: v128, b: v128): v128 {
  return i32x4.shuffle(i64x2.extmul_low_i32x4_u(a, b), i64x2.extmul_high_i32x4_u(a, b), 1, 3, 5, 7);
}

/** Unit: a row of C values. random: u32 (seed low, seed high, step). y = x * scale where the word is at least rate * 2^32. */
export function dropout(begin: i32, end: i32, rows: i32, x: usize, random: usize, y: usize, rate: f64, scale: f32, stream: u32, purpose: u32, C: i32): void {
  const first = begin * C;
  const last = end * C;
  let i = first;
  if (C % 16 == 0) {
    const threshold = i32x4.splat(<u32>Math.min(Math.ceil(rate * 4294967296.0), 4294967295.0));
    for (; i < last; i += 16) fourCounters(i, x, random, y, threshold, f32x4.splat(scale), stream, purpose);
  }
  const seed0 = load<u32>(random), seed1 = load<u32>(random, 4), step = load<u32>(random, 8);
  for (let block = i >> 2; block << 2 < last; block++) {
    let c0 = <u32>block, c1 = step, c2 = stream, c3 = purpose, k0 = seed0, k1 = seed1;
    for (let round = 0; round < 10; round++) {
      const p0 = <u64>0xd2511f53 * <u64>c0, p1 = <u64>0xcd9e8d57 * <u64>c2;
      c0 = high(p1) ^ c1 ^ k0; c1 = low(p1);
      c2 = high(p0) ^ c3 ^ k1; c3 = low(p0);
      k0 += 0x9e3779b9; k1 += 0xbb67ae85;
    }
    for (let lane = 0; lane < 4; lane++) {
      const at = (block << 2) + lane;
      if (at < first || at >= last) continue;
      const word = lane < 2 ? (lane == 0 ? c0 : c1) : lane == 2 ? c2 : c3;
      f32.store(address(y, at), <f64>word >= rate * 4294967296.0 ? f32.load(address(x, at)) * scale : 0);
    }
  }
}

/** The 16 elements from i, a multiple of 16. */
// @ts-ignore: decorator
@inline function fourCounters(i: i32, x: usize, random: usize, y: usize, threshold: v128, scale: v128, stream: u32, purpose: u32): void {
  const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
  let c0 = i32x4.add(i32x4.splat(i >> 2), i32x4(0, 1, 2, 3)), c1 = v128.load32_splat(random, 8);
  let c2 = i32x4.splat(stream), c3 = i32x4.splat(purpose);
  let k0 = v128.load32_splat(random), k1 = v128.load32_splat(random, 4);
  for (let round = 0; round < 10; round++) {
    const high0 = highHalves(c0, m0), low0 = lowHalves(c0, m0), high1 = highHalves(c2, m1), low1 = lowHalves(c2, m1);
    c0 = v128.xor(v128.xor(high1, c1), k0); c1 = low1;
    c2 = v128.xor(v128.xor(high0, c3), k1); c3 = low0;
    k0 = i32x4.add(k0, i32x4.splat(0x9e3779b9)); k1 = i32x4.add(k1, i32x4.splat(0xbb67ae85));
  }
  // From words by lanes of counters to counters by lanes of words.
  const a = i32x4.shuffle(c0, c1, 0, 4, 1, 5), b = i32x4.shuffle(c2, c3, 0, 4, 1, 5);
  const c = i32x4.shuffle(c0, c1, 2, 6, 3, 7), d = i32x4.shuffle(c2, c3, 2, 6, 3, 7);
  const p = address(x, i), q = address(y, i);
  keep(p, q, i32x4.shuffle(a, b, 0, 1, 4, 5), threshold, scale);
  keep(p + 16, q + 16, i32x4.shuffle(a, b, 2, 3, 6, 7), threshold, scale);
  keep(p + 32, q + 32, i32x4.shuffle(c, d, 0, 1, 4, 5), threshold, scale);
  keep(p + 48, q + 48, i32x4.shuffle(c, d, 2, 3, 6, 7), threshold, scale);
}

// @ts-ignore: decorator
@inline function keep(p: usize, q: usize, words: v128, threshold: v128, scale: v128): void {
  v128.store(q, v128.and(i32x4.ge_u(words, threshold), f32x4.mul(v128.load(p), scale)));
}
