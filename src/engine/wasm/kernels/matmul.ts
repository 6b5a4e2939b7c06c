// Matrix product C[M, N] = A[M, K] B[K, N] (+ bias, ReLU).
//
// B is packed into panels of 8 columns first: packed[N/8][K][8], zeros beyond N; rows of A in fours by the thread that
// needs them: [M/4][K][4], whether A is transposed or not. Then, per panel and 4 rows of A:
//
//   for k: c[0..3][0..7] += A[row 0..3][k] * panel[k][0..7]
//
// Registers: 8 accumulators (4 rows x 2 vectors), 2 of the panel, 1 splat of A: 11 of the 16 there are; larger tiles
// spill under V8, and so do unrolled loops. Every element of C is summed over k in ascending order, whatever tile it
// lies in.
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

/** Depth of A and B that is worked on at a time: 4 rows and a panel of it are 12 KB, which the first cache holds. */
const BLOCK_K: i32 = 256;

/**
 * Unit: 32 rows and 4 panels of C (unit = group of rows * groups of panels + group of panels). A[m, k] is at a +
 * m * mStride + k * kStride (in floats). M = 0 or K = 0 stands for the rows in use. bias = 0: none. Workspace: 32 K floats.
 */
export function matmul(
  begin: i32, end: i32, rows: i32,
  a: usize, packed: usize, bias: usize, c: usize, workspace: usize,
  M: i32, K: i32, N: i32, mStride: i32, kStride: i32, capacityK: i32, relu: i32,
): void {
  const height = M == 0 ? rows : M;
  const depth = K == 0 ? rows : K;
  const panels = (N + 7) >> 3;
  const across = (panels + 3) >> 2;
  const row = <usize>N << 2;
  let packedGroup = -1;
  for (let unit = begin; unit < end; unit++) {
    const group = unit / across;
    const first = group << 5;
    const last = min(first + 32, height);
    const whole = first + ((last - first) & ~3);
    const firstPanel = (unit - group * across) << 2;
    const lastPanel = min(firstPanel + 4, panels);
    if (packedGroup != group) {
      packRows(address(a, first * mStride), workspace, whole - first, depth, mStride, kStride);
      packedGroup = group;
    }
    for (let panel = firstPanel; panel < lastPanel; panel++) {
      const n0 = panel << 3;
      const columns = min(8, N - n0);
      const panelBase = address(packed, panel * capacityK * 8);
      for (let k0 = 0; k0 < depth; k0 += BLOCK_K) {
        const k1 = min(depth, k0 + BLOCK_K);
        const q = address(c, first * N + n0);
        const isFirst = k0 == 0;
        panelOfRows(
          (whole - first) >> 2, address(workspace, k0 * 4), <usize>depth << 4, panelBase + (<usize>k0 << 5),
          <usize>(k1 - k0) << 5, isFirst ? (bias != 0 ? address(bias, n0) : 0) : q, isFirst ? 0 : row, q, row, columns,
          relu & i32(k1 == depth),
        );
      }
    }
    for (let m = whole; m < last; m++) {
      rowOfPanels(
        address(a, m * mStride), <usize>kStride << 2, address(packed, firstPanel * capacityK * 8), <usize>capacityK << 5,
        depth, bias != 0 ? address(bias, firstPanel << 3) : 0, address(c, m * N + (firstPanel << 3)), N - (firstPanel << 3),
        lastPanel - firstPanel, relu,
      );
    }
  }
}

/** Rows of A in fours: packed[count/4][depth][4]. */
function packRows(a: usize, packed: usize, count: i32, depth: i32, mStride: i32, kStride: i32): void {
  const row = <usize>mStride << 2, step = <usize>kStride << 2;
  let q = packed;
  for (let m = 0; m < count; m += 4, q += <usize>depth << 4) {
    const p = a + <usize>m * row;
    if (kStride == 1) {
      packFour(p, p + row, p + 2 * row, p + 3 * row, q, depth);
    } else if (mStride == 1) {
      packNeighbours(p, step, q, depth);
    } else {
      let p0 = p, p1 = p0 + row, p2 = p1 + row, p3 = p2 + row, target = q;
      for (let k = 0; k < depth; k++, p0 += step, p1 += step, p2 += step, p3 += step, target += 16) {
        f32.store(target, f32.load(p0)); f32.store(target, f32.load(p1), 4);
        f32.store(target, f32.load(p2), 8); f32.store(target, f32.load(p3), 12);
      }
    }
  }
}

/** Four runs of `depth` floats, side by side: q[depth][4]. */
export function packFour(p0: usize, p1: usize, p2: usize, p3: usize, q: usize, depth: i32): void {
  let k = 0;
  for (; k + 4 <= depth; k += 4, p0 += 16, p1 += 16, p2 += 16, p3 += 16, q += 64) {
    const v0 = v128.load(p0), v1 = v128.load(p1), v2 = v128.load(p2), v3 = v128.load(p3);
    const a = i32x4.shuffle(v0, v1, 0, 4, 1, 5), b = i32x4.shuffle(v2, v3, 0, 4, 1, 5);
    const c = i32x4.shuffle(v0, v1, 2, 6, 3, 7), d = i32x4.shuffle(v2, v3, 2, 6, 3, 7);
    v128.store(q, i32x4.shuffle(a, b, 0, 1, 4, 5)); v128.store(q, i32x4.shuffle(a, b, 2, 3, 6, 7), 16);
    v128.store(q, i32x4.shuffle(c, d, 0, 1, 4, 5), 32); v128.store(q, i32x4.shuffle(c, d, 2, 3, 6, 7), 48);
  }
  for (; k < depth; k++, p0 += 4, p1 += 4, p2 += 4, p3 += 4, q += 16) {
    f32.store(q, f32.load(p0)); f32.store(q, f32.load(p1), 4); f32.store(q, f32.load(p2), 8); f32.store(q, f32.load(p3), 12);
  }
}

