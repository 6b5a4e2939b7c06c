// Inverted dropout with masks from Philox4x32-10 (see src/numeric/philox.ts): the word of element i is word i mod 4 at
// counter (i / 4, step, layer, purpose), so any thread can make any part, and backward makes the same mask again.
import { address } from './vector';

// @ts-ignore: decorator
@inline function low(product: u64): u32 { return <u32>product; }
// @ts-ignore: decorator
@inline function high(product: u64): u32 { return <u32>(product >> 32); }

/** Unit: a row of C values. random: u32 (seed low, seed high, step). keep: rate * 2^32; y = x * scale where kept. */
export function dropout(begin: i32, end: i32, rows: i32, x: usize, random: usize, y: usize, rate: f64, scale: f32, stream: u32, purpose: u32, C: i32): void {
  const seed0 = load<u32>(random), seed1 = load<u32>(random, 4), step = load<u32>(random, 8);
  const threshold = rate * 4294967296.0;
  const first = begin * C;
  const last = end * C;
  for (let block = first >> 2; block << 2 < last; block++) {
    let c0 = <u32>block, c1 = step, c2 = stream, c3 = purpose, k0 = seed0, k1 = seed1;
    for (let round = 0; round < 10; round++) {
      const p0 = <u64>0xd2511f53 * <u64>c0, p1 = <u64>0xcd9e8d57 * <u64>c2;
      c0 = high(p1) ^ c1 ^ k0; c1 = low(p1);
      c2 = high(p0) ^ c3 ^ k1; c3 = low(p0);
      k0 += 0x9e3779b9; k1 += 0xbb67ae85;
    }
    for (let lane = 0; lane < 4; lane++) {
      const i = (block << 2) + lane;
      if (i < first || i >= last) continue;
      const word = lane < 2 ? (lane == 0 ? c0 : c1) : lane == 2 ? c2 : c3;
      f32.store(address(y, i), <f64>word >= threshold ? f32.load(address(x, i)) * scale : 0);
    }
  }
}
