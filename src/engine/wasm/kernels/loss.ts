// Softmax and cross-entropy. Unit: a row of C values. Few values, so one at a time, in f64 where they are summed.
import { address } from './vector';
import { exp, log } from './math';

// @ts-ignore: decorator
@inline function largestOf(p: usize, C: i32): f64 {
  let top = <f64>f32.load(p);
  for (let c = 1; c < C; c++) top = max(top, <f64>f32.load(address(p, c)));
  return top;
}

export function softmax(begin: i32, end: i32, rows: i32, x: usize, y: usize, chunk: i32, C: i32): void {
  for (let n = begin * chunk; n < end * chunk; n++) softmaxRow(address(x, n * C), address(y, n * C), C);
}

/** Writes softmax(x) to y and returns log(sum of e^x). */
function softmaxRow(p: usize, q: usize, C: i32): f64 {
  const top = largestOf(p, C);
  let sum: f64 = 0;
  for (let c = 0; c < C; c++) sum += exp(<f64>f32.load(address(p, c)) - top);
  for (let c = 0; c < C; c++) f32.store(address(q, c), <f32>(exp(<f64>f32.load(address(p, c)) - top) / sum));
  return top + log(sum);
}

export function softmaxGradient(begin: i32, end: i32, rows: i32, y: usize, dy: usize, dx: usize, chunk: i32, C: i32): void {
  for (let n = begin * chunk; n < end * chunk; n++) {
    let sum: f64 = 0;
    for (let c = 0; c < C; c++) sum += <f64>f32.load(address(y, n * C + c)) * <f64>f32.load(address(dy, n * C + c));
    for (let c = 0; c < C; c++) {
      f32.store(address(dx, n * C + c), <f32>(<f64>f32.load(address(y, n * C + c)) * (<f64>f32.load(address(dy, n * C + c)) - sum)));
    }
  }
}

// @ts-ignore: decorator
@inline function smoothed(targets: usize, i: i32, labelSmoothing: f64, C: i32): f64 {
  return <f64>f32.load(address(targets, i)) * (1 - labelSmoothing) + labelSmoothing / <f64>C;
}

/** loss[n] = - sum over c of t[c] log p[c] = sum of t[c] (log(sum of e^x) - x[c]). */
export function softmaxCrossEntropy(begin: i32, end: i32, rows: i32, logits: usize, targets: usize, loss: usize, probabilities: usize, labelSmoothing: f64, C: i32): void {
  for (let n = begin; n < end; n++) {
    const p = address(logits, n * C);
    const total = softmaxRow(p, address(probabilities, n * C), C);
    let sum: f64 = 0;
    for (let c = 0; c < C; c++) {
      const t = smoothed(targets, n * C + c, labelSmoothing, C);
      if (t != 0) sum += t * (total - <f64>f32.load(address(p, c)));
    }
    f32.store(address(loss, n), <f32>sum);
  }
}

/** dLogits[n, c] = dLoss[n] (p[n, c] sum of t[n] - t[n, c]). */
export function softmaxCrossEntropyGradient(begin: i32, end: i32, rows: i32, probabilities: usize, targets: usize, dLoss: usize, dLogits: usize, labelSmoothing: f64, C: i32): void {
  for (let n = begin; n < end; n++) {
    const d = <f64>f32.load(address(dLoss, n));
    let sum: f64 = 0;
    for (let c = 0; c < C; c++) sum += smoothed(targets, n * C + c, labelSmoothing, C);
    for (let c = 0; c < C; c++) {
      const i = n * C + c;
      f32.store(address(dLogits, i), <f32>(d * (<f64>f32.load(address(probabilities, i)) * sum - smoothed(targets, i, labelSmoothing, C))));
    }
  }
}
