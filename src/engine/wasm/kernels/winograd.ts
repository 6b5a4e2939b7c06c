// Winograd's convolution F(4x4, 3x3), channels last: 3x3 kernels at stride 1 with 36 products for 16 outputs where
// the definition takes 144 (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
//
// The output is cut into tiles of 4x4 pixels; the input patch of a tile is 6x6 and overlaps its neighbours'. With the
// matrices A [6, 4], B [6, 6] and G [6, 3], per tile t and pair of channels:
//
//   V = B' x B        the patch                    [36][tiles][C]
//   U = G k G'        the kernel                   [36][C][O]
//   M = V U           for each of 36 frequencies   [36][tiles][O]
//   y = A' M A        the tile's output
//
// Backward is the adjoint, step by step, so no kernel is transformed twice and no border computed in vain:
//
//   dM = A dy A',  dV = dM U',  dx += B dV B' (patches overlap),  dU = V' dM,  dk = G' dU G
//
// The matrices evaluate polynomials at 0, +-5/8, +-3/2 and infinity: constants that are exact in binary, and half the
// rounding error of the textbook's 0, +-1, +-2 (src/engine/wasm/winograd.test.ts measures it).
//
// All of it happens for a few tiles at a time, so that V and M stay in the second cache (a workspace each thread has
// for itself). The transforms work on 4 channels in a vector: one-dimensional passes over the columns, then the rows.
// A slab, the matrix of one frequency, is 16 floats longer than it needs: strides of a power of two would put all 36 in
// the same sets of the cache. C and O are multiples of 8.
import { address, multiplyAdd, zero } from './vector';

const A: f32 = 0.625;
const A2: f32 = 0.390625;
const A3: f32 = 0.244140625;
const B: f32 = 1.5;
const B2: f32 = 2.25;
const B3: f32 = 3.375;
const AABB: f32 = 0.87890625;
const AA_BB: f32 = 2.640625;
const AB2: f32 = 1.40625;
const A2B: f32 = 0.5859375;
// G: 1 / a^2 b^2, and {1, p, p^2} / 2 p^2 (p^2 - q^2) for p = a and p = b.
const G0: f32 = 1.0 / 0.87890625;
const GA0: f32 = 1.0 / (2.0 * 0.390625 * (0.390625 - 2.25));
const GA1: f32 = 0.625 / (2.0 * 0.390625 * (0.390625 - 2.25));
const GA2: f32 = 0.390625 / (2.0 * 0.390625 * (0.390625 - 2.25));
const GB0: f32 = 1.0 / (2.0 * 2.25 * (2.25 - 0.390625));
const GB1: f32 = 1.5 / (2.0 * 2.25 * (2.25 - 0.390625));
const GB2: f32 = 2.25 / (2.0 * 2.25 * (2.25 - 0.390625));

const SLAB_GAP: i32 = 16;
/** Bytes of the workspace for values between two passes: 36 vectors, and the 16 of a tile that is completed by zeros. */
const PASSES: usize = (36 + 16) * 16;
const COMPLETED: usize = 36 * 16;

// @ts-ignore: decorator
@inline function scale(s: f32, v: v128): v128 { return f32x4.mul(f32x4.splat(s), v); }
/** s * v + w. */
// @ts-ignore: decorator
@inline function plus(s: f32, v: v128, w: v128): v128 { return multiplyAdd(f32x4.splat(s), v, w); }

/** B' d: six values, `ps` bytes apart, to six. */
// @ts-ignore: decorator
@inline function inputPass(p: usize, ps: usize, q: usize, qs: usize): void {
  const d0 = v128.load(p), d1 = v128.load(p + ps), d2 = v128.load(p + 2 * ps);
  const d3 = v128.load(p + 3 * ps), d4 = v128.load(p + 4 * ps), d5 = v128.load(p + 5 * ps);
  v128.store(q, plus(AABB, d0, plus(-AA_BB, d2, d4)));
  let even = plus(-B2, d2, d4), odd = scale(A, plus(-B2, d1, d3));
  v128.store(q + qs, f32x4.add(even, odd));
  v128.store(q + 2 * qs, f32x4.sub(even, odd));
  even = plus(-A2, d2, d4); odd = scale(B, plus(-A2, d1, d3));
  v128.store(q + 3 * qs, f32x4.add(even, odd));
  v128.store(q + 4 * qs, f32x4.sub(even, odd));
  v128.store(q + 5 * qs, plus(AABB, d1, plus(-AA_BB, d3, d5)));
}

