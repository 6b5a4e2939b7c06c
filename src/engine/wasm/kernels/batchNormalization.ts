// Batch normalization over x [R, C], R = the rows in use * P (P pixels per image; 1 after flatten).
//
// Moments: per chunk of the batch, one pass over x with d = x - pivot (the chunk's first value): sums of d and d^2 give
// the chunk's mean and its sum of squared deviations, without the cancellation of E[x^2] - E[x]^2. Chunks are joined in
// order in f64 (Chan, Golub and LeVeque 1979). All passes go through 16 or 8 channels at a time: whole cache lines.
import { address, loadLanes, multiplyAdd, storeLanes, zero } from './vector';

/** Unit: `chunk` rows of the batch. partial[unit][0][c] = mean, partial[unit][1][c] = sum of squared deviations. */
export function momentsPartial(begin: i32, end: i32, rows: i32, x: usize, partial: usize, chunk: i32, P: i32, C: i32): void {
  for (let unit = begin; unit < end; unit++) {
    const first = unit * chunk * P;
    const last = min((unit + 1) * chunk, rows) * P;
    const inverse = f32x4.splat(<f32>1 / <f32>(last - first));
    const step = <usize>C << 2;
    const means = address(partial, unit * 2 * C);
    const squares = address(means, C);
    let c = 0;
    for (; c + 16 <= C; c += 16) {
      let p = address(x, first * C + c);
      const v0 = v128.load(p), v1 = v128.load(p, 16), v2 = v128.load(p, 32), v3 = v128.load(p, 48);
      let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero(), q0 = zero(), q1 = zero(), q2 = zero(), q3 = zero();
      for (let r = first; r < last; r++, p += step) {
        let d = f32x4.sub(v128.load(p), v0); s0 = f32x4.add(s0, d); q0 = multiplyAdd(d, d, q0);
        d = f32x4.sub(v128.load(p, 16), v1); s1 = f32x4.add(s1, d); q1 = multiplyAdd(d, d, q1);
        d = f32x4.sub(v128.load(p, 32), v2); s2 = f32x4.add(s2, d); q2 = multiplyAdd(d, d, q2);
        d = f32x4.sub(v128.load(p, 48), v3); s3 = f32x4.add(s3, d); q3 = multiplyAdd(d, d, q3);
      }
      finish(means, squares, c, v0, s0, q0, inverse, 4); finish(means, squares, c + 4, v1, s1, q1, inverse, 4);
      finish(means, squares, c + 8, v2, s2, q2, inverse, 4); finish(means, squares, c + 12, v3, s3, q3, inverse, 4);
    }
    for (; c < C; c += 4) {
      const lanes = C - c;
      const pivot = loadLanes(address(x, first * C + c), lanes);
      let s = zero(), q = zero();
      for (let r = first; r < last; r++) {
        const d = f32x4.sub(loadLanes(address(x, r * C + c), lanes), pivot);
        s = f32x4.add(s, d); q = multiplyAdd(d, d, q);
      }
      finish(means, squares, c, pivot, s, q, inverse, lanes);
    }
  }
}

// @ts-ignore: decorator
@inline function finish(means: usize, squares: usize, c: i32, pivot: v128, s: v128, q: v128, inverse: v128, lanes: i32): void {
  const shift = f32x4.mul(s, inverse);
  storeLanes(address(means, c), f32x4.add(pivot, shift), lanes);
  storeLanes(address(squares, c), f32x4.sub(q, f32x4.mul(s, shift)), lanes);
}

/** Unit: a channel. */
export function momentsJoin(begin: i32, end: i32, rows: i32, partial: usize, mean: usize, variance: usize, chunk: i32, P: i32, C: i32): void {
  const chunks = (rows + chunk - 1) / chunk;
  const total = <f64>rows * <f64>P;
  for (let c = begin; c < end; c++) {
    let sum: f64 = 0;
    for (let k = 0; k < chunks; k++) sum += <f64>f32.load(address(partial, 2 * k * C + c)) * <f64>((min((k + 1) * chunk, rows) - k * chunk) * P);
    const average = sum / total;
    let squares: f64 = 0;
    for (let k = 0; k < chunks; k++) {
      const count = <f64>((min((k + 1) * chunk, rows) - k * chunk) * P);
      const distance = <f64>f32.load(address(partial, 2 * k * C + c)) - average;
      squares += <f64>f32.load(address(partial, (2 * k + 1) * C + c)) + count * distance * distance;
    }
    f32.store(address(mean, c), <f32>average);
    // Rounding can leave a constant channel a little below zero; NaN must stay.
    f32.store(address(variance, c), squares < 0 ? 0 : <f32>(squares / total));
  }
}

