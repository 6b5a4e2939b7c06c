// Direct convolution, channels last, as matrix products: for every window but 3x3 at stride 1 with channels in eights
// (winograd.ts).
//
// In an image [H, W, C] the kw * C values under one row of the window lie side by side, so the patch of an output
// pixel is kh runs of kw * C floats, W * C apart. Patches are copied some pixels at a time, within the first caches, so
// that the products have one plain loop; the register tile is matmul's: 4 output pixels x 8 output channels. Padding is
// a copy made before (pad2d), strides are in the pointers.
import { address, multiplyAdd, storeLanes, zero } from './vector';
import { packFour, packNeighbours, panelOfRows, storeRow } from './matmul';

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

/**
 * Where the patch of each output pixel begins, in bytes from its image: an i32 each, and 3 more of the first pixel's, which
 * complete the last four.
 */
function patchOffsets(q: usize, OH: i32, OW: i32, rowStep: usize, columnStep: usize): void {
  for (let i = 0, line: usize = 0; i < OH; i++, line += rowStep) {
    for (let j = 0, offset = line; j < OW; j++, offset += columnStep, q += 4) store<u32>(q, <u32>offset);
  }
  v128.store(q, zero());
}

// @ts-ignore: decorator
@inline function patch(image: usize, offsets: usize, pixel: i32): usize { return image + <usize>load<u32>(address(offsets, pixel)); }

/** Pixels that are worked on at a time: their patches take about 64 kB at most. */
// @ts-ignore: decorator
@inline function pixelsAtOnce(depth: i32): i32 { return max(4, (16384 / depth) & ~3); }

/**
 * y = conv(x, kernel) + bias, ReLU if relu. Unit: an image. The kernel is packed by matmulPack as a [kh * kw * C, O]
 * matrix. Workspace, in floats: OH * OW + 4 + kh * kw * C * (pixels at once) + 32.
 *
 *   for block of output pixels                 their patches are packed, in fours: [pixels/4][kh * kw * C][4]
 *     for panel of 8 output channels           its weights stay in the first cache
 *       for 4 output pixels: c[0..3][0..7] += patch[r][0..3] * packed[panel][r][0..7] over r < kh * kw * C
 */
export function conv2d(
  begin: i32, end: i32, rows: i32,
  x: usize, packed: usize, bias: usize, y: usize, workspace: usize,
  H: i32, W: i32, C: i32, OH: i32, OW: i32, O: i32, kh: i32, kw: i32, sh: i32, sw: i32, relu: i32,
): void {
  const pixels = OH * OW;
  const depth = kh * kw * C;
  const atOnce = pixelsAtOnce(depth);
  const line = <usize>(W * C) << 2;
  const row = <usize>O << 2;
  const panelSize = <usize>depth << 5;
  const columnStep = <usize>(sw * C) << 2;
  const patches = address(workspace, pixels + 4);
  const rest = patches + (<usize>(depth * atOnce) << 2);
  patchOffsets(workspace, OH, OW, line * <usize>sh, columnStep);
  for (let n = begin; n < end; n++) {
    const image = address(x, n * H * W * C);
    const out = address(y, n * pixels * O);
    for (let first = 0; first < pixels; first += atOnce) {
      const last = min(pixels, first + atOnce);
      packPatches(image, workspace, patches, first, last, line, columnStep, kh, kw * C);
      let b = packed;
      for (let o = 0; o < O; o += 8, b += panelSize) {
        const columns = min(8, O - o);
        const start = bias != 0 ? address(bias, o) : 0;
        const q = out + <usize>first * row + (<usize>o << 2);
        const fours = (last - first) >> 2, left = (last - first) & 3;
        const next = <usize>depth << 4;
        panelOfRows(fours, patches, next, b, panelSize, start, 0, q, row, columns, relu);
        if (left > 0) {
          panelOfRows(1, patches + <usize>fours * next, next, b, panelSize, start, 0, rest, 32, 8, relu);
          for (let j = 0; j < left; j++) {
            const from = rest + (<usize>j << 5);
            storeRow(q + <usize>(fours * 4 + j) * row, v128.load(from), v128.load(from, 16), columns);
          }
        }
      }
    }
  }
}