/** B t: the adjoint of inputPass. */
// @ts-ignore: decorator
@inline function inputAdjointPass(p: usize, ps: usize, q: usize, qs: usize): void {
  const t0 = v128.load(p), t1 = v128.load(p + ps), t2 = v128.load(p + 2 * ps);
  const t3 = v128.load(p + 3 * ps), t4 = v128.load(p + 4 * ps), t5 = v128.load(p + 5 * ps);
  const sa = f32x4.add(t1, t2), da = f32x4.sub(t1, t2), sb = f32x4.add(t3, t4), db = f32x4.sub(t3, t4);
  v128.store(q, scale(AABB, t0));
  v128.store(q + qs, plus(-AB2, da, plus(-A2B, db, scale(AABB, t5))));
  v128.store(q + 2 * qs, plus(-B2, sa, plus(-A2, sb, scale(-AA_BB, t0))));
  v128.store(q + 3 * qs, plus(A, da, plus(B, db, scale(-AA_BB, t5))));
  v128.store(q + 4 * qs, f32x4.add(f32x4.add(sa, sb), t0));
  v128.store(q + 5 * qs, t5);
}

/** A' m: six values to four. */
// @ts-ignore: decorator
@inline function outputPass(p: usize, ps: usize, q: usize, qs: usize): void {
  const m0 = v128.load(p), m1 = v128.load(p + ps), m2 = v128.load(p + 2 * ps);
  const m3 = v128.load(p + 3 * ps), m4 = v128.load(p + 4 * ps), m5 = v128.load(p + 5 * ps);
  const sa = f32x4.add(m1, m2), da = f32x4.sub(m1, m2), sb = f32x4.add(m3, m4), db = f32x4.sub(m3, m4);
  v128.store(q, f32x4.add(f32x4.add(sa, sb), m0));
  v128.store(q + qs, plus(A, da, scale(B, db)));
  v128.store(q + 2 * qs, plus(A2, sa, scale(B2, sb)));
  v128.store(q + 3 * qs, plus(A3, da, plus(B3, db, m5)));
}

/** A y: the adjoint of outputPass. */
// @ts-ignore: decorator
@inline function outputAdjointPass(p: usize, ps: usize, q: usize, qs: usize): void {
  const y0 = v128.load(p), y1 = v128.load(p + ps), y2 = v128.load(p + 2 * ps), y3 = v128.load(p + 3 * ps);
  v128.store(q, y0);
  let even = plus(A2, y2, y0), odd = plus(A3, y3, scale(A, y1));
  v128.store(q + qs, f32x4.add(even, odd));
  v128.store(q + 2 * qs, f32x4.sub(even, odd));
  even = plus(B2, y2, y0); odd = plus(B3, y3, scale(B, y1));
  v128.store(q + 3 * qs, f32x4.add(even, odd));
  v128.store(q + 4 * qs, f32x4.sub(even, odd));
  v128.store(q + 5 * qs, y3);
}

/** G k: three values to six. */
// @ts-ignore: decorator
@inline function kernelPass(k0: v128, k1: v128, k2: v128, q: usize, qs: usize): void {
  v128.store(q, scale(G0, k0));
  let even = plus(GA2, k2, scale(GA0, k0)), odd = scale(GA1, k1);
  v128.store(q + qs, f32x4.add(even, odd));
  v128.store(q + 2 * qs, f32x4.sub(even, odd));
  even = plus(GB2, k2, scale(GB0, k0)); odd = scale(GB1, k1);
  v128.store(q + 3 * qs, f32x4.add(even, odd));
  v128.store(q + 4 * qs, f32x4.sub(even, odd));
  v128.store(q + 5 * qs, k2);
}

