// Winograd's convolution F(m x m, 3x3), channels last: 3x3 kernels at stride 1 with (m + 2)^2 products for m^2 outputs
// where the definition takes 9 m^2 (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
//
// The output is cut into tiles of m x m pixels, m = 4, 5 or 6; the input patch of a tile is n x n, n = m + 2, and overlaps
// its neighbours'. With the matrices A [m, n], B [n, n] and G [n, 3] of winogradTransforms.ts, per tile t and pair of
// channels:
//
//   V = B' x B        the patch                         [n * n][tiles][C]
//   U = G k G'        the kernel                        [n * n][C][O]
//   M = V U           for each of n * n frequencies     [n * n][tiles][O]
//   y = A' M A        the tile's output
//
// Backward is the adjoint, step by step, so no kernel is transformed twice and no border computed in vain:
//
//   dM = A dy A',  dV = dM U',  dx = B dV B' (patches overlap, and are added there),  dU = V' dM,  dk = G' dU G
//
// All of it happens for a few tiles at a time, so that V and M stay in the second cache (a workspace each thread has
// for itself). A slab, the matrix of one frequency, is 16 floats longer than it needs: strides of a power of two would put
// all of them in the same sets of the cache. C and O are multiples of 8.
import { address, multiplyAdd, zero } from './vector';
import {
  inputAdjointTile, inputTile, kernelAdjointTile, kernelTile, outputAdjointTile, outputTile, PASSES,
} from './winogradTransforms';

const SLAB_GAP: i32 = 16;

/** The n x n patch at row i0 and column j0 of an image, to q, with zeros where it lies beyond the image. */
function copyPatch(n: i32, image: usize, H: i32, W: i32, C: i32, i0: i32, j0: i32, q: usize): void {
  const depth = <usize>C << 2;
  memory.fill(q, 0, <usize>(n * n) * depth);
  const first = max(0, -j0), last = min(n, W - j0);
  if (first >= last) return;
  for (let i = max(0, -i0); i < min(n, H - i0); i++) {
    const source = address(image, ((i0 + i) * W + j0 + first) * C);
    memory.copy(q + <usize>(i * n + first) * depth, source, <usize>(last - first) * depth);
  }
}

/** V [n * n][count][C] of the tiles from `first`, counted through the batch. The space for a patch is before V. */
function inputTiles(
  tile: i32, x: usize, first: i32, count: i32, H: i32, W: i32, C: i32, top: i32, left: i32, across: i32, perImage: i32,
  v: usize, slab: usize, passes: usize,
): void {
  const n = tile + 2;
  const depth = <usize>C << 2, line = depth * <usize>W;
  const patch = v - <usize>(n * n) * depth;
  for (let t = first; t < first + count; t++, v += depth) {
    const at = t / perImage, within = t - at * perImage;
    const ty = within / across;
    const i = ty * tile - top, j = (within - ty * across) * tile - left;
    const image = address(x, at * H * W * C);
    if (i >= 0 && j >= 0 && i + n <= H && j + n <= W) {
      inputTile(tile, image + <usize>i * line + <usize>j * depth, line, depth, v, slab, passes);
    } else {
      copyPatch(n, image, H, W, C, i, j, patch);
      inputTile(tile, patch, <usize>n * depth, depth, v, slab, passes);
    }
  }
}

/** The rows of all slabs rounded up to a multiple of 4, those added filled with zeros. Gives their number. */
function completeRows(frequencies: i32, slabs: usize, slab: usize, count: i32, depth: usize): i32 {
  const padded = (count + 3) & ~3;
  let first = slabs + <usize>count * depth;
  for (let f = 0; f < frequencies; f++, first += slab) memory.fill(first, 0, <usize>(padded - count) * depth);
  return padded;
}

/**
 * c[f] = a[f] b[f] for all frequencies; a [f][count][depth], b packed [f][width/8][depth][8], c [f][count][width].
 * count is a multiple of 4. Registers as in matmul: 4x8 accumulators, 2 of b, 1 splat of a.
 */