// @ts-ignore: decorator
@inline function inverseDeviation(variance: v128, epsilon: f32): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(epsilon))));
}

/** y = (x - mean) / sqrt(variance + epsilon) * gamma + beta. Unit: `chunk` rows of the batch. */
export function normalize(begin: i32, end: i32, rows: i32, x: usize, mean: usize, variance: usize, gamma: usize, beta: usize, y: usize, epsilon: f32, chunk: i32, P: i32, C: i32): void {
  const first = begin * chunk * P;
  const last = min(end * chunk, rows) * P;
  const step = <usize>C << 2;
  // An image at a time, so that its lines are still in the cache for the next channels.
  const block = max(P, 16);
  for (let top = first; top < last; top += block) {
    const bottom = min(top + block, last);
    let c = 0;
    for (; c + 16 <= C; c += 16) {
      const m0 = v128.load(address(mean, c)), m1 = v128.load(address(mean, c), 16), m2 = v128.load(address(mean, c), 32), m3 = v128.load(address(mean, c), 48);
      const b0 = v128.load(address(beta, c)), b1 = v128.load(address(beta, c), 16), b2 = v128.load(address(beta, c), 32), b3 = v128.load(address(beta, c), 48);
      const k0 = f32x4.mul(v128.load(address(gamma, c)), inverseDeviation(v128.load(address(variance, c)), epsilon));
      const k1 = f32x4.mul(v128.load(address(gamma, c), 16), inverseDeviation(v128.load(address(variance, c), 16), epsilon));
      const k2 = f32x4.mul(v128.load(address(gamma, c), 32), inverseDeviation(v128.load(address(variance, c), 32), epsilon));
      const k3 = f32x4.mul(v128.load(address(gamma, c), 48), inverseDeviation(v128.load(address(variance, c), 48), epsilon));
      let p = address(x, top * C + c), q = address(y, top * C + c);
      for (let r = top; r < bottom; r++, p += step, q += step) {
        v128.store(q, multiplyAdd(f32x4.sub(v128.load(p), m0), k0, b0));
        v128.store(q, multiplyAdd(f32x4.sub(v128.load(p, 16), m1), k1, b1), 16);
        v128.store(q, multiplyAdd(f32x4.sub(v128.load(p, 32), m2), k2, b2), 32);
        v128.store(q, multiplyAdd(f32x4.sub(v128.load(p, 48), m3), k3, b3), 48);
      }
    }
    for (; c < C; c += 4) {
      const lanes = C - c;
      const m = loadLanes(address(mean, c), lanes), b = loadLanes(address(beta, c), lanes);
      const k = f32x4.mul(loadLanes(address(gamma, c), lanes), inverseDeviation(loadLanes(address(variance, c), lanes), epsilon));
      for (let r = top; r < bottom; r++) {
        storeLanes(address(y, r * C + c), multiplyAdd(f32x4.sub(loadLanes(address(x, r * C + c), lanes), m), k, b), lanes);
      }
    }
  }
}

