// From what the host puts in to f32 values.
import { address, loadLanes, storeLanes } from './vector';
import { limit } from './elementwise';

/** y = x / divisor. x: bytes if bytes, else f32. Unit: `chunk` values (see elementwise). */
export function rescale(begin: i32, end: i32, rows: i32, x: usize, y: usize, bytes: i32, divisor: f32, chunk: i32, total: i32): void {
  const stop = limit(end, rows, chunk, total);
  const d = f32x4.splat(divisor);
  for (let i = begin * chunk; i < stop; i += 4) {
    const lanes = stop - i;
    let v: v128;
    if (!bytes) v = loadLanes(address(x, i), lanes);
    else if (lanes >= 4) v = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x + i))));
    else {
      v = f32x4.splat(<f32>load<u8>(x + i));
      if (lanes > 1) v = f32x4.replace_lane(v, 1, <f32>load<u8>(x + i + 1));
      if (lanes > 2) v = f32x4.replace_lane(v, 2, <f32>load<u8>(x + i + 2));
    }
    storeLanes(address(y, i), f32x4.div(v, d), lanes);
  }
}

const CONSTANT: i32 = 0;
const NEAREST: i32 = 1;
const REFLECT: i32 = 2;

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

/**
 * y[n, i, j] = x[n] at column m0 j + m1 i + m2 and row m3 j + m4 i + m5, bilinear, over divisor. Unit: an image.
 * Places are computed in f32: 1/65536 of a pixel on 28 x 28. fillMode: 0 constant, 1 nearest, 2 reflect, 3 wrap.
 */
export function warpAffine(begin: i32, end: i32, rows: i32, x: usize, matrices: usize, y: usize, bytes: i32, divisor: f32, fillMode: i32, fillValue: f32, H: i32, W: i32, C: i32): void {
  for (let n = begin; n < end; n++) {
    const m = address(matrices, n * 6);
    const m0 = f32.load(m), m1 = f32.load(m, 4), m2 = f32.load(m, 8), m3 = f32.load(m, 12), m4 = f32.load(m, 16), m5 = f32.load(m, 20);
    const image = n * H * W * C;
    for (let i = 0; i < H; i++) for (let j = 0; j < W; j++) {
      const column = m0 * <f32>j + m1 * <f32>i + m2;
      const row = m3 * <f32>j + m4 * <f32>i + m5;
      const out = address(y, image + (i * W + j) * C);
      if (fillMode == CONSTANT && !(column >= 0 && row >= 0 && column <= <f32>(W - 1) && row <= <f32>(H - 1))) {
        for (let c = 0; c < C; c++) f32.store(address(out, c), fillValue);
        continue;
      }
      // Beyond this any mode has long repeated; the bound keeps the conversion to i32 from trapping, also on NaN.
      const far: f32 = 1048576;
      const left = floor<f32>(column > -far ? min<f32>(column, far) : -far);
      const above = floor<f32>(row > -far ? min<f32>(row, far) : -far);
      const fx = column - left, fy = row - above;
      const j0 = inside(<i32>left, W, fillMode), j1 = inside(<i32>left + 1, W, fillMode);
      const i0 = inside(<i32>above, H, fillMode), i1 = inside(<i32>above + 1, H, fillMode);
      for (let c = 0; c < C; c++) {
        const a = value(x, image + (i0 * W + j0) * C + c, bytes), b = value(x, image + (i0 * W + j1) * C + c, bytes);
        const d = value(x, image + (i1 * W + j0) * C + c, bytes), e = value(x, image + (i1 * W + j1) * C + c, bytes);
        const upper = a + fx * (b - a);
        const lower = d + fx * (e - d);
        f32.store(address(out, c), (upper + fy * (lower - upper)) / divisor);
      }
    }
  }
}

// @ts-ignore: decorator
@inline function value(x: usize, i: i32, bytes: i32): f32 {
  return bytes ? <f32>load<u8>(x + i) : f32.load(address(x, i));
}

/** y[n, c] = 1 where c = labels[n]. Unit: a row. labels: bytes if bytes, else i32. */
export function oneHot(begin: i32, end: i32, rows: i32, labels: usize, y: usize, bytes: i32, classes: i32): void {
  for (let n = begin; n < end; n++) {
    const label = bytes ? <i32>load<u8>(labels + n) : i32.load(address(labels, n));
    for (let c = 0; c < classes; c++) f32.store(address(y, n * classes + c), c == label ? 1 : 0);
  }
}