/** The patches of the pixels from `first` to `last`, in fours: [pixels/4][kh * run][4]. */
function packPatches(image: usize, offsets: usize, q: usize, first: i32, last: i32, line: usize, columnStep: usize, kh: i32, run: i32): void {
  for (let i = first; i < last; i += 4) {
    let p0 = patch(image, offsets, i), p1 = patch(image, offsets, i + 1);
    let p2 = patch(image, offsets, i + 2), p3 = patch(image, offsets, i + 3);
    // Four pixels of a line, of one channel each, are neighbours.
    const neighbours = columnStep == 4 && p3 - p0 == 12;
    for (let u = 0; u < kh; u++, q += <usize>run << 4) {
      if (neighbours) packNeighbours(p0, 4, q, run);
      else packFour(p0, p1, p2, p3, q, run);
      p0 += line; p1 += line; p2 += line; p3 += line;
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
 * dx: every output pixel's gradient, times the transposed kernel, added where its patch was. Unit: an image. Workspace, in
 * floats: OH * OW + 4.
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
  dy: usize, packed: usize, dx: usize, workspace: usize,
  H: i32, W: i32, C: i32, OH: i32, OW: i32, O: i32, kh: i32, kw: i32, sh: i32, sw: i32,
): void {
  const pixels = OH * OW;
  const depth = <usize>O << 2;
  const line = <usize>(W * C) << 2;
  const panels = (C + 7) >> 3;
  const panelSize = <usize>O << 5;
  patchOffsets(workspace, OH, OW, line * <usize>sh, <usize>(sw * C) << 2);
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
        const q0 = patch(target, workspace, p), q1 = patch(target, workspace, p + 1);
        const q2 = patch(target, workspace, p + 2), q3 = patch(target, workspace, p + 3);
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
 * Workspace, in floats: OH * OW + 4 + kh * kw * C * (pixels at once) + 4.
 *
 *   for block of output pixels                   their patches are copied: [pixels][kh * kw * C]
 *     for 4 rows m, panel of 8 output channels
 *       c = 0; for pixel of the block: c[0..3][0..7] += patch[pixel][m 0..3] * dy[pixel][panel 0..7]
 *       partial += c
 *     for the rows m that are left, 4 panels: c[0..31] += patch[pixel][m] * dy[pixel][4 panels]
 */
export function conv2dKernelGradient(
  begin: i32, end: i32, rows: i32,
  x: usize, dy: usize, partial: usize, workspace: usize,
  H: i32, W: i32, C: i32, OH: i32, OW: i32, O: i32, kh: i32, kw: i32, sh: i32, sw: i32, group: i32,
): void {
  const pixels = OH * OW;
  const M = kh * kw * C;
  const atOnce = pixelsAtOnce(M);
  const line = <usize>(W * C) << 2;
  const row = <usize>O << 2, depth = <usize>M << 2;
  const patches = address(workspace, pixels + 4);
  patchOffsets(workspace, OH, OW, line * <usize>sh, <usize>(sw * C) << 2);
  for (let n = begin; n < end; n++) {
    const image = address(x, n * H * W * C);
    const gradient = address(dy, n * pixels * O);
    const sum = address(partial, n / group * M * O);
    if (n % group == 0) memory.fill(sum, 0, <usize>M * row);
    for (let first = 0; first < pixels; first += atOnce) {
      const count = min(pixels - first, atOnce);
      copyPatches(image, workspace, patches, first, count, line, kh, kw * C);
      const b = gradient + <usize>first * row, end = b + <usize>count * row;
      let m = 0;
      for (; m + 4 <= M; m += 4) for (let o = 0; o < O; o += 8) {
        fourTaps(address(patches, m), depth, address(b, o), end, row, address(sum, m * O + o), min(8, O - o));
      }
      for (; m < M; m++) for (let o = 0; o < O; o += 32) {
        oneTap(address(patches, m), depth, address(b, o), end, row, address(sum, m * O + o), O - o);
      }
    }
  }
}

/** The patches of `count` pixels, one behind the other, [kh * run] each. Writes up to 3 floats beyond them. */
function copyPatches(image: usize, offsets: usize, q: usize, first: i32, count: i32, line: usize, kh: i32, run: i32): void {
  const bytes = <usize>run << 2;
  for (let i = first; i < first + count; i++) {
    let p = patch(image, offsets, i);
    for (let u = 0; u < kh; u++, p += line, q += bytes) {
      // What the last vector writes too much is written over by what follows.
      let r: usize = 0;
      do { v128.store(q + r, v128.load(p + r)); r += 16; } while (r < bytes);
    }
  }
}

/** dKernel[m 0..3][panel] += sum over pixels; dy from b to end. Loads up to 7 floats beyond a pixel, which are not stored. */
function fourTaps(a: usize, depth: usize, b: usize, end: usize, row: usize, q: usize, columns: i32): void {
  let c00 = zero(), c01 = zero(), c10 = zero(), c11 = zero(), c20 = zero(), c21 = zero(), c30 = zero(), c31 = zero();
  do {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = v128.load32_splat(a); c00 = multiplyAdd(s, b0, c00); c01 = multiplyAdd(s, b1, c01);
    s = v128.load32_splat(a, 4); c10 = multiplyAdd(s, b0, c10); c11 = multiplyAdd(s, b1, c11);
    s = v128.load32_splat(a, 8); c20 = multiplyAdd(s, b0, c20); c21 = multiplyAdd(s, b1, c21);
    s = v128.load32_splat(a, 12); c30 = multiplyAdd(s, b0, c30); c31 = multiplyAdd(s, b1, c31);
    a += depth; b += row;
  } while (b < end);
  addRow(q, c00, c01, columns); q += row;
  addRow(q, c10, c11, columns); q += row;
  addRow(q, c20, c21, columns); q += row;
  addRow(q, c30, c31, columns);
}

/** dKernel[m][up to 32 channels] += sum over pixels. */
function oneTap(a: usize, depth: usize, b: usize, end: usize, row: usize, q: usize, columns: i32): void {
  if (columns < 32) {
    for (let o = 0; o < columns; o += 8) {
      let c0 = zero(), c1 = zero();
      for (let p = a, d = address(b, o); d < end; p += depth, d += row) {
        const s = v128.load32_splat(p);
        c0 = multiplyAdd(s, v128.load(d), c0); c1 = multiplyAdd(s, v128.load(d, 16), c1);
      }
      addRow(address(q, o), c0, c1, min(8, columns - o));
    }
    return;
  }
  let c0 = zero(), c1 = zero(), c2 = zero(), c3 = zero(), c4 = zero(), c5 = zero(), c6 = zero(), c7 = zero();
  do {
    const s = v128.load32_splat(a);
    c0 = multiplyAdd(s, v128.load(b), c0); c1 = multiplyAdd(s, v128.load(b, 16), c1);
    c2 = multiplyAdd(s, v128.load(b, 32), c2); c3 = multiplyAdd(s, v128.load(b, 48), c3);
    c4 = multiplyAdd(s, v128.load(b, 64), c4); c5 = multiplyAdd(s, v128.load(b, 80), c5);
    c6 = multiplyAdd(s, v128.load(b, 96), c6); c7 = multiplyAdd(s, v128.load(b, 112), c7);
    a += depth; b += row;
  } while (b < end);
  addRow(q, c0, c1, 8); addRow(q + 32, c2, c3, 8); addRow(q + 64, c4, c5, 8); addRow(q + 96, c6, c7, 8);
}

// @ts-ignore: decorator
@inline function addRow(q: usize, low: v128, high: v128, columns: i32): void {
  storeRow(q, f32x4.add(v128.load(q), low), f32x4.add(v128.load(q, 16), high), columns);
}