/** Unit: `chunk` rows of the batch. partial[unit][0][c] = sum of dy, partial[unit][1][c] = sum of dy (x - mean). */
export function normalizeGradientPartial(begin: i32, end: i32, rows: i32, x: usize, mean: usize, dy: usize, partial: usize, chunk: i32, P: i32, C: i32): void {
  for (let unit = begin; unit < end; unit++) {
    const first = unit * chunk * P;
    const last = min((unit + 1) * chunk, rows) * P;
    const step = <usize>C << 2;
    const sums = address(partial, unit * 2 * C);
    const products = address(sums, C);
    let c = 0;
    for (; c + 16 <= C; c += 16) {
      const m0 = v128.load(address(mean, c)), m1 = v128.load(address(mean, c), 16), m2 = v128.load(address(mean, c), 32), m3 = v128.load(address(mean, c), 48);
      let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero(), q0 = zero(), q1 = zero(), q2 = zero(), q3 = zero();
      let p = address(x, first * C + c), g = address(dy, first * C + c);
      for (let r = first; r < last; r++, p += step, g += step) {
        let d = v128.load(g); s0 = f32x4.add(s0, d); q0 = multiplyAdd(d, f32x4.sub(v128.load(p), m0), q0);
        d = v128.load(g, 16); s1 = f32x4.add(s1, d); q1 = multiplyAdd(d, f32x4.sub(v128.load(p, 16), m1), q1);
        d = v128.load(g, 32); s2 = f32x4.add(s2, d); q2 = multiplyAdd(d, f32x4.sub(v128.load(p, 32), m2), q2);
        d = v128.load(g, 48); s3 = f32x4.add(s3, d); q3 = multiplyAdd(d, f32x4.sub(v128.load(p, 48), m3), q3);
      }
      let q = address(sums, c);
      v128.store(q, s0); v128.store(q, s1, 16); v128.store(q, s2, 32); v128.store(q, s3, 48);
      q = address(products, c);
      v128.store(q, q0); v128.store(q, q1, 16); v128.store(q, q2, 32); v128.store(q, q3, 48);
    }
    for (; c < C; c += 4) {
      const lanes = C - c;
      const m = loadLanes(address(mean, c), lanes);
      let s = zero(), q = zero();
      for (let r = first; r < last; r++) {
        const d = loadLanes(address(dy, r * C + c), lanes);
        s = f32x4.add(s, d);
        q = multiplyAdd(d, f32x4.sub(loadLanes(address(x, r * C + c), lanes), m), q);
      }
      storeLanes(address(sums, c), s, lanes);
      storeLanes(address(products, c), q, lanes);
    }
  }
}

/** Unit: a channel. dBeta = sum of dy; dGamma = sum of dy (x - mean) / sqrt(variance + epsilon). */
export function normalizeGradientJoin(begin: i32, end: i32, rows: i32, partial: usize, variance: usize, dGamma: usize, dBeta: usize, epsilon: f32, chunk: i32, C: i32): void {
  const chunks = (rows + chunk - 1) / chunk;
  for (let c = begin; c < end; c++) {
    let sum: f64 = 0, product: f64 = 0;
    for (let k = 0; k < chunks; k++) {
      sum += <f64>f32.load(address(partial, 2 * k * C + c));
      product += <f64>f32.load(address(partial, (2 * k + 1) * C + c));
    }
    f32.store(address(dBeta, c), <f32>sum);
    f32.store(address(dGamma, c), <f32>(product / sqrt(<f64>f32.load(address(variance, c)) + <f64>epsilon)));
  }
}

/**
 * dx = gamma s (dy - dBeta / R - (x - mean) s dGamma / R), s = 1 / sqrt(variance + epsilon). Unit: `chunk` rows.
 * As k dy - (x - mean) f - e, with three factors per channel: 8 channels at a time fit the registers.
 */
export function normalizeGradient(
  begin: i32, end: i32, rows: i32,
  x: usize, mean: usize, variance: usize, gamma: usize, dy: usize, dGamma: usize, dBeta: usize, dx: usize, epsilon: f32, chunk: i32, P: i32, C: i32,
): void {
  const first = begin * chunk * P;
  const last = min(end * chunk, rows) * P;
  const step = <usize>C << 2;
  const share = f32x4.splat(<f32>1 / <f32>(rows * P));
  const block = max(P, 16);
  for (let top = first; top < last; top += block) {
    const bottom = min(top + block, last);
    let c = 0;
    for (; c + 8 <= C; c += 8) {
      const m0 = v128.load(address(mean, c)), m1 = v128.load(address(mean, c), 16);
      const i0 = inverseDeviation(v128.load(address(variance, c)), epsilon), i1 = inverseDeviation(v128.load(address(variance, c), 16), epsilon);
      const k0 = f32x4.mul(v128.load(address(gamma, c)), i0), k1 = f32x4.mul(v128.load(address(gamma, c), 16), i1);
      const e0 = f32x4.mul(k0, f32x4.mul(v128.load(address(dBeta, c)), share)), e1 = f32x4.mul(k1, f32x4.mul(v128.load(address(dBeta, c), 16), share));
      const f0 = f32x4.mul(f32x4.mul(k0, i0), f32x4.mul(v128.load(address(dGamma, c)), share));
      const f1 = f32x4.mul(f32x4.mul(k1, i1), f32x4.mul(v128.load(address(dGamma, c), 16), share));
      let p = address(x, top * C + c), g = address(dy, top * C + c), q = address(dx, top * C + c);
      for (let r = top; r < bottom; r++, p += step, g += step, q += step) {
        const a = f32x4.sub(f32x4.mul(k0, v128.load(g)), f32x4.mul(f32x4.sub(v128.load(p), m0), f0));
        const b = f32x4.sub(f32x4.mul(k1, v128.load(g, 16)), f32x4.mul(f32x4.sub(v128.load(p, 16), m1), f1));
        v128.store(q, f32x4.sub(a, e0));
        v128.store(q, f32x4.sub(b, e1), 16);
      }
    }
    for (; c < C; c += 4) {
      const lanes = C - c;
      const m = loadLanes(address(mean, c), lanes);
      const i = inverseDeviation(loadLanes(address(variance, c), lanes), epsilon);
      const k = f32x4.mul(loadLanes(address(gamma, c), lanes), i);
      const e = f32x4.mul(k, f32x4.mul(loadLanes(address(dBeta, c), lanes), share));
      const f = f32x4.mul(f32x4.mul(k, i), f32x4.mul(loadLanes(address(dGamma, c), lanes), share));
      for (let r = top; r < bottom; r++) {
        const d = f32x4.mul(f32x4.sub(loadLanes(address(x, r * C + c), lanes), m), f);
        storeLanes(address(dx, r * C + c), f32x4.sub(f32x4.sub(f32x4.mul(k, loadLanes(address(dy, r * C + c), lanes)), d), e), lanes);
      }
    }
  }
}

