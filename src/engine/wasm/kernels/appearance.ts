// How images look: the width of their strokes, their sharpness, their tone. Each image by numbers of its own.
//
// The first two look at the eight neighbours of every pixel, and are done in place, row by row:
//
//   for row i:
//     here = row i, as it was, and its ends repeated        above: the same of row i - 1
//     tall = above, here and below joined, ends repeated    along columns: 3 W C values
//     y[i] = tall and here joined                           along rows
//
// A row is W C values side by side, whose neighbours are C values away, so four values at a time whatever C is.
// Layouts: x, y [N, H, W, C]; y may be x. Scratch, each thread's own: above, here and tall, of (W + 2) C + 4 values.
// Unit: an image.
import { LANES, address, loadLanes, multiplyAdd, storeLanes, zero } from './vector';

/** Wider by changes[n] pixels, or narrower where that is negative; ink is from 0 to 1 (see the op changeStrokes). */
export function changeStrokes(begin: i32, end: i32, rows: i32, x: usize, changes: usize, y: usize, scratch: usize, widening: f32, thinnest: f32, thickest: f32, H: i32, W: i32, C: i32): void {
  for (let n = begin; n < end; n++) {
    const source = address(x, n * H * W * C), image = address(y, n * H * W * C);
    const change = min(max(f32.load(address(changes, n)), thinnest), thickest);
    if (change > 0) {
      const share = change / widening;
      spread(source, image, scratch, min<f32>(share, 1), false, 0, 1, H, W, C);
      if (share > 1) spread(image, image, scratch, share - 1, false, 0, 1, H, W, C);
    } else if (change < 0) {
      const strength: f32 = -change * (1.75 + 0.42 * change), black: f32 = 0.35 * strength;
      spread(source, image, scratch, 0.3 * strength, true, black, 1 / (1 - 1.25 * black), H, W, C);
    } else if (image != source) memory.copy(image, source, <usize>(H * W * C) << 2);
  }
}

/** y = x on its way, by `share`, to the largest values around, or the smallest, whose levels are then stretched. */
function spread(x: usize, y: usize, scratch: usize, share: f32, narrower: bool, black: f32, stretch: f32, H: i32, W: i32, C: i32): void {
  const width = W * C, line = (W + 2) * C + LANES, side = <usize>C << 2;
  let above = address(scratch, C), here = address(above, line);
  const tall = address(here, line);
  const a = f32x4.splat(share), low = f32x4.splat(black), scale = f32x4.splat(stretch), half = f32x4.splat(0.5), one = f32x4.splat(1);
  for (let i = 0; i < H; i++) {
    const below = address(x, min(i + 1, H - 1) * width);
    memory.copy(here, address(x, i * width), <usize>width << 2);
    repeatEnds(here, width, C);
    const up = i > 0 ? above : here;
    for (let q = 0; q < width; q += LANES) {
      const at = <usize>q << 2;
      const v = extreme(v128.load(up + at), loadLanes(below + at, width - q), narrower);
      v128.store(tall + at, extreme(v, v128.load(here + at), narrower));
    }
    repeatEnds(tall, width, C);
    for (let q = 0; q < width; q += LANES) {
      const p = here + (<usize>q << 2), t = tall + (<usize>q << 2);
      const v = v128.load(p), column = v128.load(t);
      const cross = extreme(column, extreme(v128.load(p - side), v128.load(p + side), narrower), narrower);
      const square = extreme(column, extreme(v128.load(t - side), v128.load(t + side), narrower), narrower);
      let ink = multiplyAdd(a, f32x4.sub(f32x4.mul(half, f32x4.add(cross, square)), v), v);
      if (narrower) ink = f32x4.min(f32x4.max(f32x4.mul(f32x4.sub(ink, low), scale), zero()), one);
      storeLanes(address(y, i * width + q), ink, width - q);
    }
    const next = above;
    above = here;
    here = next;
  }
}

// @ts-ignore: decorator
@inline function extreme(a: v128, b: v128, smallest: bool): v128 {
  return smallest ? f32x4.min(a, b) : f32x4.max(a, b);
}

/** Smoothed by sigmas[n] pixels, 0 to 1: twice (w, 1 - 2 w, w) along each axis, w = sigma^2 / 4. */
export function blur(begin: i32, end: i32, rows: i32, x: usize, sigmas: usize, y: usize, scratch: usize, H: i32, W: i32, C: i32): void {
  for (let n = begin; n < end; n++) {
    const source = address(x, n * H * W * C), image = address(y, n * H * W * C);
    const sigma = min<f32>(max<f32>(f32.load(address(sigmas, n)), 0), 1);
    if (sigma == 0) {
      if (image != source) memory.copy(image, source, <usize>(H * W * C) << 2);
      continue;
    }
    smooth(source, image, scratch, sigma * sigma * 0.25, H, W, C);
    smooth(image, image, scratch, sigma * sigma * 0.25, H, W, C);
  }
}

