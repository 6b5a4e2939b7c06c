// Pooling, channels last: 4 channels at a time. Unit: an image. Windows may overlap; places outside do not count.
import { address, loadLanes, storeLanes, zero } from './vector';

// @ts-ignore: decorator
@inline function at(base: usize, n: i32, i: i32, j: i32, H: i32, W: i32, C: i32): usize {
  return address(base, ((n * H + i) * W + j) * C);
}

/** The place of a window's largest value where there is none: the window holds NaN. */
// @ts-ignore: decorator
@inline function nowhere(bytes: i32): v128 { return i32x4.splat(bytes ? 255 : -1); }

/** Of 4 lanes, the first `lanes` as bytes or as they are. */
// @ts-ignore: decorator
@inline function storePlaces(base: usize, index: i32, v: v128, lanes: i32, bytes: i32): void {
  if (!bytes) { storeLanes(address(base, index), v, lanes); return; }
  const q = base + <usize>index;
  const half = i16x8.narrow_i32x4_s(v, v);
  const packed = i8x16.narrow_i16x8_u(half, half);
  if (lanes >= 4) { v128.store32_lane(q, packed, 0); return; }
  v128.store8_lane(q, packed, 0);
  if (lanes > 1) v128.store8_lane(q, packed, 1, 1);
  if (lanes > 2) v128.store8_lane(q, packed, 2, 2);
}

// @ts-ignore: decorator
@inline function loadPlaces(base: usize, index: i32, lanes: i32, bytes: i32): v128 {
  if (!bytes) return loadLanes(address(base, index), lanes);
  const p = base + <usize>index;
  let v = zero();
  if (lanes >= 4) {
    v = v128.load32_zero(p);
  } else {
    v = v128.load8_lane(p, v, 0);
    if (lanes > 1) v = v128.load8_lane(p, v, 1, 1);
    if (lanes > 2) v = v128.load8_lane(p, v, 2, 2);
  }
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v));
}

/** The largest of 4 values and where it first is, 0 to 3. */
// @ts-ignore: decorator
@inline function largestOfFour(p: usize, next: usize, below: usize, q: usize, places: usize, index: i32, lanes: i32): void {
  const a = loadLanes(p, lanes), b = loadLanes(p + next, lanes);
  const c = loadLanes(p + below, lanes), d = loadLanes(p + below + next, lanes);
  const largest = f32x4.max(f32x4.max(a, b), f32x4.max(c, d));
  storeLanes(q, largest, lanes);
  let place = v128.bitselect(i32x4.splat(3), nowhere(1), f32x4.eq(d, largest));
  place = v128.bitselect(i32x4.splat(2), place, f32x4.eq(c, largest));
  place = v128.bitselect(i32x4.splat(1), place, f32x4.eq(b, largest));
  storePlaces(places, index, v128.andnot(place, f32x4.eq(a, largest)), lanes, 1);
}

/**
 * y = the largest of the window; NaN wins. places = where in the window, in row-major order, it first is: a byte each if
 * `bytes`, otherwise an i32; 255 or -1 if nowhere.
 */
export function maxPool2d(begin: i32, end: i32, rows: i32, x: usize, y: usize, places: usize, bytes: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, ph: i32, pw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  const next = <usize>C << 2;
  const below = <usize>(W * C) << 2;
  const plain = ph == 2 && pw == 2 && sh == 2 && sw == 2 && top == 0 && left == 0 && 2 * OH <= H && 2 * OW <= W;
  for (let n = begin; n < end; n++) for (let i = 0; i < OH; i++) for (let j = 0; j < OW; j++) {
    const out = ((n * OH + i) * OW + j) * C;
    if (plain) {
      const p = at(x, n, 2 * i, 2 * j, H, W, C);
      let c = 0;
      for (; c + 4 <= C; c += 4) largestOfFour(address(p, c), next, below, address(y, out + c), places, out + c, 4);
      if (c < C) largestOfFour(address(p, c), next, below, address(y, out + c), places, out + c, C - c);
    } else {
      const i0 = i * sh - top, j0 = j * sw - left;
      const u0 = max(0, i0), u1 = min(H, i0 + ph);
      const v0 = max(0, j0), v1 = min(W, j0 + pw);
      for (let c = 0; c < C; c += 4) {
        const lanes = C - c;
        let best = f32x4.splat(-Infinity);
        for (let u = u0; u < u1; u++) for (let v = v0; v < v1; v++) best = f32x4.max(best, loadLanes(address(at(x, n, u, v, H, W, C), c), lanes));
        storeLanes(address(y, out + c), best, lanes);
        let place = nowhere(bytes);
        for (let u = u1 - 1; u >= u0; u--) for (let v = v1 - 1; v >= v0; v--) {
          const hit = f32x4.eq(loadLanes(address(at(x, n, u, v, H, W, C), c), lanes), best);
          place = v128.bitselect(i32x4.splat((u - i0) * pw + v - j0), place, hit);
        }
        storePlaces(places, out + c, place, lanes, bytes);
      }
    }
  }
}

