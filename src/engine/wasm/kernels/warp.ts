// Images moved: each pixel of y looks at one place of x, bilinear. The place is an affine map of the pixel's own, plus,
// where control points are given, a smooth displacement: a uniform cubic B-spline over a coarse grid,
//   displacement(i, j) = sum over 4 x 4 points p, q of rowWeight[i, p] columnWeight[j, q] points[p, q].
// It is separable. For every image and row i, the four rows of points that matter become one row of K values; every four
// pixels of it then add up those of the K that reach them. Column weights are the same for all images and rows: a call
// tabulates them once.
//
//   table[q, j] = columnWeight                                       W K, once for a call
//   for image, for row i:
//     line[q] = sum over 4 p of rowWeight[i, p] points[p, q]         2 K * 4 multiply-adds
//     for four pixels j:
//       place = affine(i, j) + sum over about 5 q of line[q] table[q, j ..]
//       y[i, j ..] = bilinear(x, place)
//
// Layouts: x, y [N, H, W, C]; matrices [N, 6]; points [N, R, K, 2], (column, row). Scratch, each thread's own:
// table [K, W rounded up to 4], of every four pixels the first and the last q (i32), line [2 K].
//
// Four pixels at a time where images are bytes of one channel and the fill mode is constant or nearest; one at a time
// otherwise, to the same bits.
import { LANES, address, loadLanes, multiplyAdd, storeLanes, zero } from './vector';

const CONSTANT: i32 = 0;
const NEAREST: i32 = 1;
const REFLECT: i32 = 2;

/** Beyond this any fill mode has long repeated; the bound keeps the conversion to i32 from trapping, also on NaN. */
const FAR: f32 = 1048576;

/**
 * y[n, i, j] = x[n] at column m0 j + m1 i + m2 and row m3 j + m4 i + m5, plus the displacement if points is not 0,
 * bilinear, over divisor. Unit: an image. Places are computed in f32: 1/65536 of a pixel on 28 x 28.
 * fillMode: 0 constant, 1 nearest, 2 reflect, 3 wrap. R, K: rows and columns of points, `spacing` pixels apart.
 */
export function warp(begin: i32, end: i32, rows: i32, x: usize, matrices: usize, points: usize, y: usize, scratch: usize, bytes: i32, divisor: f32, fillMode: i32, fillValue: f32, H: i32, W: i32, C: i32, R: i32, K: i32, spacing: f32): void {
  const fast = bytes && C == 1 && fillMode <= NEAREST;
  const groups = (W + 3) >> 2;
  const reach = address(scratch, K * groups * LANES);
  const line = address(reach, 2 * groups);
  if (points) columnWeights(scratch, reach, W, K, spacing);
  for (let n = begin; n < end; n++) {
    const m = address(matrices, n * 6);
    const m0 = v128.load32_splat(m), m2 = v128.load32_splat(m, 8), m3 = v128.load32_splat(m, 12), m5 = v128.load32_splat(m, 20);
    const m1 = f32.load(m, 4), m4 = f32.load(m, 16);
    const image = n * H * W * C;
    const source = bytes ? x + image : address(x, image);
    for (let i = 0; i < H; i++) {
      if (points) rowOfPoints(line, address(points, n * R * K * 2), i, H, R, K, spacing);
      const down1 = f32x4.splat(m1 * <f32>i), down4 = f32x4.splat(m4 * <f32>i);
      for (let group = 0; group < groups; group++) {
        const j = group << 2;
        const across = f32x4.add(f32x4.splat(<f32>j), f32x4(0, 1, 2, 3));
        let column = f32x4.add(f32x4.add(f32x4.mul(m0, across), down1), m2);
        let row = f32x4.add(f32x4.add(f32x4.mul(m3, across), down4), m5);
        if (points) {
          let right = zero(), below = zero();
          const last = load<i32>(address(reach, 2 * group), 4);
          for (let q = load<i32>(address(reach, 2 * group)); q <= last; q++) {
            const weights = v128.load(address(scratch, q * groups * LANES + j));
            right = multiplyAdd(v128.load32_splat(address(line, 2 * q)), weights, right);
            below = multiplyAdd(v128.load32_splat(address(line, 2 * q), 4), weights, below);
          }
          column = f32x4.add(column, right);
          row = f32x4.add(row, below);
        }
        const out = address(y, image + (i * W + j) * C);
        const lanes = min(W - j, LANES);
        if (fast) {
          storeLanes(out, fourBytes(source, column, row, divisor, fillMode, fillValue, H, W), lanes);
          continue;
        }
        pixel(source, out, f32x4.extract_lane(column, 0), f32x4.extract_lane(row, 0), bytes, divisor, fillMode, fillValue, H, W, C);
        if (lanes > 1) pixel(source, address(out, C), f32x4.extract_lane(column, 1), f32x4.extract_lane(row, 1), bytes, divisor, fillMode, fillValue, H, W, C);
        if (lanes > 2) pixel(source, address(out, 2 * C), f32x4.extract_lane(column, 2), f32x4.extract_lane(row, 2), bytes, divisor, fillMode, fillValue, H, W, C);
        if (lanes > 3) pixel(source, address(out, 3 * C), f32x4.extract_lane(column, 3), f32x4.extract_lane(row, 3), bytes, divisor, fillMode, fillValue, H, W, C);
      }
    }
  }
}

