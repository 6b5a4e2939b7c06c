// Direct convolution, channels last, as matrix products over memory that is never copied.
//
// In an image [H, W, C] the kw * C values under one row of the window lie side by side, so the patch of an output
// pixel is kh runs of kw * C floats, W * C apart, and neighbouring pixels' patches overlap in memory. The register tile
// is matmul's: 4 output pixels x 8 output channels. Padding is a copy made before (pad2d), strides are in the pointers.
import { address, multiplyAdd, storeLanes, zero } from './vector';
import { storeRow } from './matmul';

/** Unit: an image. Copies x [H, W, C] into the middle of zeros, y [top + H + bottom, left + W + right, C]. */
export function pad2d(begin: i32, end: i32, rows: i32, x: usize, y: usize, H: i32, W: i32, C: i32, top: i32, bottom: i32, left: i32, right: i32): void {
  const wide = W + left + right;
  const high = H + top + bottom;
  for (let n = begin; n < end; n++) {
    const q = address(y, n * high * wide * C);
    memory.fill(q, 0, <usize>(high * wide * C) << 2);
    for (let i = 0; i < H; i++) {
      memory.copy(address(q, ((i + top) * wide + left) * C), address(x, (n * H + i) * W * C), <usize>(W * C) << 2);
    }
  }
}

/** Unit: an image. The middle of y [top + H + bottom, left + W + right, C], to x [H, W, C]. */
export function crop2d(begin: i32, end: i32, rows: i32, y: usize, x: usize, H: i32, W: i32, C: i32, top: i32, bottom: i32, left: i32, right: i32): void {
  const wide = W + left + right;
  const high = H + top + bottom;
  for (let n = begin; n < end; n++) {
    for (let i = 0; i < H; i++) {
      memory.copy(address(x, (n * H + i) * W * C), address(y, ((n * high + i + top) * wide + left) * C), <usize>(W * C) << 2);
    }
  }
}

// @ts-ignore: decorator
@inline function pixel(base: usize, p: i32, OW: i32, rowStep: usize, columnStep: usize): usize {
  const i = p / OW;
  return base + <usize>i * rowStep + <usize>(p - i * OW) * columnStep;
}

/**
 * y = conv(x, kernel) + bias, ReLU if relu. Unit: an image.
 * The kernel is packed by matmulPack as a [kh * kw * C, O] matrix: packed[O/8][kh * kw * C][8].
 *
 *   for panel of 8 output channels        its kh * kw * C x 8 weights stay in the first cache
 *     for tile of 4 output pixels
 *       for u < kh, r < kw * C: c[0..3][0..7] += x[pixel 0..3][u][r] * packed[panel][u][r][0..7]
 */
export function conv2d(
  begin: i32, end: i32, rows: i32,
  x: usize, packed: usize, bias: usize, y: usize,
  H: i32, W: i32, C: i32, OH: i32, OW: i32, O: i32, kh: i32, kw: i32, sh: i32, sw: i32, relu: i32,
): void {
  const pixels = OH * OW;
  const tiles = (pixels + 3) >> 2;
  const run = <usize>(kw * C) << 2;
  const line = <usize>(W * C) << 2;
  const rowStep = line * <usize>sh;
  const columnStep = <usize>(sw * C) << 2;
  const row = <usize>O << 2;
  const panels = (O + 7) >> 3;
  const panelSize = <usize>(kh * kw * C) << 5;
  for (let n = begin; n < end; n++) {
    const image = address(x, n * H * W * C);
    const out = address(y, n * pixels * O);
    for (let panel = 0; panel < panels; panel++) {
      const columns = min(8, O - (panel << 3));
      let bias0 = zero(), bias1 = zero();
      if (bias != 0) {
        // Reads up to 7 floats beyond the bias: those lanes are never stored.
        bias0 = v128.load(bias + (<usize>panel << 5));
        bias1 = v128.load(bias + (<usize>panel << 5), 16);
      }
      for (let tile = 0; tile < tiles; tile++) {
        const p = tile << 2;
        const valid = min(4, pixels - p);
        let a0 = pixel(image, p, OW, rowStep, columnStep);
        let a1 = valid > 1 ? pixel(image, p + 1, OW, rowStep, columnStep) : a0;
        let a2 = valid > 2 ? pixel(image, p + 2, OW, rowStep, columnStep) : a0;
        let a3 = valid > 3 ? pixel(image, p + 3, OW, rowStep, columnStep) : a0;
        let b = packed + <usize>panel * panelSize;
        let c00 = bias0, c01 = bias1, c10 = bias0, c11 = bias1, c20 = bias0, c21 = bias1, c30 = bias0, c31 = bias1;
        for (let u = 0; u < kh; u++) {
          const aEnd = a0 + run;
          do {
            const b0 = v128.load(b), b1 = v128.load(b, 16);
            let s = v128.load32_splat(a0); c00 = multiplyAdd(s, b0, c00); c01 = multiplyAdd(s, b1, c01);
            s = v128.load32_splat(a1); c10 = multiplyAdd(s, b0, c10); c11 = multiplyAdd(s, b1, c11);
            s = v128.load32_splat(a2); c20 = multiplyAdd(s, b0, c20); c21 = multiplyAdd(s, b1, c21);
            s = v128.load32_splat(a3); c30 = multiplyAdd(s, b0, c30); c31 = multiplyAdd(s, b1, c31);
            a0 += 4; a1 += 4; a2 += 4; a3 += 4; b += 32;
          } while (a0 < aEnd);
          const skip = line - run;
          a0 += skip; a1 += skip; a2 += skip; a3 += skip;
        }
        if (relu) {
          const z = zero();
          c00 = f32x4.max(c00, z); c01 = f32x4.max(c01, z); c10 = f32x4.max(c10, z); c11 = f32x4.max(c11, z);
          c20 = f32x4.max(c20, z); c21 = f32x4.max(c21, z); c30 = f32x4.max(c30, z); c31 = f32x4.max(c31, z);
        }
        let q = out + <usize>p * row + (<usize>panel << 5);
        storeRow(q, c00, c01, columns);
        if (valid > 1) { q += row; storeRow(q, c10, c11, columns); }
        if (valid > 2) { q += row; storeRow(q, c20, c21, columns); }
        if (valid > 3) { q += row; storeRow(q, c30, c31, columns); }
      }
    }
  }
}

