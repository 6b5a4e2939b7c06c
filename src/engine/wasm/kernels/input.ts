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

/**
 * y = x, but `value` in the rectangle (top, left, bottom, right; i32, the last two excluded) of each image. Unit: an
 * image [H, W, C]. y may be x.
 */
export function eraseRectangle(begin: i32, end: i32, rows: i32, x: usize, rectangles: usize, y: usize, value: f32, H: i32, W: i32, C: i32): void {
  const size = H * W * C;
  if (x != y) memory.copy(address(y, begin * size), address(x, begin * size), <usize>((end - begin) * size) << 2);
  for (let n = begin; n < end; n++) {
    const rectangle = address(rectangles, n * 4);
    const top = max(load<i32>(rectangle), 0), left = max(load<i32>(rectangle, 4), 0);
    const bottom = min(load<i32>(rectangle, 8), H), right = min(load<i32>(rectangle, 12), W);
    for (let i = top; i < bottom; i++) {
      for (let at = left * C; at < right * C; at++) f32.store(address(y, n * size + i * W * C + at), value);
    }
  }
}

/** y[n, c] = 1 where c = labels[n]. Unit: a row. labels: bytes if bytes, else i32. */
export function oneHot(begin: i32, end: i32, rows: i32, labels: usize, y: usize, bytes: i32, classes: i32): void {
  for (let n = begin; n < end; n++) {
    const label = bytes ? <i32>load<u8>(labels + n) : i32.load(address(labels, n));
    for (let c = 0; c < classes; c++) f32.store(address(y, n * classes + c), c == label ? 1 : 0);
  }
}