/** The four values at these places of an image of bytes. */
// @ts-ignore: decorator
@inline function fourBytes(x: usize, column: v128, row: v128, divisor: f32, fillMode: i32, fillValue: f32, H: i32, W: i32): v128 {
  const left = f32x4.floor(bounded(column)), above = f32x4.floor(bounded(row));
  const fx = f32x4.sub(column, left), fy = f32x4.sub(row, above);
  const one = i32x4.splat(1);
  const leftmost = i32x4.trunc_sat_f32x4_s(left), topmost = i32x4.trunc_sat_f32x4_s(above);
  const j0 = clamped(leftmost, W), j1 = clamped(i32x4.add(leftmost, one), W);
  const i0 = i32x4.mul(clamped(topmost, H), i32x4.splat(W)), i1 = i32x4.mul(clamped(i32x4.add(topmost, one), H), i32x4.splat(W));
  let a: v128, b: v128, d: v128, e: v128;
  if (i32x4.all_true(i32x4.eq(i32x4.sub(j1, j0), one))) {
    // Each place and its right neighbour with one load.
    const upper = fourPairs(x, i32x4.add(i0, j0)), lower = fourPairs(x, i32x4.add(i1, j0));
    const first = i32x4.splat(255);
    a = v128.and(upper, first); b = i32x4.shr_u(upper, 8);
    d = v128.and(lower, first); e = i32x4.shr_u(lower, 8);
  } else {
    a = four(x, i32x4.add(i0, j0)); b = four(x, i32x4.add(i0, j1));
    d = four(x, i32x4.add(i1, j0)); e = four(x, i32x4.add(i1, j1));
  }
  a = f32x4.convert_i32x4_s(a); b = f32x4.convert_i32x4_s(b); d = f32x4.convert_i32x4_s(d); e = f32x4.convert_i32x4_s(e);
  const upper = f32x4.add(a, f32x4.mul(fx, f32x4.sub(b, a)));
  const lower = f32x4.add(d, f32x4.mul(fx, f32x4.sub(e, d)));
  const value = f32x4.div(f32x4.add(upper, f32x4.mul(fy, f32x4.sub(lower, upper))), f32x4.splat(divisor));
  if (fillMode != CONSTANT) return value;
  const isAcross = v128.and(f32x4.ge(column, zero()), f32x4.le(column, f32x4.splat(<f32>(W - 1))));
  const isDown = v128.and(f32x4.ge(row, zero()), f32x4.le(row, f32x4.splat(<f32>(H - 1))));
  return v128.bitselect(value, f32x4.splat(fillValue), v128.and(isAcross, isDown));
}

// @ts-ignore: decorator
@inline function bounded(v: v128): v128 {
  return v128.bitselect(f32x4.min(v, f32x4.splat(FAR)), f32x4.splat(-FAR), f32x4.gt(v, f32x4.splat(-FAR)));
}

// @ts-ignore: decorator
@inline function clamped(i: v128, size: i32): v128 {
  return i32x4.min_s(i32x4.max_s(i, i32x4.splat(0)), i32x4.splat(size - 1));
}

/** The bytes at x + i, of four i. */
// @ts-ignore: decorator
@inline function four(x: usize, i: v128): v128 {
  let v = i32x4.splat(<i32>load<u8>(x + i32x4.extract_lane(i, 0)));
  v = i32x4.replace_lane(v, 1, <i32>load<u8>(x + i32x4.extract_lane(i, 1)));
  v = i32x4.replace_lane(v, 2, <i32>load<u8>(x + i32x4.extract_lane(i, 2)));
  return i32x4.replace_lane(v, 3, <i32>load<u8>(x + i32x4.extract_lane(i, 3)));
}

/** The bytes at x + i and, times 256, those after them, of four i. */
// @ts-ignore: decorator
@inline function fourPairs(x: usize, i: v128): v128 {
  let v = i32x4.splat(<i32>load<u16>(x + i32x4.extract_lane(i, 0)));
  v = i32x4.replace_lane(v, 1, <i32>load<u16>(x + i32x4.extract_lane(i, 1)));
  v = i32x4.replace_lane(v, 2, <i32>load<u16>(x + i32x4.extract_lane(i, 2)));
  return i32x4.replace_lane(v, 3, <i32>load<u16>(x + i32x4.extract_lane(i, 3)));
}