function products(frequencies: i32, a: usize, slabA: usize, b: usize, c: usize, slabC: usize, count: i32, depth: i32, width: i32): void {
  const stride = <usize>depth << 2;
  const row = <usize>width << 2;
  for (let f = 0; f < frequencies; f++) {
    for (let panel: usize = 0; panel < row; panel += 32, b += stride << 3) {
      let p = a, q = c + panel;
      for (let t = 0; t < count; t += 4) {
        let a0 = p, a1 = a0 + stride, a2 = a1 + stride, a3 = a2 + stride, k = b;
        p = a3 + stride;
        let c00 = zero(), c01 = zero(), c10 = zero(), c11 = zero(), c20 = zero(), c21 = zero(), c30 = zero(), c31 = zero();
        do {
          const b0 = v128.load(k), b1 = v128.load(k, 16);
          let s = v128.load32_splat(a0); c00 = multiplyAdd(s, b0, c00); c01 = multiplyAdd(s, b1, c01);
          s = v128.load32_splat(a1); c10 = multiplyAdd(s, b0, c10); c11 = multiplyAdd(s, b1, c11);
          s = v128.load32_splat(a2); c20 = multiplyAdd(s, b0, c20); c21 = multiplyAdd(s, b1, c21);
          s = v128.load32_splat(a3); c30 = multiplyAdd(s, b0, c30); c31 = multiplyAdd(s, b1, c31);
          a0 += 4; a1 += 4; a2 += 4; a3 += 4; k += 32;
        } while (a3 < p);
        v128.store(q, c00); v128.store(q, c01, 16); q += row;
        v128.store(q, c10); v128.store(q, c11, 16); q += row;
        v128.store(q, c20); v128.store(q, c21, 16); q += row;
        v128.store(q, c30); v128.store(q, c31, 16); q += row;
      }
    }
    a += slabA; c += slabC;
  }
}

/** dU[:, f] (+)= V[f]' dM[f]; V [f][count][C], dM [f][count][O], dU [C][f][O]. Added to what is there unless `first`. */
function kernelProducts(frequencies: i32, v: usize, slabV: usize, m: usize, slabM: usize, u: usize, count: i32, C: i32, O: i32, first: bool): void {
  const depth = <usize>C << 2;
  const row = <usize>O << 2;
  const channel = <usize>frequencies * row;
  for (let f = 0; f < frequencies; f++, u += row) {
    let target = u;
    for (let c: usize = 0; c < depth; c += 16, target += channel << 2) {
      for (let o: usize = 0; o < row; o += 32) {
        const q0 = target + o, q1 = q0 + channel, q2 = q1 + channel, q3 = q2 + channel;
        let c00 = zero(), c01 = zero(), c10 = zero(), c11 = zero(), c20 = zero(), c21 = zero(), c30 = zero(), c31 = zero();
        if (!first) {
          c00 = v128.load(q0); c01 = v128.load(q0, 16); c10 = v128.load(q1); c11 = v128.load(q1, 16);
          c20 = v128.load(q2); c21 = v128.load(q2, 16); c30 = v128.load(q3); c31 = v128.load(q3, 16);
        }
        let a = v + c, b = m + o;
        const end = b + <usize>count * row;
        do {
          const b0 = v128.load(b), b1 = v128.load(b, 16);
          let s = v128.load32_splat(a); c00 = multiplyAdd(s, b0, c00); c01 = multiplyAdd(s, b1, c01);
          s = v128.load32_splat(a, 4); c10 = multiplyAdd(s, b0, c10); c11 = multiplyAdd(s, b1, c11);
          s = v128.load32_splat(a, 8); c20 = multiplyAdd(s, b0, c20); c21 = multiplyAdd(s, b1, c21);
          s = v128.load32_splat(a, 12); c30 = multiplyAdd(s, b0, c30); c31 = multiplyAdd(s, b1, c31);
          a += depth; b += row;
        } while (b < end);
        v128.store(q0, c00); v128.store(q0, c01, 16); v128.store(q1, c10); v128.store(q1, c11, 16);
        v128.store(q2, c20); v128.store(q2, c21, 16); v128.store(q3, c30); v128.store(q3, c31, 16);
      }
    }
    v += slabV; m += slabM;
  }
}