/** G' u: the adjoint of kernelPass. */
// @ts-ignore: decorator
@inline function kernelAdjointPass(p: usize, ps: usize, q: usize, qs: usize): void {
  const u0 = v128.load(p), u1 = v128.load(p + ps), u2 = v128.load(p + 2 * ps);
  const u3 = v128.load(p + 3 * ps), u4 = v128.load(p + 4 * ps), u5 = v128.load(p + 5 * ps);
  const sa = f32x4.add(u1, u2), da = f32x4.sub(u1, u2), sb = f32x4.add(u3, u4), db = f32x4.sub(u3, u4);
  v128.store(q, plus(G0, u0, plus(GA0, sa, scale(GB0, sb))));
  v128.store(q + qs, plus(GA1, da, scale(GB1, db)));
  v128.store(q + 2 * qs, plus(GA2, sa, plus(GB2, sb, u5)));
}

/** V of one tile: its patch at p, pixels `depth` and lines `line` bytes apart. */
function inputTile(p: usize, line: usize, depth: usize, v: usize, slab: usize, passes: usize): void {
  for (let c: usize = 0; c < depth; c += 16) {
    for (let j: usize = 0; j < 6; j++) inputPass(p + c + j * depth, line, passes + (j << 4), 96);
    for (let i: usize = 0; i < 6; i++) inputPass(passes + i * 96, 16, v + c + i * 6 * slab, slab);
  }
}

/** Adds B dV B' of one tile to its patch at q: rows `top` to `bottom` and columns `left` to `right` of it. */
function inputAdjointTile(v: usize, slab: usize, q: usize, line: usize, depth: usize, top: i32, bottom: i32, left: i32, right: i32, passes: usize): void {
  for (let c: usize = 0; c < depth; c += 16) {
    for (let j: usize = 0; j < 6; j++) inputAdjointPass(v + c + j * slab, 6 * slab, passes + (j << 4), 96);
    for (let i = top; i < bottom; i++) {
      const row = passes + <usize>i * 96;
      const target = q + c + <usize>i * line;
      inputAdjointPass(row, 16, row, 16);
      for (let j = left; j < right; j++) {
        const pixel = target + <usize>j * depth;
        v128.store(pixel, f32x4.add(v128.load(pixel), v128.load(row + (<usize>j << 4))));
      }
    }
  }
}

/** A' M A + bias, ReLU if relu, of one tile: its first `high` rows and `wide` columns, at q. */
function outputTile(m: usize, slab: usize, bias: usize, q: usize, line: usize, depth: usize, high: i32, wide: i32, relu: i32, passes: usize): void {
  for (let o: usize = 0; o < depth; o += 16) {
    for (let j: usize = 0; j < 6; j++) outputPass(m + o + j * slab, 6 * slab, passes + (j << 4), 96);
    const b = bias != 0 ? v128.load(bias + o) : zero();
    for (let i = 0; i < high; i++) {
      const row = passes + <usize>i * 96;
      const target = q + o + <usize>i * line;
      outputPass(row, 16, row, 16);
      for (let j = 0; j < wide; j++) {
        let value = f32x4.add(v128.load(row + (<usize>j << 4)), b);
        if (relu) value = f32x4.max(value, zero());
        v128.store(target + <usize>j * depth, value);
      }
    }
  }
}

/** dM = A dy A' of one tile: the first `high` rows and `wide` columns of it lie at p, the others are zero. */
function outputAdjointTile(p: usize, line: usize, depth: usize, high: i32, wide: i32, m: usize, slab: usize, passes: usize): void {
  for (let o: usize = 0; o < depth; o += 16) {
    let source = p + o, step = line, pixel = depth;
    if (high < 4 || wide < 4) {
      source = passes + COMPLETED; step = 64; pixel = 16;
      for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) {
        const inside = i < high && j < wide;
        const value = inside ? v128.load(p + o + <usize>i * line + <usize>j * depth) : zero();
        v128.store(source + <usize>i * 64 + <usize>j * 16, value);
      }
    }
    for (let j: usize = 0; j < 4; j++) outputAdjointPass(source + j * pixel, step, passes + (j << 4), 64);
    for (let i: usize = 0; i < 6; i++) outputAdjointPass(passes + i * 64, 16, m + o + i * 6 * slab, slab);
  }
}