/** All channels at one place. */
function pixel(x: usize, out: usize, column: f32, row: f32, bytes: i32, divisor: f32, fillMode: i32, fillValue: f32, H: i32, W: i32, C: i32): void {
  if (fillMode == CONSTANT && !(column >= 0 && row >= 0 && column <= <f32>(W - 1) && row <= <f32>(H - 1))) {
    for (let c = 0; c < C; c++) f32.store(address(out, c), fillValue);
    return;
  }
  const left = floor<f32>(column > -FAR ? min<f32>(column, FAR) : -FAR);
  const above = floor<f32>(row > -FAR ? min<f32>(row, FAR) : -FAR);
  const fx = column - left, fy = row - above;
  const j0 = inside(<i32>left, W, fillMode), j1 = inside(<i32>left + 1, W, fillMode);
  const i0 = inside(<i32>above, H, fillMode), i1 = inside(<i32>above + 1, H, fillMode);
  for (let c = 0; c < C; c++) {
    const a = value(x, (i0 * W + j0) * C + c, bytes), b = value(x, (i0 * W + j1) * C + c, bytes);
    const d = value(x, (i1 * W + j0) * C + c, bytes), e = value(x, (i1 * W + j1) * C + c, bytes);
    const upper = a + fx * (b - a);
    const lower = d + fx * (e - d);
    f32.store(address(out, c), (upper + fy * (lower - upper)) / divisor);
  }
}

/** The place of the image (0 to size - 1) that stands for place i, which may lie outside. */
// @ts-ignore: decorator
@inline function inside(i: i32, size: i32, fillMode: i32): i32 {
  if (<u32>i < <u32>size) return i;
  if (fillMode <= NEAREST) return i < 0 ? 0 : size - 1;
  const period = fillMode == REFLECT ? 2 * size : size;
  let m = i % period;
  if (m < 0) m += period;
  return m < size ? m : period - 1 - m;
}

// @ts-ignore: decorator
@inline function value(x: usize, i: i32, bytes: i32): f32 {
  return bytes ? <f32>load<u8>(x + i) : f32.load(address(x, i));
}

// --------------------------------------------------------------------------------------------------- displacement

/** Where pixel i of `size` lies on the grid: the first of the four points that reach it is the one at floor of this. */
// @ts-ignore: decorator
@inline function onGrid(i: i32, size: i32, count: i32, spacing: f32): f32 {
  return (<f32>i - <f32>(size - 1) * 0.5) / spacing + <f32>(count - 3) * 0.5;
}

// @ts-ignore: decorator
@inline function firstPoint(t: f32, count: i32): i32 {
  return max(min(<i32>floor<f32>(t), count - 4), 0);
}

/** The uniform cubic B-spline's weights of the four points around f, from 0 to 1 between the second and the third. */
// @ts-ignore: decorator
@inline function splineWeights(f: f32): v128 {
  const g: f32 = 1 - f;
  const sixth: f32 = 1.0 / 6.0;
  return f32x4(
    g * g * g * sixth,
    ((3 * f - 6) * f * f + 4) * sixth,
    ((3 * g - 6) * g * g + 4) * sixth,
    f * f * f * sixth,
  );
}

/** The table of weights, and which of its rows four columns at a time have to look at. */
function columnWeights(table: usize, reach: usize, W: i32, K: i32, spacing: f32): void {
  const width = (W + 3) & ~3;
  memory.fill(table, 0, <usize>(K * width) << 2);
  for (let j = 0; j < W; j++) {
    const t = onGrid(j, W, K, spacing);
    const q = firstPoint(t, K);
    const weights = splineWeights(t - <f32>q);
    const at = address(table, q * width + j);
    f32.store(at, f32x4.extract_lane(weights, 0));
    f32.store(address(at, width), f32x4.extract_lane(weights, 1));
    f32.store(address(at, 2 * width), f32x4.extract_lane(weights, 2));
    f32.store(address(at, 3 * width), f32x4.extract_lane(weights, 3));
    const group = address(reach, 2 * (j >> 2));
    if ((j & 3) == 0) store<i32>(group, q);
    store<i32>(group, q + 3, 4);
  }
}

/** line[q] = the column q of points at row i of the image. */
function rowOfPoints(line: usize, points: usize, i: i32, H: i32, R: i32, K: i32, spacing: f32): void {
  const t = onGrid(i, H, R, spacing);
  const p = firstPoint(t, R);
  const weights = splineWeights(t - <f32>p);
  const w0 = f32x4.splat(f32x4.extract_lane(weights, 0)), w1 = f32x4.splat(f32x4.extract_lane(weights, 1));
  const w2 = f32x4.splat(f32x4.extract_lane(weights, 2)), w3 = f32x4.splat(f32x4.extract_lane(weights, 3));
  for (let q = 0; q < 2 * K; q += LANES) {
    const lanes = 2 * K - q;
    const at = address(points, p * 2 * K + q);
    let v = f32x4.mul(w0, loadLanes(at, lanes));
    v = multiplyAdd(w1, loadLanes(address(at, 2 * K), lanes), v);
    v = multiplyAdd(w2, loadLanes(address(at, 4 * K), lanes), v);
    v = multiplyAdd(w3, loadLanes(address(at, 6 * K), lanes), v);
    storeLanes(address(line, q), v, lanes);
  }
}