/**
 * Unit: a panel of one tap (unit = tap * panels + panel). The kernel [kh * kw, C, O] with its last two axes exchanged,
 * in panels of 8 input channels: packed[kh * kw][C/8][O][8], zeros beyond C.
 */
export function conv2dPackTransposed(begin: i32, end: i32, rows: i32, kernel: usize, packed: usize, C: i32, O: i32): void {
  const panels = (C + 7) >> 3;
  for (let unit = begin; unit < end; unit++) {
    const tap = unit / panels;
    const c0 = (unit - tap * panels) << 3;
    const columns = min(8, C - c0);
    let q = address(packed, unit * O * 8);
    for (let o = 0; o < O; o++, q += 32) {
      const p = address(kernel, (tap * C + c0) * O + o);
      for (let c = 0; c < columns; c++) f32.store(address(q, c), f32.load(address(p, c * O)));
      for (let c = columns; c < 8; c++) f32.store(address(q, c), 0);
    }
  }
}

/**
 * dx: every output pixel's gradient, times the transposed kernel, added where its patch was. Unit: an image.
 *
 *   dx = 0
 *   for tap (u, v), panel of 8 input channels, tile of 4 output pixels
 *     c = dx[pixels shifted by the tap][panel]; for o < O: c[0..3][0..7] += dy[pixel 0..3][o] * packed[tap][panel][o][0..7]
 *     dx[...] = c
 *
 * As many multiply-adds as forward; a convolution with padded dy would take up to half as many again.
 */
export function conv2dInputGradient(
  begin: i32, end: i32, rows: i32,
  dy: usize, packed: usize, dx: usize,
  H: i32, W: i32, C: i32, OH: i32, OW: i32, O: i32, kh: i32, kw: i32, sh: i32, sw: i32,
): void {
  const pixels = OH * OW;
  const depth = <usize>O << 2;
  const line = <usize>(W * C) << 2;
  const rowStep = line * <usize>sh;
  const columnStep = <usize>(sw * C) << 2;
  const panels = (C + 7) >> 3;
  const panelSize = <usize>O << 5;
  for (let n = begin; n < end; n++) {
    const image = address(dx, n * H * W * C);
    memory.fill(image, 0, <usize>H * line);
    const source = address(dy, n * pixels * O);
    let panelBase = packed;
    for (let u = 0; u < kh; u++) for (let v = 0; v < kw; v++) for (let panel = 0; panel < panels; panel++) {
      const columns = min(8, C - (panel << 3));
      const target = image + <usize>u * line + (<usize>(v * C) << 2) + (<usize>panel << 5);
      for (let p = 0; p < pixels; p += 4) {
        const valid = min(4, pixels - p);
        const q0 = pixel(target, p, OW, rowStep, columnStep);
        const q1 = valid > 1 ? pixel(target, p + 1, OW, rowStep, columnStep) : q0;
        const q2 = valid > 2 ? pixel(target, p + 2, OW, rowStep, columnStep) : q0;
        const q3 = valid > 3 ? pixel(target, p + 3, OW, rowStep, columnStep) : q0;
        // Partial panels read beyond their channels; those lanes are never stored.
        let c00 = v128.load(q0), c01 = v128.load(q0, 16), c10 = v128.load(q1), c11 = v128.load(q1, 16);
        let c20 = v128.load(q2), c21 = v128.load(q2, 16), c30 = v128.load(q3), c31 = v128.load(q3, 16);
        let a0 = source + <usize>p * depth;
        let a1 = valid > 1 ? a0 + depth : a0;
        let a2 = valid > 2 ? a1 + depth : a0;
        let a3 = valid > 3 ? a2 + depth : a0;
        let b = panelBase;
        const aEnd = a0 + depth;
        do {
          const b0 = v128.load(b), b1 = v128.load(b, 16);
          let s = v128.load32_splat(a0); c00 = multiplyAdd(s, b0, c00); c01 = multiplyAdd(s, b1, c01);
          s = v128.load32_splat(a1); c10 = multiplyAdd(s, b0, c10); c11 = multiplyAdd(s, b1, c11);
          s = v128.load32_splat(a2); c20 = multiplyAdd(s, b0, c20); c21 = multiplyAdd(s, b1, c21);
          s = v128.load32_splat(a3); c30 = multiplyAdd(s, b0, c30); c31 = multiplyAdd(s, b1, c31);
          a0 += 4; a1 += 4; a2 += 4; a3 += 4; b += 32;
        } while (a0 < aEnd);
        storeRow(q0, c00, c01, columns);
        if (valid > 1) storeRow(q1, c10, c11, columns);
        if (valid > 2) storeRow(q2, c20, c21, columns);
        if (valid > 3) storeRow(q3, c30, c31, columns);
      }
      panelBase += panelSize;
    }
  }
}