/** dx = dy gamma / sqrt(variance + epsilon). Unit: `chunk` rows of the batch. */
export function scaleChannels(begin: i32, end: i32, rows: i32, dy: usize, gamma: usize, variance: usize, dx: usize, epsilon: f32, chunk: i32, P: i32, C: i32): void {
  const last = min(end * chunk, rows) * P;
  for (let r = begin * chunk * P; r < last; r++) {
    for (let c = 0; c < C; c += 4) {
      const lanes = C - c;
      const k = f32x4.mul(loadLanes(address(gamma, c), lanes), inverseDeviation(loadLanes(address(variance, c), lanes), epsilon));
      storeLanes(address(dx, r * C + c), f32x4.mul(loadLanes(address(dy, r * C + c), lanes), k), lanes);
    }
  }
}

/**
 * Batch normalization with given statistics, put into the kernel [R, O] beside it, R = taps * C: scale s and shift t per
 * input channel (isInput) or output channel. Unit: 64 output channels, one value at a time, in f64. Workspace: 64 f64.
 */
export function foldNormalization(
  begin: i32, end: i32, rows: i32,
  kernel: usize, gamma: usize, beta: usize, mean: usize, variance: usize, bias: usize, folded: usize, foldedBias: usize, workspace: usize,
  epsilon: f64, R: i32, C: i32, O: i32, isInput: i32,
): void {
  for (let unit = begin; unit < end; unit++) {
    const first = unit << 6, last = min(first + 64, O);
    for (let o = first; o < last; o++) {
      const from = bias != 0 ? <f64>f32.load(address(bias, o)) : 0;
      const at = workspace + (<usize>(o - first) << 3);
      if (isInput) {
        f64.store(at, from);
      } else {
        const s = <f64>f32.load(address(gamma, o)) / sqrt(<f64>f32.load(address(variance, o)) + epsilon);
        f64.store(at, s);
        f32.store(address(foldedBias, o), <f32>((from - <f64>f32.load(address(mean, o))) * s + <f64>f32.load(address(beta, o))));
      }
    }
    for (let r = 0; r < R; r++) {
      let s: f64 = 0, t: f64 = 0;
      if (isInput) {
        const c = r % C;
        s = <f64>f32.load(address(gamma, c)) / sqrt(<f64>f32.load(address(variance, c)) + epsilon);
        t = <f64>f32.load(address(beta, c)) - <f64>f32.load(address(mean, c)) * s;
      }
      for (let o = first; o < last; o++) {
        const k = <f64>f32.load(address(kernel, r * O + o));
        const at = workspace + (<usize>(o - first) << 3);
        if (isInput) f64.store(at, f64.load(at) + k * t);
        else s = f64.load(at);
        f32.store(address(folded, r * O + o), <f32>(k * s));
      }
    }
    if (isInput) for (let o = first; o < last; o++) f32.store(address(foldedBias, o), <f32>f64.load(workspace + (<usize>(o - first) << 3)));
  }
}