/** Unit: an input channel c. U of a kernel [3, 3, C, O], packed for products as [n * n][O/8][C][8]. */
export function winogradKernel(begin: i32, end: i32, rows: i32, kernel: usize, packed: usize, workspace: usize, tile: i32, C: i32, O: i32): void {
  const tap = <usize>(C * O) << 2;
  const taps = workspace + PASSES;
  for (let c = begin; c < end; c++) {
    for (let o = 0; o < O; o += 4) {
      const p = address(kernel, c * O + o);
      for (let i: usize = 0; i < 9; i++) v128.store(taps + (i << 4), v128.load(p + i * tap));
      kernelTile(tile, taps, address(packed, ((o >> 3) * C + c) * 8 + (o & 4)), tap, workspace);
    }
  }
}

/** Unit: an output channel o. U with its channels exchanged, packed for products as [n * n][C/8][O][8]. */
export function winogradKernelTransposed(begin: i32, end: i32, rows: i32, kernel: usize, packed: usize, workspace: usize, tile: i32, C: i32, O: i32): void {
  const tap = <usize>(C * O) << 2;
  const taps = workspace + PASSES;
  for (let o = begin; o < end; o++) {
    for (let c = 0; c < C; c += 4) {
      const p = address(kernel, c * O + o);
      for (let i: usize = 0; i < 9; i++) v128.store(taps + (i << 4), channels(p + i * tap, O));
      kernelTile(tile, taps, address(packed, ((c >> 3) * O + o) * 8 + (c & 4)), tap, workspace);
    }
  }
}

/** Four input channels of one output channel: floats O apart. */
// @ts-ignore: decorator
@inline function channels(p: usize, O: i32): v128 {
  let v = v128.load32_zero(p);
  v = f32x4.replace_lane(v, 1, f32.load(address(p, O)));
  v = f32x4.replace_lane(v, 2, f32.load(address(p, 2 * O)));
  return f32x4.replace_lane(v, 3, f32.load(address(p, 3 * O)));
}

/**
 * y = conv(x, kernel) + bias, ReLU if relu; `top` rows and `left` columns of zeros before x, and as many as needed after.
 * Unit: an image. At most `most` (a multiple of 4) tiles at a time. Workspace, in floats: 400 + n * n (C + C most + 16 +
 * O most + 16).
 */
export function winogradConv2d(
  begin: i32, end: i32, rows: i32,
  x: usize, packed: usize, bias: usize, y: usize, workspace: usize,
  tile: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, O: i32, top: i32, left: i32, most: i32, relu: i32,
): void {
  const frequencies = (tile + 2) * (tile + 2);
  const across = (OW + tile - 1) / tile;
  const perImage = (OH + tile - 1) / tile * across;
  const depth = <usize>C << 2;
  const outDepth = <usize>O << 2, outLine = outDepth * <usize>OW;
  const slabV = <usize>(most * C + SLAB_GAP) << 2;
  const slabM = <usize>(most * O + SLAB_GAP) << 2;
  const v = workspace + PASSES + <usize>frequencies * depth;
  const m = v + <usize>frequencies * slabV;
  const last = end * perImage;
  for (let first = begin * perImage; first < last; first += most) {
    const count = min(most, last - first);
    inputTiles(tile, x, first, count, H, W, C, top, left, across, perImage, v, slabV, workspace);
    const padded = completeRows(frequencies, v, slabV, count, depth);
    products(frequencies, v, slabV, packed, m, slabM, padded, C, O);
    for (let t = 0; t < count; t++) {
      const n = (first + t) / perImage, within = first + t - n * perImage;
      const ty = within / across;
      const i = ty * tile, j = (within - ty * across) * tile;
      const target = address(y, n * OH * OW * O) + <usize>i * outLine + <usize>j * outDepth;
      outputTile(
        tile, m + <usize>t * outDepth, slabM, bias, target, outLine, outDepth,
        min(tile, OH - i), min(tile, OW - j), relu, workspace,
      );
    }
  }
}

