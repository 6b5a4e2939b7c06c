// Random numbers of an image's own: Philox4x32-10 (see src/numeric/philox.ts), whose counters are (block, b, a, purpose).
import { LANES, address, storeLanes } from './vector';

/**
 * y[n, i] = amplitude * (2 u - 1), u the upper 24 bits of word i of row n's stream, over 2^24. Unit: a row of C values.
 * keys: u32 [N, 4], (seed low, seed high, a, b).
 */
export function randomUniform(begin: i32, end: i32, rows: i32, keys: usize, y: usize, amplitude: f32, purpose: u32, C: i32): void {
  const scale = f32x4.splat(1.1920928955078125e-7); // 2^-23
  for (let n = begin; n < end; n++) {
    const key = address(keys, n * 4);
    const seed0 = load<u32>(key), seed1 = load<u32>(key, 4), a = load<u32>(key, 8), b = load<u32>(key, 12);
    for (let i = 0; i < C; i += LANES) {
      let c0 = <u32>(i >> 2), c1 = b, c2 = a, c3 = purpose, k0 = seed0, k1 = seed1;
      for (let round = 0; round < 10; round++) {
        const p0 = <u64>0xd2511f53 * <u64>c0, p1 = <u64>0xcd9e8d57 * <u64>c2;
        c0 = <u32>(p1 >> 32) ^ c1 ^ k0; c1 = <u32>p1;
        c2 = <u32>(p0 >> 32) ^ c3 ^ k1; c3 = <u32>p0;
        k0 += 0x9e3779b9; k1 += 0xbb67ae85;
      }
      const words = i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(c0), 1, c1), 2, c2), 3, c3);
      const v = f32x4.sub(f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), scale), f32x4.splat(1));
      storeLanes(address(y, n * C + i), f32x4.mul(v, f32x4.splat(amplitude)), C - i);
    }
  }
}