/** The 6x6 patch at row i0 and column j0 of an image, to q, with zeros where it lies beyond the image. */
function copyPatch(image: usize, H: i32, W: i32, C: i32, i0: i32, j0: i32, q: usize): void {
  const depth = <usize>C << 2;
  memory.fill(q, 0, 36 * depth);
  const first = max(0, -j0), last = min(6, W - j0);
  if (first >= last) return;
  for (let i = max(0, -i0); i < min(6, H - i0); i++) {
    const source = address(image, ((i0 + i) * W + j0 + first) * C);
    memory.copy(q + <usize>(i * 6 + first) * depth, source, <usize>(last - first) * depth);
  }
}

/** V [36][count][C] of the tiles from `first`, counted through the batch. The space for a patch is before V. */
function inputTiles(
  x: usize, first: i32, count: i32, H: i32, W: i32, C: i32, top: i32, left: i32, across: i32, perImage: i32,
  v: usize, slab: usize, passes: usize,
): void {
  const depth = <usize>C << 2, line = depth * <usize>W;
  const patch = v - 36 * depth;
  for (let t = first; t < first + count; t++, v += depth) {
    const n = t / perImage, tile = t - n * perImage;
    const ty = tile / across;
    const i = (ty << 2) - top, j = ((tile - ty * across) << 2) - left;
    const image = address(x, n * H * W * C);
    if (i >= 0 && j >= 0 && i + 6 <= H && j + 6 <= W) {
      inputTile(image + <usize>i * line + <usize>j * depth, line, depth, v, slab, passes);
    } else {
      copyPatch(image, H, W, C, i, j, patch);
      inputTile(patch, 6 * depth, depth, v, slab, passes);
    }
  }
}

/** The rows of 36 slabs rounded up to a multiple of 4, those added filled with zeros. Gives their number. */
function completeRows(slabs: usize, slab: usize, count: i32, depth: usize): i32 {
  const padded = (count + 3) & ~3;
  const first = slabs + <usize>count * depth;
  for (let f: usize = 0; f < 36; f++) memory.fill(first + f * slab, 0, <usize>(padded - count) * depth);
  return padded;
}

/**
 * c[f] = a[f] b[f] for the 36 frequencies; a [36][count][depth], b packed [36][width/8][depth][8], c [36][count][width].
 * count is a multiple of 4. Registers as in matmul: 4x8 accumulators, 2 of b, 1 splat of a.
 */