/**
 * dx (if there is `packed`) and dU (unless 0) of dy. Unit: an image, `perBlock` of them at a time; every `group` images
 * have a dU [C][n * n][O] to which they are added in their order. Workspace, in floats: 400 + n * n (C + C tiles + 16 +
 * O tiles + 16), where tiles are those of perBlock images, rounded up to a multiple of 4.
 */
export function winogradGradient(
  begin: i32, end: i32, rows: i32,
  x: usize, dy: usize, packed: usize, dx: usize, du: usize, workspace: usize,
  tile: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, O: i32, top: i32, left: i32, group: i32, perBlock: i32,
): void {
  const size = tile + 2;
  const frequencies = size * size;
  const across = (OW + tile - 1) / tile;
  const perImage = (OH + tile - 1) / tile * across;
  const depth = <usize>C << 2, line = depth * <usize>W;
  const outDepth = <usize>O << 2, outLine = outDepth * <usize>OW;
  const most = (perBlock * perImage + 3) & ~3;
  const slabV = <usize>(most * C + SLAB_GAP) << 2;
  const slabM = <usize>(most * O + SLAB_GAP) << 2;
  const v = workspace + PASSES + <usize>frequencies * depth;
  const m = v + <usize>frequencies * slabV;
  for (let n0 = begin; n0 < end;) {
    const images = min(perBlock, end - n0);
    const count = images * perImage;
    for (let t = 0; t < count; t++) {
      const n = t / perImage, within = t - n * perImage;
      const ty = within / across;
      const i = ty * tile, j = (within - ty * across) * tile;
      const source = address(dy, (n0 + n) * OH * OW * O) + <usize>i * outLine + <usize>j * outDepth;
      outputAdjointTile(
        tile, source, outLine, outDepth, min(tile, OH - i), min(tile, OW - j), m + <usize>t * outDepth, slabM, workspace,
      );
    }
    if (packed != 0) {
      const padded = completeRows(frequencies, m, slabM, count, outDepth);
      products(frequencies, m, slabM, packed, v, slabV, padded, O, C);
      for (let t = 0; t < count; t++) {
        const n = t / perImage, within = t - n * perImage;
        const ty = within / across;
        const i = ty * tile - top, j = (within - ty * across) * tile - left;
        const target = address(dx, (n0 + n) * H * W * C) + <usize>i * line + <usize>j * depth;
        inputAdjointTile(
          tile, v + <usize>t * depth, slabV, target, line, depth,
          max(0, -i), min(size, H - i), max(0, -j), min(size, W - j), i > -top ? 2 : 0, j > -left ? 2 : 0, workspace,
        );
      }
    }
    if (du != 0) {
      const at = n0 / group;
      inputTiles(tile, x, n0 * perImage, count, H, W, C, top, left, across, perImage, v, slabV, workspace);
      kernelProducts(
        frequencies, v, slabV, m, slabM, address(du, at * frequencies * C * O), count, C, O, n0 == at * group,
      );
    }
    n0 += images;
  }
}

/**
 * Unit: an input channel c. dk = G' (sum of dU) G, where every `group` images have a dU, summed in their order.
 * Workspace, in floats: n * n O.
 */
export function winogradKernelGradient(begin: i32, end: i32, rows: i32, du: usize, dk: usize, workspace: usize, tile: i32, C: i32, O: i32, group: i32): void {
  const slab = <usize>(C * O) << 2;
  const depth = <usize>O << 2;
  const length = <usize>((tile + 2) * (tile + 2)) * depth;
  const parts = (rows + group - 1) / group;
  for (let c = begin; c < end; c++) {
    let part = du + <usize>c * length;
    memory.copy(workspace, part, length);
    for (let i = 1; i < parts; i++) {
      part += <usize>C * length;
      for (let j: usize = 0; j < length; j += 32) {
        const q = workspace + j, p = part + j;
        v128.store(q, f32x4.add(v128.load(q), v128.load(p)));
        v128.store(q, f32x4.add(v128.load(q, 16), v128.load(p, 16)), 16);
      }
    }
    for (let o: usize = 0; o < depth; o += 16) kernelAdjointTile(tile, workspace + o, depth, address(dk, c * O) + o, slab);
  }
}
