// Matrix product C[M, N] = A[M, K] B[K, N] (+ bias, ReLU).
//
// B is packed into panels of 8 columns first: packed[N/8][K][8], zeros beyond N. Then, per panel and 4 rows of A:
//
//   for k: c[0..3][0..7] += A[row 0..3][k] * panel[k][0..7]
//
// Registers: 8 accumulators (4 rows x 2 vectors), 2 of the panel, 1 splat of A: 11 of the 16 there are; larger tiles
// spill under V8. A is read in place, by a stride per row and a stride per k, so a transposed A costs nothing. Every
// element of C is summed over k in ascending order, whatever tile it lies in.
import { address, multiplyAdd, storeLanes, zero } from './vector';

/** Unit: a panel. B[k, n] is at b + k * kStride + n * nStride (in floats). K = 0 stands for the rows in use. */
export function matmulPack(begin: i32, end: i32, rows: i32, b: usize, packed: usize, K: i32, N: i32, kStride: i32, nStride: i32, capacityK: i32): void {
  const depth = K == 0 ? rows : K;
  for (let panel = begin; panel < end; panel++) {
    const n0 = panel << 3;
    const columns = min(8, N - n0);
    let q = address(packed, panel * capacityK * 8);
    let p = address(b, n0 * nStride);
    if (columns == 8 && nStride == 1) {
      for (let k = 0; k < depth; k++, p += <usize>kStride << 2, q += 32) {
        v128.store(q, v128.load(p));
        v128.store(q, v128.load(p, 16), 16);
      }
    } else {
      for (let k = 0; k < depth; k++, p += <usize>kStride << 2, q += 32) {
        for (let n = 0; n < columns; n++) f32.store(address(q, n), f32.load(address(p, n * nStride)));
        for (let n = columns; n < 8; n++) f32.store(address(q, n), 0);
      }
    }
  }
}

/**
 * Unit: 32 rows of one panel (unit = panel * groups + group). A[m, k] is at a + m * mStride + k * kStride (in floats).
 * M = 0 or K = 0 stands for the rows in use. bias = 0: none.
 */
export function matmul(
  begin: i32, end: i32, rows: i32,
  a: usize, packed: usize, bias: usize, c: usize, M: i32, K: i32, N: i32, mStride: i32, kStride: i32, capacityK: i32, relu: i32,
): void {
  const height = M == 0 ? rows : M;
  const depth = K == 0 ? rows : K;
  const groups = (height + 31) >> 5;
  const step = <usize>kStride << 2;
  const stride = <usize>mStride << 2;
  for (let unit = begin; unit < end; unit++) {
    const panel = unit / groups;
    const n0 = panel << 3;
    const columns = min(8, N - n0);
    const first = (unit - panel * groups) << 5;
    const last = min(first + 32, height);
    const panelBase = address(packed, panel * capacityK * 8);
    let bias0 = zero(), bias1 = zero();
    if (bias != 0) {
      // Reads up to 7 floats beyond the bias: those lanes are never stored.
      bias0 = v128.load(address(bias, n0));
      bias1 = v128.load(address(bias, n0), 16);
    }
    for (let m = first; m < last; m += 4) {
      const valid = min(4, last - m);
      let a0 = a + <usize>m * stride;
      let a1 = valid > 1 ? a0 + stride : a0;
      let a2 = valid > 2 ? a1 + stride : a0;
      let a3 = valid > 3 ? a2 + stride : a0;
      let b = panelBase;
      const bEnd = b + (<usize>depth << 5);
      let c00 = bias0, c01 = bias1, c10 = bias0, c11 = bias1, c20 = bias0, c21 = bias1, c30 = bias0, c31 = bias1;
      while (b < bEnd) {
        const b0 = v128.load(b), b1 = v128.load(b, 16);
        let s = v128.load32_splat(a0); c00 = multiplyAdd(s, b0, c00); c01 = multiplyAdd(s, b1, c01);
        s = v128.load32_splat(a1); c10 = multiplyAdd(s, b0, c10); c11 = multiplyAdd(s, b1, c11);
        s = v128.load32_splat(a2); c20 = multiplyAdd(s, b0, c20); c21 = multiplyAdd(s, b1, c21);
        s = v128.load32_splat(a3); c30 = multiplyAdd(s, b0, c30); c31 = multiplyAdd(s, b1, c31);
        a0 += step; a1 += step; a2 += step; a3 += step; b += 32;
      }
      if (relu) {
        const z = zero();
        c00 = f32x4.max(c00, z); c01 = f32x4.max(c01, z); c10 = f32x4.max(c10, z); c11 = f32x4.max(c11, z);
        c20 = f32x4.max(c20, z); c21 = f32x4.max(c21, z); c30 = f32x4.max(c30, z); c31 = f32x4.max(c31, z);
      }
      let q = address(c, m * N + n0);
      const row = <usize>N << 2;
      storeRow(q, c00, c01, columns);
      if (valid > 1) { q += row; storeRow(q, c10, c11, columns); }
      if (valid > 2) { q += row; storeRow(q, c20, c21, columns); }
      if (valid > 3) { q += row; storeRow(q, c30, c31, columns); }
    }
  }
}

// @ts-ignore: decorator
@inline export function storeRow(q: usize, low: v128, high: v128, columns: i32): void {
  if (columns == 8) {
    v128.store(q, low);
    v128.store(q, high, 16);
  } else {
    storeLanes(q, low, columns);
    if (columns > 4) storeLanes(q + 16, high, columns - 4);
  }
}
