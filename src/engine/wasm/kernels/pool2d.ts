// Pooling, channels last: 4 channels at a time. Unit: an image. Windows may overlap; places outside do not count.
import { address, loadLanes, storeLanes, zero } from './vector';

// @ts-ignore: decorator
@inline function at(base: usize, n: i32, i: i32, j: i32, H: i32, W: i32, C: i32): usize {
  return address(base, ((n * H + i) * W + j) * C);
}

/** y = the largest of the window; NaN wins. */
export function maxPool2d(begin: i32, end: i32, rows: i32, x: usize, y: usize, H: i32, W: i32, C: i32, OH: i32, OW: i32, ph: i32, pw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  const next = <usize>C << 2;
  const below = <usize>(W * C) << 2;
  const plain = ph == 2 && pw == 2 && sh == 2 && sw == 2 && top == 0 && left == 0 && 2 * OH <= H && 2 * OW <= W;
  for (let n = begin; n < end; n++) for (let i = 0; i < OH; i++) for (let j = 0; j < OW; j++) {
    const q = at(y, n, i, j, OH, OW, C);
    if (plain) {
      const p = at(x, n, 2 * i, 2 * j, H, W, C);
      let c = 0;
      for (; c + 4 <= C; c += 4) {
        const a = address(p, c);
        const upper = f32x4.max(v128.load(a), v128.load(a + next));
        const lower = f32x4.max(v128.load(a + below), v128.load(a + below + next));
        v128.store(address(q, c), f32x4.max(upper, lower));
      }
      if (c < C) {
        const lanes = C - c;
        const a = address(p, c);
        const upper = f32x4.max(loadLanes(a, lanes), loadLanes(a + next, lanes));
        const lower = f32x4.max(loadLanes(a + below, lanes), loadLanes(a + below + next, lanes));
        storeLanes(address(q, c), f32x4.max(upper, lower), lanes);
      }
    } else {
      const u0 = max(0, i * sh - top), u1 = min(H, i * sh - top + ph);
      const v0 = max(0, j * sw - left), v1 = min(W, j * sw - left + pw);
      for (let c = 0; c < C; c += 4) {
        const lanes = C - c;
        let best = f32x4.splat(-Infinity);
        for (let u = u0; u < u1; u++) for (let v = v0; v < v1; v++) best = f32x4.max(best, loadLanes(address(at(x, n, u, v, H, W, C), c), lanes));
        storeLanes(address(q, c), best, lanes);
      }
    }
  }
}

/** dx: dy goes to the first place of the window, in row-major order, that equals y. */
export function maxPool2dGradient(begin: i32, end: i32, rows: i32, x: usize, y: usize, dy: usize, dx: usize, H: i32, W: i32, C: i32, OH: i32, OW: i32, ph: i32, pw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  const next = <usize>C << 2;
  const below = <usize>(W * C) << 2;
  const plain = ph == 2 && pw == 2 && sh == 2 && sw == 2 && top == 0 && left == 0 && 2 * OH == H && 2 * OW == W;
  for (let n = begin; n < end; n++) {
    if (!plain) memory.fill(at(dx, n, 0, 0, H, W, C), 0, <usize>H * below);
    for (let i = 0; i < OH; i++) for (let j = 0; j < OW; j++) {
      const out = ((n * OH + i) * OW + j) * C;
      if (plain) {
        // Every input lies in exactly one window: each is written once.
        const offset = <usize>(((n * H + 2 * i) * W + 2 * j) * C) << 2;
        let c = 0;
        for (; c + 4 <= C; c += 4) {
          const largest = v128.load(address(y, out + c)), d = v128.load(address(dy, out + c));
          const p = address(x, c) + offset, q = address(dx, c) + offset;
          let hit = f32x4.eq(v128.load(p), largest);
          let left = v128.andnot(d, hit);
          v128.store(q, v128.and(d, hit));
          hit = f32x4.eq(v128.load(p + next), largest);
          v128.store(q + next, v128.and(left, hit));
          left = v128.andnot(left, hit);
          hit = f32x4.eq(v128.load(p + below), largest);
          v128.store(q + below, v128.and(left, hit));
          left = v128.andnot(left, hit);
          v128.store(q + below + next, v128.and(left, f32x4.eq(v128.load(p + below + next), largest)));
        }
        if (c < C) {
          const lanes = C - c;
          const largest = loadLanes(address(y, out + c), lanes), d = loadLanes(address(dy, out + c), lanes);
          const p = address(x, c) + offset, q = address(dx, c) + offset;
          let hit = f32x4.eq(loadLanes(p, lanes), largest);
          let left = v128.andnot(d, hit);
          storeLanes(q, v128.and(d, hit), lanes);
          hit = f32x4.eq(loadLanes(p + next, lanes), largest);
          storeLanes(q + next, v128.and(left, hit), lanes);
          left = v128.andnot(left, hit);
          hit = f32x4.eq(loadLanes(p + below, lanes), largest);
          storeLanes(q + below, v128.and(left, hit), lanes);
          left = v128.andnot(left, hit);
          storeLanes(q + below + next, v128.and(left, f32x4.eq(loadLanes(p + below + next, lanes), largest)), lanes);
        }
      } else {
        const u0 = max(0, i * sh - top), u1 = min(H, i * sh - top + ph);
        const v0 = max(0, j * sw - left), v1 = min(W, j * sw - left + pw);
        for (let c = 0; c < C; c += 4) {
          const lanes = C - c;
          const largest = loadLanes(address(y, out + c), lanes), d = loadLanes(address(dy, out + c), lanes);
          let taken = zero();
          for (let u = u0; u < u1; u++) for (let v = v0; v < v1; v++) {
            const hit = v128.andnot(f32x4.eq(loadLanes(address(at(x, n, u, v, H, W, C), c), lanes), largest), taken);
            taken = v128.or(taken, hit);
            const q = address(at(dx, n, u, v, H, W, C), c);
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