/** The same where the four are neighbours, and what follows is `step` bytes further. */
export function packNeighbours(p: usize, step: usize, q: usize, depth: i32): void {
  for (let k = 0; k < depth; k++, p += step, q += 16) v128.store(q, v128.load(p));
}

/**
 * `fours` times 4 rows of one panel, A packed [fours][depth][4] at p: from the values at `start` (rows `startRow` bytes
 * apart; 0 for one row that stands for all, such as the bias; no start: zeros), adds A B, and stores rows at q. `next`:
 * bytes from four rows of A to the next.
 */
export function panelOfRows(fours: i32, p: usize, next: usize, b: usize, length: usize, start: usize, startRow: usize, q: usize, row: usize, columns: i32, relu: i32): void {
  const z = zero();
  const end = b + length;
  for (let i = 0; i < fours; i++) {
    let c00 = z, c01 = z, c10 = z, c11 = z, c20 = z, c21 = z, c30 = z, c31 = z;
    if (start != 0) {
      // Reads up to 7 floats beyond the bias or the row: those lanes are never stored.
      c00 = v128.load(start); c01 = v128.load(start, 16); start += startRow;
      c10 = v128.load(start); c11 = v128.load(start, 16); start += startRow;
      c20 = v128.load(start); c21 = v128.load(start, 16); start += startRow;
      c30 = v128.load(start); c31 = v128.load(start, 16); start += startRow;
    }
    let k = b, r = p;
    while (k < end) {
      const b0 = v128.load(k), b1 = v128.load(k, 16);
      let s = v128.load32_splat(r); c00 = multiplyAdd(s, b0, c00); c01 = multiplyAdd(s, b1, c01);
      s = v128.load32_splat(r, 4); c10 = multiplyAdd(s, b0, c10); c11 = multiplyAdd(s, b1, c11);
      s = v128.load32_splat(r, 8); c20 = multiplyAdd(s, b0, c20); c21 = multiplyAdd(s, b1, c21);
      s = v128.load32_splat(r, 12); c30 = multiplyAdd(s, b0, c30); c31 = multiplyAdd(s, b1, c31);
      r += 16; k += 32;
    }
    if (relu) {
      c00 = f32x4.max(c00, z); c01 = f32x4.max(c01, z); c10 = f32x4.max(c10, z); c11 = f32x4.max(c11, z);
      c20 = f32x4.max(c20, z); c21 = f32x4.max(c21, z); c30 = f32x4.max(c30, z); c31 = f32x4.max(c31, z);
    }
    storeRow(q, c00, c01, columns); q += row;
    storeRow(q, c10, c11, columns); q += row;
    storeRow(q, c20, c21, columns); q += row;
    storeRow(q, c30, c31, columns); q += row;
    p += next;
  }
}

/** One row of up to 4 panels at once: sums enough that none waits for the one before. */
function rowOfPanels(a: usize, step: usize, b: usize, panel: usize, depth: i32, bias: usize, q: usize, columns: i32, panels: i32, relu: i32): void {
  const z = zero();
  let c0 = z, c1 = z, c2 = z, c3 = z, c4 = z, c5 = z, c6 = z, c7 = z;
  // Panels there are none of are read from the last one, and not stored.
  const p1 = panels > 1 ? panel : 0, p2 = panels > 2 ? p1 + panel : p1, p3 = panels > 3 ? p2 + panel : p2;
  if (bias != 0) {
    c0 = v128.load(bias); c1 = v128.load(bias, 16);
    if (panels > 1) { c2 = v128.load(bias, 32); c3 = v128.load(bias, 48); }
    if (panels > 2) { c4 = v128.load(bias, 64); c5 = v128.load(bias, 80); }
    if (panels > 3) { c6 = v128.load(bias, 96); c7 = v128.load(bias, 112); }
  }
  const end = b + (<usize>depth << 5);
  for (; b < end; b += 32, a += step) {
    const s = v128.load32_splat(a);
    c0 = multiplyAdd(s, v128.load(b), c0); c1 = multiplyAdd(s, v128.load(b, 16), c1);
    let p = b + p1; c2 = multiplyAdd(s, v128.load(p), c2); c3 = multiplyAdd(s, v128.load(p, 16), c3);
    p = b + p2; c4 = multiplyAdd(s, v128.load(p), c4); c5 = multiplyAdd(s, v128.load(p, 16), c5);
    p = b + p3; c6 = multiplyAdd(s, v128.load(p), c6); c7 = multiplyAdd(s, v128.load(p, 16), c7);
  }
  if (relu) {
    c0 = f32x4.max(c0, z); c1 = f32x4.max(c1, z); c2 = f32x4.max(c2, z); c3 = f32x4.max(c3, z);
    c4 = f32x4.max(c4, z); c5 = f32x4.max(c5, z); c6 = f32x4.max(c6, z); c7 = f32x4.max(c7, z);
  }
  storeRow(q, c0, c1, min(8, columns));
  if (panels > 1) storeRow(q + 32, c2, c3, min(8, columns - 8));
  if (panels > 2) storeRow(q + 64, c4, c5, min(8, columns - 16));
  if (panels > 3) storeRow(q + 96, c6, c7, min(8, columns - 24));
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
