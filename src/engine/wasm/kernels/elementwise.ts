// Kernels that compute every value from the values at the same place. Unit: `chunk` values; `total` = 0 stands for
// rows * chunk (a chunk is then one row of the batch). Whole vectors first, the last few values one by one.
import { address, loadLanes, multiplyAdd, storeLanes, zero } from './vector';
import { exp, log } from './math';

// @ts-ignore: decorator
@inline export function limit(end: i32, rows: i32, chunk: i32, total: i32): i32 {
  return min(end * chunk, total == 0 ? rows * chunk : total);
}

/** Unit: one. */
export function copy(begin: i32, end: i32, rows: i32, x: usize, y: usize, bytes: i32): void {
  if (begin < end) memory.copy(y, x, bytes);
}

export function add(begin: i32, end: i32, rows: i32, a: usize, b: usize, y: usize, chunk: i32, total: i32): void {
  const stop = limit(end, rows, chunk, total);
  let i = begin * chunk;
  for (; i + 4 <= stop; i += 4) v128.store(address(y, i), f32x4.add(v128.load(address(a, i)), v128.load(address(b, i))));
  if (i < stop) {
    const lanes = stop - i;
    storeLanes(address(y, i), f32x4.add(loadLanes(address(a, i), lanes), loadLanes(address(b, i), lanes)), lanes);
  }
}

/** y = factor * s[0] * x. */
export function scaleByScalar(begin: i32, end: i32, rows: i32, x: usize, s: usize, y: usize, factor: f32, chunk: i32, total: i32): void {
  const stop = limit(end, rows, chunk, total);
  const scale = f32x4.splat(factor * f32.load(s));
  for (let i = begin * chunk; i < stop; i += 4) {
    const lanes = stop - i;
    storeLanes(address(y, i), f32x4.mul(scale, loadLanes(address(x, i), lanes)), lanes);
  }
}

/** state = state * momentum + value * (1 - momentum). */
export function updateMovingAverage(begin: i32, end: i32, rows: i32, state: usize, value: usize, momentum: f32, rest: f32, chunk: i32, total: i32): void {
  const stop = limit(end, rows, chunk, total);
  for (let i = begin * chunk; i < stop; i += 4) {
    const lanes = stop - i;
    const p = address(state, i);
    const kept = f32x4.mul(loadLanes(p, lanes), f32x4.splat(momentum));
    storeLanes(p, multiplyAdd(loadLanes(address(value, i), lanes), f32x4.splat(rest), kept), lanes);
  }
}

/** y[r, c] = x[r, c] + bias[c]. Unit: a row of the batch, which holds P rows of C values. */
export function addBias(begin: i32, end: i32, rows: i32, x: usize, bias: usize, y: usize, P: i32, C: i32): void {
  for (let r = begin * P; r < end * P; r++) {
    for (let c = 0; c < C; c += 4) {
      const lanes = C - c;
      storeLanes(address(y, r * C + c), f32x4.add(loadLanes(address(x, r * C + c), lanes), loadLanes(address(bias, c), lanes)), lanes);
    }
  }
}

/** y = max(x, 0); NaN stays NaN. */
export function relu(begin: i32, end: i32, rows: i32, x: usize, y: usize, chunk: i32, total: i32): void {
  const stop = limit(end, rows, chunk, total);
  let i = begin * chunk;
  for (; i + 4 <= stop; i += 4) v128.store(address(y, i), f32x4.max(v128.load(address(x, i)), zero()));
  if (i < stop) storeLanes(address(y, i), f32x4.max(loadLanes(address(x, i), stop - i), zero()), stop - i);
}

/** dx = dy where y > 0, else 0. */
export function reluGradient(begin: i32, end: i32, rows: i32, y: usize, dy: usize, dx: usize, chunk: i32, total: i32): void {
  const stop = limit(end, rows, chunk, total);
  let i = begin * chunk;
  for (; i + 4 <= stop; i += 4) {
    const mask = f32x4.gt(v128.load(address(y, i)), zero());
    v128.store(address(dx, i), v128.and(mask, v128.load(address(dy, i))));
  }
  if (i < stop) {
    const lanes = stop - i;
    const mask = f32x4.gt(loadLanes(address(y, i), lanes), zero());
    storeLanes(address(dx, i), v128.and(mask, loadLanes(address(dy, i), lanes)), lanes);
  }
}

const LEAKY_RELU: i32 = 1;
const ELU: i32 = 2;
const SIGMOID: i32 = 3;
const TANH: i32 = 4;

/** scale * f(x); one value at a time, in f64. kind: 1 leakyRelu, 2 elu, 3 sigmoid, 4 tanh, 5 softplus. */
export function activation(begin: i32, end: i32, rows: i32, x: usize, y: usize, kind: i32, alpha: f64, scale: f64, chunk: i32, total: i32): void {
  const stop = limit(end, rows, chunk, total);
  for (let i = begin * chunk; i < stop; i++) {
    const v = <f64>f32.load(address(x, i));
    let w: f64;
    if (kind == LEAKY_RELU) w = v < 0 ? alpha * v : v;
    else if (kind == ELU) w = v < 0 ? alpha * expm1(v) : v;
    else if (kind == SIGMOID) w = 1 / (1 + exp(-v));
    else if (kind == TANH) w = tanh(v);
    else w = v > 30 ? v : log1p(exp(v));
    f32.store(address(y, i), <f32>(scale * w));
  }
}

/** dx = f'(x) dy, from y = f(x). */
export function activationGradient(begin: i32, end: i32, rows: i32, y: usize, dy: usize, dx: usize, kind: i32, alpha: f64, scale: f64, chunk: i32, total: i32): void {
  const stop = limit(end, rows, chunk, total);
  for (let i = begin * chunk; i < stop; i++) {
    const v = <f64>f32.load(address(y, i));
    let slope: f64;
    if (kind == LEAKY_RELU) slope = v > 0 ? 1 : alpha;
    else if (kind == ELU) slope = v > 0 ? scale : v + alpha * scale;
    else if (kind == SIGMOID) slope = v * (1 - v);
    else if (kind == TANH) slope = 1 - v * v;
    else slope = 0 - expm1(-v);
    f32.store(address(dx, i), <f32>(slope * <f64>f32.load(address(dy, i))));
  }
}

/** e^x - 1 to f32 precision. */
// @ts-ignore: decorator
@inline function expm1(x: f64): f64 {
  return abs(x) < 1e-4 ? x * (1 + x * (0.5 + x * 0.16666666666666666)) : exp(x) - 1;
}

/** log(1 + x) to f32 precision, x >= 0. */
// @ts-ignore: decorator
@inline function log1p(x: f64): f64 {
  return x < 1e-4 ? x * (1 - x * (0.5 - x * 0.3333333333333333)) : log(1 + x);
}

// @ts-ignore: decorator
@inline function tanh(x: f64): f64 {
  const t = expm1(-2 * abs(x));
  const size = -t / (t + 2);
  return x < 0 ? -size : size;
}
