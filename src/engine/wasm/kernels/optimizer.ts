// Weight updates, in place. Unit: `chunk` of `total` values.
import { address, loadLanes, multiplyAdd, storeLanes } from './vector';

/** v = momentum v - lr g; w += v, or w += momentum v - lr g (Nesterov). v = 0: no momentum. scalars: (lr). */
export function sgd(begin: i32, end: i32, rows: i32, w: usize, g: usize, v: usize, scalars: usize, momentum: f32, nesterov: i32, chunk: i32, total: i32): void {
  const rate = f32x4.splat(f32.load(scalars));
  const m = f32x4.splat(momentum);
  const stop = min(end * chunk, total);
  for (let i = begin * chunk; i < stop; i += 4) {
    const lanes = stop - i;
    const step = f32x4.mul(rate, loadLanes(address(g, i), lanes));
    const weight = loadLanes(address(w, i), lanes);
    if (v == 0) {
      storeLanes(address(w, i), f32x4.sub(weight, step), lanes);
      continue;
    }
    const velocity = f32x4.sub(f32x4.mul(m, loadLanes(address(v, i), lanes)), step);
    storeLanes(address(v, i), velocity, lanes);
    const move = nesterov ? f32x4.sub(f32x4.mul(m, velocity), step) : velocity;
    storeLanes(address(w, i), f32x4.add(weight, move), lanes);
  }
}

/** Values below 1e-30 become 0: arithmetic on subnormals is many times slower, and a dead unit's moments end there. */
// @ts-ignore: decorator
@inline function flush(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), f32x4.splat(1e-30)));
}

/** Adam and AdamW; scalars: (rate with the bias corrections in it, decay). rest1 = 1 - beta1, rest2 = 1 - beta2. */
export function adam(
  begin: i32, end: i32, rows: i32,
  w: usize, g: usize, m: usize, v: usize, scalars: usize, beta1: f32, rest1: f32, beta2: f32, rest2: f32, epsilon: f32, chunk: i32, total: i32,
): void {
  const rate = f32x4.splat(f32.load(scalars)), decay = f32x4.splat(f32.load(scalars, 4));
  const b1 = f32x4.splat(beta1), r1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2), r2 = f32x4.splat(rest2), e = f32x4.splat(epsilon);
  const stop = min(end * chunk, total);
  for (let i = begin * chunk; i < stop; i += 4) {
    const lanes = stop - i;
    const gradient = loadLanes(address(g, i), lanes);
    const first = flush(multiplyAdd(r1, gradient, f32x4.mul(b1, loadLanes(address(m, i), lanes))));
    const second = flush(multiplyAdd(r2, f32x4.mul(gradient, gradient), f32x4.mul(b2, loadLanes(address(v, i), lanes))));
    storeLanes(address(m, i), first, lanes);
    storeLanes(address(v, i), second, lanes);
    const weight = loadLanes(address(w, i), lanes);
    const decayed = f32x4.sub(weight, f32x4.mul(decay, weight));
    const move = f32x4.div(f32x4.mul(rate, first), f32x4.add(f32x4.sqrt(second), e));
    storeLanes(address(w, i), f32x4.sub(decayed, move), lanes);
  }
}