function products(a: usize, slabA: usize, b: usize, c: usize, slabC: usize, count: i32, depth: i32, width: i32): void {
  const stride = <usize>depth << 2;
  const row = <usize>width << 2;
  for (let f = 0; f < 36; f++) {
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

/** dU[f] (+)= V[f]' dM[f]; V [36][count][C], dM [36][count][O], dU [36][C][O]. Added to what is there unless `first`. */
function kernelProducts(v: usize, slabV: usize, m: usize, slabM: usize, u: usize, count: i32, C: i32, O: i32, first: bool): void {
  const depth = <usize>C << 2;
  const row = <usize>O << 2;
  for (let f = 0; f < 36; f++) {
    for (let c: usize = 0; c < depth; c += 16, u += row << 2) {
      for (let o: usize = 0; o < row; o += 32) {
        const q0 = u + o, q1 = q0 + row, q2 = q1 + row, q3 = q2 + row;
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

/** Unit: an input channel c. U of a kernel [3, 3, C, O], packed for products as [36][O/8][C][8]. */
export function winogradKernel(begin: i32, end: i32, rows: i32, kernel: usize, packed: usize, workspace: usize, C: i32, O: i32): void {
  const tap = <usize>(C * O) << 2;
  for (let c = begin; c < end; c++) {
    for (let o = 0; o < O; o += 4) {
      const p = address(kernel, c * O + o);
      for (let j: usize = 0; j < 3; j++) {
        const column = p + j * tap;
        kernelPass(v128.load(column), v128.load(column + 3 * tap), v128.load(column + 6 * tap), workspace + (j << 4), 48);
      }
      const q = address(packed, ((o >> 3) * C + c) * 8 + (o & 4));
      for (let i: usize = 0; i < 6; i++) {
        const row = workspace + i * 48;
        kernelPass(v128.load(row), v128.load(row, 16), v128.load(row, 32), q + i * 6 * tap, tap);
      }
    }
  }
}

/** Unit: an output channel o. U with its channels exchanged, packed for products as [36][C/8][O][8]. */
export function winogradKernelTransposed(begin: i32, end: i32, rows: i32, kernel: usize, packed: usize, workspace: usize, C: i32, O: i32): void {
  const tap = <usize>(C * O) << 2;
  for (let o = begin; o < end; o++) {
    for (let c = 0; c < C; c += 4) {
      const p = address(kernel, c * O + o);
      for (let j: usize = 0; j < 3; j++) {
        const column = p + j * tap;
        kernelPass(
          channels(column, O), channels(column + 3 * tap, O), channels(column + 6 * tap, O), workspace + (j << 4), 48,
        );
      }
      const q = address(packed, ((c >> 3) * O + o) * 8 + (c & 4));
      for (let i: usize = 0; i < 6; i++) {
        const row = workspace + i * 48;
        kernelPass(v128.load(row), v128.load(row, 16), v128.load(row, 32), q + i * 6 * tap, tap);
      }
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
 * Unit: an image. At most `most` (a multiple of 4) tiles at a time. Workspace, in floats: 208 + 36 (C + C most + 16 +
 * O most + 16).
 */
export function winogradConv2d(
  begin: i32, end: i32, rows: i32,
  x: usize, packed: usize, bias: usize, y: usize, workspace: usize,
  H: i32, W: i32, C: i32, OH: i32, OW: i32, O: i32, top: i32, left: i32, most: i32, relu: i32,
): void {
  const across = (OW + 3) >> 2;
  const perImage = ((OH + 3) >> 2) * across;
  const depth = <usize>C << 2;
  const outDepth = <usize>O << 2, outLine = outDepth * <usize>OW;
  const slabV = <usize>(most * C + SLAB_GAP) << 2;
  const slabM = <usize>(most * O + SLAB_GAP) << 2;
  const v = workspace + PASSES + 36 * depth;
  const m = v + 36 * slabV;
  const last = end * perImage;
  for (let first = begin * perImage; first < last; first += most) {
    const count = min(most, last - first);
    inputTiles(x, first, count, H, W, C, top, left, across, perImage, v, slabV, workspace);
    const padded = completeRows(v, slabV, count, depth);
    products(v, slabV, packed, m, slabM, padded, C, O);
    for (let t = 0; t < count; t++) {
      const n = (first + t) / perImage, tile = first + t - n * perImage;
      const ty = tile / across;
      const i = ty << 2, j = (tile - ty * across) << 2;
      const target = address(y, n * OH * OW * O) + <usize>i * outLine + <usize>j * outDepth;
      outputTile(
        m + <usize>t * outDepth, slabM, bias, target, outLine, outDepth, min(4, OH - i), min(4, OW - j), relu, workspace,
      );
    }
  }
}

/**
 * dx (if there is `packed`) and dU (unless 0) of dy. Unit: an image, `perBlock` of them at a time; every `group` images
 * have a dU [36][C][O] to which they are added in their order. Workspace, in floats: 208 + 36 (C + C tiles + 16 + O tiles
 * + 16), where tiles are those of perBlock images, rounded up to a multiple of 4.
 */
export function winogradGradient(
  begin: i32, end: i32, rows: i32,
  x: usize, dy: usize, packed: usize, dx: usize, du: usize, workspace: usize,
  H: i32, W: i32, C: i32, OH: i32, OW: i32, O: i32, top: i32, left: i32, group: i32, perBlock: i32,
): void {
  const across = (OW + 3) >> 2;
  const perImage = ((OH + 3) >> 2) * across;
  const depth = <usize>C << 2, line = depth * <usize>W;
  const outDepth = <usize>O << 2, outLine = outDepth * <usize>OW;
  const most = (perBlock * perImage + 3) & ~3;
  const slabV = <usize>(most * C + SLAB_GAP) << 2;
  const slabM = <usize>(most * O + SLAB_GAP) << 2;
  const v = workspace + PASSES + 36 * depth;
  const m = v + 36 * slabV;
  for (let n0 = begin; n0 < end;) {
    const images = min(perBlock, end - n0);
    const count = images * perImage;
    for (let t = 0; t < count; t++) {
      const n = t / perImage, tile = t - n * perImage;
      const ty = tile / across;
      const i = ty << 2, j = (tile - ty * across) << 2;
      const source = address(dy, (n0 + n) * OH * OW * O) + <usize>i * outLine + <usize>j * outDepth;
      outputAdjointTile(
        source, outLine, outDepth, min(4, OH - i), min(4, OW - j), m + <usize>t * outDepth, slabM, workspace,
      );
    }
    if (packed != 0) {
      const padded = completeRows(m, slabM, count, outDepth);
      products(m, slabM, packed, v, slabV, padded, O, C);
      memory.fill(address(dx, n0 * H * W * C), 0, line * <usize>(H * images));
      for (let t = 0; t < count; t++) {
        const n = t / perImage, tile = t - n * perImage;
        const ty = tile / across;
        const i = (ty << 2) - top, j = ((tile - ty * across) << 2) - left;
        const target = address(dx, (n0 + n) * H * W * C) + <usize>i * line + <usize>j * depth;
        inputAdjointTile(
          v + <usize>t * depth, slabV, target, line, depth, max(0, -i), min(6, H - i), max(0, -j), min(6, W - j), workspace,
        );
      }
    }
    if (du != 0) {
      const at = n0 / group;
      inputTiles(x, n0 * perImage, count, H, W, C, top, left, across, perImage, v, slabV, workspace);
      kernelProducts(v, slabV, m, slabM, address(du, at * 36 * C * O), count, C, O, n0 == at * group);
    }
    n0 += images;
  }
}

/**
 * Unit: an input channel c. dk = G' (sum of dU) G, where every `group` images have a dU, summed in their order.
 * Workspace, in floats: 36 O.
 */
export function winogradKernelGradient(begin: i32, end: i32, rows: i32, du: usize, dk: usize, workspace: usize, C: i32, O: i32, group: i32): void {
  const slab = <usize>(C * O) << 2;
  const depth = <usize>O << 2;
  const parts = (rows + group - 1) / group;
  for (let c = begin; c < end; c++) {
    for (let f: usize = 0; f < 36; f++) {
      const row = workspace + f * depth;
      const p = address(du, c * O) + f * slab;
      memory.copy(row, p, depth);
      for (let part = 1; part < parts; part++) {
        const source = p + <usize>part * 36 * slab;
        for (let o: usize = 0; o < depth; o += 16) v128.store(row + o, f32x4.add(v128.load(row + o), v128.load(source + o)));
      }
    }
    for (let o: usize = 0; o < depth; o += 16) {
      const u = workspace + o;
      for (let j: usize = 0; j < 6; j++) kernelAdjointPass(u + j * depth, 6 * depth, u + j * depth, 6 * depth);
      const q = address(dk, c * O) + o;
      for (let i: usize = 0; i < 3; i++) kernelAdjointPass(u + i * 6 * depth, depth, q + 3 * i * slab, slab);
    }
  }
}