/** dx of a window of 4: dy where the largest was, 0 elsewhere. */
// @ts-ignore: decorator
@inline function gradientOfFour(place: v128, d: v128, q: usize, next: usize, below: usize, lanes: i32): void {
  storeLanes(q, v128.and(d, i32x4.eq(place, zero())), lanes);
  storeLanes(q + next, v128.and(d, i32x4.eq(place, i32x4.splat(1))), lanes);
  storeLanes(q + below, v128.and(d, i32x4.eq(place, i32x4.splat(2))), lanes);
  storeLanes(q + below + next, v128.and(d, i32x4.eq(place, i32x4.splat(3))), lanes);
}

/** dx: dy goes to where the window's largest value was; places as maxPool2d leaves them. */
export function maxPool2dGradient(begin: i32, end: i32, rows: i32, places: usize, dy: usize, dx: usize, bytes: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, ph: i32, pw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  const next = <usize>C << 2;
  const below = <usize>(W * C) << 2;
  const plain = ph == 2 && pw == 2 && sh == 2 && sw == 2 && top == 0 && left == 0 && 2 * OH == H && 2 * OW == W;
  for (let n = begin; n < end; n++) {
    // Where every input lies in exactly one window, each is written once.
    if (!plain) memory.fill(at(dx, n, 0, 0, H, W, C), 0, <usize>H * below);
    for (let i = 0; i < OH; i++) for (let j = 0; j < OW; j++) {
      const out = ((n * OH + i) * OW + j) * C;
      if (plain) {
        const q = at(dx, n, 2 * i, 2 * j, H, W, C);
        let c = 0;
        for (; c + 4 <= C; c += 4) gradientOfFour(loadPlaces(places, out + c, 4, 1), v128.load(address(dy, out + c)), address(q, c), next, below, 4);
        if (c < C) gradientOfFour(loadPlaces(places, out + c, C - c, 1), loadLanes(address(dy, out + c), C - c), address(q, c), next, below, C - c);
      } else {
        const i0 = i * sh - top, j0 = j * sw - left;
        const u0 = max(0, i0), u1 = min(H, i0 + ph);
        const v0 = max(0, j0), v1 = min(W, j0 + pw);
        for (let c = 0; c < C; c += 4) {
          const lanes = C - c;
          const d = loadLanes(address(dy, out + c), lanes), place = loadPlaces(places, out + c, lanes, bytes);
          for (let u = u0; u < u1; u++) for (let v = v0; v < v1; v++) {
            const q = address(at(dx, n, u, v, H, W, C), c);
            const hit = i32x4.eq(place, i32x4.splat((u - i0) * pw + v - j0));
            storeLanes(q, f32x4.add(loadLanes(q, lanes), v128.and(d, hit)), lanes);
          }
        }
      }
    }
  }
}

/** y = the mean of the window's places inside the image. */
export function averagePool2d(begin: i32, end: i32, rows: i32, x: usize, y: usize, H: i32, W: i32, C: i32, OH: i32, OW: i32, ph: i32, pw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  for (let n = begin; n < end; n++) for (let i = 0; i < OH; i++) for (let j = 0; j < OW; j++) {
    const u0 = max(0, i * sh - top), u1 = min(H, i * sh - top + ph);
    const v0 = max(0, j * sw - left), v1 = min(W, j * sw - left + pw);
    const count = f32x4.splat(<f32>((u1 - u0) * (v1 - v0)));
    for (let c = 0; c < C; c += 4) {
      const lanes = C - c;
      let sum = zero();
      for (let u = u0; u < u1; u++) for (let v = v0; v < v1; v++) sum = f32x4.add(sum, loadLanes(address(at(x, n, u, v, H, W, C), c), lanes));
      storeLanes(address(at(y, n, i, j, OH, OW, C), c), f32x4.div(sum, count), lanes);
    }
  }
}

export function averagePool2dGradient(begin: i32, end: i32, rows: i32, dy: usize, dx: usize, H: i32, W: i32, C: i32, OH: i32, OW: i32, ph: i32, pw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  for (let n = begin; n < end; n++) {
    memory.fill(at(dx, n, 0, 0, H, W, C), 0, <usize>(H * W * C) << 2);
    for (let i = 0; i < OH; i++) for (let j = 0; j < OW; j++) {
      const u0 = max(0, i * sh - top), u1 = min(H, i * sh - top + ph);
      const v0 = max(0, j * sw - left), v1 = min(W, j * sw - left + pw);
      const count = f32x4.splat(<f32>((u1 - u0) * (v1 - v0)));
      for (let c = 0; c < C; c += 4) {
        const lanes = C - c;
        const share = f32x4.div(loadLanes(address(at(dy, n, i, j, OH, OW, C), c), lanes), count);
        for (let u = u0; u < u1; u++) for (let v = v0; v < v1; v++) {
          const q = address(at(dx, n, u, v, H, W, C), c);
          storeLanes(q, f32x4.add(loadLanes(q, lanes), share), lanes);
        }
      }
    }
  }
}