/**
 * partial[group][m, o] = sum over the group's images and their output pixels of x[pixel's patch][m] * dy[pixel][o],
 * m = (u, v, c). Unit: an image; every `group` images have a partial [kh * kw * C][O] to which they are added in order.
 *
 *   for block of output rows                   x and dy of the block stay in the first cache
 *     for 4 rows m, panel of 8 output channels
 *       c = partial; for pixel of the block: c[0..3][0..7] += x[pixel][m 0..3] * dy[pixel][panel 0..7]
 */
export function conv2dKernelGradient(
  begin: i32, end: i32, rows: i32,
  x: usize, dy: usize, partial: usize,
  H: i32, W: i32, C: i32, OH: i32, OW: i32, O: i32, kh: i32, kw: i32, sh: i32, sw: i32, blockRows: i32, group: i32,
): void {
  const M = kh * kw * C;
  const run = kw * C;
  const line = <usize>(W * C) << 2;
  const columnStep = <usize>(sw * C) << 2;
  const row = <usize>O << 2;
  for (let n = begin; n < end; n++) {
    const image = address(x, n * H * W * C);
    const gradient = address(dy, n * OH * OW * O);
    const sum = address(partial, n / group * M * O);
    if (n % group == 0) memory.fill(sum, 0, <usize>M * row);
    for (let block = 0; block < OH; block += blockRows) {
      const blockEnd = min(block + blockRows, OH);
      for (let m = 0; m < M; m += 4) for (let n0 = 0; n0 < O; n0 += 8) {
        const columns = min(8, O - n0);
        const valid = min(4, M - m);
        const o0 = patch(m, run, line);
        const o1 = valid > 1 ? patch(m + 1, run, line) : o0;
        const o2 = valid > 2 ? patch(m + 2, run, line) : o0;
        const o3 = valid > 3 ? patch(m + 3, run, line) : o0;
        let c00 = zero(), c01 = zero(), c10 = zero(), c11 = zero(), c20 = zero(), c21 = zero(), c30 = zero(), c31 = zero();
        for (let i = block; i < blockEnd; i++) {
          const a = image + <usize>(i * sh) * line;
          let b = gradient + <usize>(i * OW) * row + (<usize>n0 << 2);
          let a0 = a + o0, a1 = a + o1, a2 = a + o2, a3 = a + o3;
          const bEnd = b + <usize>OW * row;
          do {
            const b0 = v128.load(b), b1 = v128.load(b, 16);
            let s = v128.load32_splat(a0); c00 = multiplyAdd(s, b0, c00); c01 = multiplyAdd(s, b1, c01);
            s = v128.load32_splat(a1); c10 = multiplyAdd(s, b0, c10); c11 = multiplyAdd(s, b1, c11);
            s = v128.load32_splat(a2); c20 = multiplyAdd(s, b0, c20); c21 = multiplyAdd(s, b1, c21);
            s = v128.load32_splat(a3); c30 = multiplyAdd(s, b0, c30); c31 = multiplyAdd(s, b1, c31);
            a0 += columnStep; a1 += columnStep; a2 += columnStep; a3 += columnStep; b += row;
          } while (b < bEnd);
        }
        let q = address(sum, m * O + n0);
        addRow(q, c00, c01, columns);
        if (valid > 1) { q += row; addRow(q, c10, c11, columns); }
        if (valid > 2) { q += row; addRow(q, c20, c21, columns); }
        if (valid > 3) { q += row; addRow(q, c30, c31, columns); }
      }
    }
  }
}

/** The byte offset of value m = (u, v, c) of a patch from the patch's first. */
// @ts-ignore: decorator
@inline function patch(m: i32, run: i32, line: usize): usize {
  const u = m / run;
  return <usize>u * line + (<usize>(m - u * run) << 2);
}

// @ts-ignore: decorator
@inline function addRow(q: usize, low: v128, high: v128, columns: i32): void {
  storeRow(q, f32x4.add(v128.load(q), low), f32x4.add(v128.load(q, 16), high), columns);
}