function smooth(x: usize, y: usize, scratch: usize, weight: f32, H: i32, W: i32, C: i32): void {
  const width = W * C, line = (W + 2) * C + LANES, side = <usize>C << 2;
  let above = address(scratch, C), here = address(above, line);
  const tall = address(here, line);
  const w = f32x4.splat(weight), middle = f32x4.splat(1 - 2 * weight);
  for (let i = 0; i < H; i++) {
    const below = address(x, min(i + 1, H - 1) * width);
    memory.copy(here, address(x, i * width), <usize>width << 2);
    const up = i > 0 ? above : here;
    for (let q = 0; q < width; q += LANES) {
      const at = <usize>q << 2;
      const both = f32x4.add(v128.load(up + at), loadLanes(below + at, width - q));
      v128.store(tall + at, multiplyAdd(w, both, f32x4.mul(middle, v128.load(here + at))));
    }
    repeatEnds(tall, width, C);
    for (let q = 0; q < width; q += LANES) {
      const t = tall + (<usize>q << 2);
      const both = f32x4.add(v128.load(t - side), v128.load(t + side));
      storeLanes(address(y, i * width + q), multiplyAdd(w, both, f32x4.mul(middle, v128.load(t))), width - q);
    }
    const next = above;
    above = here;
    here = next;
  }
}

/** The first and the last pixel of a line once more, before and after it. */
// @ts-ignore: decorator
@inline function repeatEnds(line: usize, width: i32, C: i32): void {
  for (let c = 0; c < C; c++) {
    f32.store(address(line, c - C), f32.load(address(line, c)));
    f32.store(address(line, width + c), f32.load(address(line, width - C + c)));
  }
}

// ----------------------------------------------------------------------------------------------------------- tone

/**
 * y = gain x + offset + deviation noise, limited to 0 to 1, with tones[n] = (gain, offset, deviation). Noise: the bytes of
 * word i of the image's stream, added up (see the op changeTone). `size` values an image.
 */
export function changeTone(begin: i32, end: i32, rows: i32, x: usize, tones: usize, keys: usize, y: usize, purpose: u32, size: i32): void {
  for (let n = begin; n < end; n++) {
    const tone = address(tones, n * 3), key = address(keys, n * 4);
    const gain = v128.load32_splat(tone), offset = v128.load32_splat(tone, 4), deviation = f32.load(tone, 8);
    const p = address(x, n * size), q = address(y, n * size);
    if (deviation == 0) {
      for (let i = 0; i < size; i += LANES) toned(p, q, i, size, gain, offset);
    } else for (let i = 0; i < size; i += 16) grained(p, q, i, size, gain, offset, f32x4.splat(deviation * 0.0067658754), key, purpose);
  }
}

// @ts-ignore: decorator
@inline function toned(x: usize, y: usize, i: i32, size: i32, gain: v128, offset: v128): void {
  const lanes = size - i;
  if (lanes <= 0) return;
  const v = multiplyAdd(gain, loadLanes(address(x, i), lanes), offset);
  storeLanes(address(y, i), f32x4.min(f32x4.max(v, zero()), f32x4.splat(1)), lanes);
}

/** The 16 values from i, a multiple of 16: four counters at a time, one in each lane. */
// @ts-ignore: decorator
@inline function grained(x: usize, y: usize, i: i32, size: i32, gain: v128, offset: v128, scale: v128, key: usize, purpose: u32): void {
  const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
  let c0 = i32x4.add(i32x4.splat(i >> 2), i32x4(0, 1, 2, 3)), c1 = v128.load32_splat(key, 12);
  let c2 = v128.load32_splat(key, 8), c3 = i32x4.splat(purpose);
  let k0 = v128.load32_splat(key), k1 = v128.load32_splat(key, 4);
  for (let round = 0; round < 10; round++) {
    const high0 = highHalves(c0, m0), low0 = i32x4.mul(c0, m0), high1 = highHalves(c2, m1), low1 = i32x4.mul(c2, m1);
    c0 = v128.xor(v128.xor(high1, c1), k0); c1 = low1;
    c2 = v128.xor(v128.xor(high0, c3), k1); c3 = low0;
    k0 = i32x4.add(k0, i32x4.splat(0x9e3779b9)); k1 = i32x4.add(k1, i32x4.splat(0xbb67ae85));
  }
  // From words by lanes of counters to counters by lanes of words.
  const a = i32x4.shuffle(c0, c1, 0, 4, 1, 5), b = i32x4.shuffle(c2, c3, 0, 4, 1, 5);
  const c = i32x4.shuffle(c0, c1, 2, 6, 3, 7), d = i32x4.shuffle(c2, c3, 2, 6, 3, 7);
  toned(x, y, i, size, gain, f32x4.add(offset, noise(i32x4.shuffle(a, b, 0, 1, 4, 5), scale)));
  toned(x, y, i + 4, size, gain, f32x4.add(offset, noise(i32x4.shuffle(a, b, 2, 3, 6, 7), scale)));
  toned(x, y, i + 8, size, gain, f32x4.add(offset, noise(i32x4.shuffle(c, d, 0, 1, 4, 5), scale)));
  toned(x, y, i + 12, size, gain, f32x4.add(offset, noise(i32x4.shuffle(c, d, 2, 3, 6, 7), scale)));
}

/** Nearly normal, of standard deviation sqrt(21845) scale. */
// @ts-ignore: decorator
@inline function noise(words: v128, scale: v128): v128 {
  const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(words));
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(sums, i32x4.splat(510))), scale);
}

/** The high halves of the products of four pairs. */
// @ts-ignore: decorator
@inline function highHalves(a: v128, b: v128): v128 {
  return i32x4.shuffle(i64x2.extmul_low_i32x4_u(a, b), i64x2.extmul_high_i32x4_u(a, b), 1, 3, 5, 7);
}
