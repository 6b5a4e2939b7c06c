// Sums. A reduction has two calls: partial sums over fixed chunks of the batch, each by one thread, then the chunks
// added in order, in f64. The chunks depend on the shapes alone, so the bits do not depend on the threads.
import { address, loadLanes, storeLanes, zero } from './vector';
import { limit } from './elementwise';

/** Unit: `chunk` rows of the batch, each P rows of C values. partial[unit][c] = the chunk's sum of x[..., c]. */
export function sumRowsPartial(begin: i32, end: i32, rows: i32, x: usize, partial: usize, chunk: i32, P: i32, C: i32): void {
  for (let unit = begin; unit < end; unit++) {
    const first = unit * chunk * P;
    const last = min((unit + 1) * chunk, rows) * P;
    let c = 0;
    // 16 channels are one cache line.
    for (; c + 16 <= C; c += 16) {
      let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero();
      let p = address(x, first * C + c);
      for (let r = first; r < last; r++, p += <usize>C << 2) {
        s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32)); s3 = f32x4.add(s3, v128.load(p, 48));
      }
      const q = address(partial, unit * C + c);
      v128.store(q, s0); v128.store(q, s1, 16); v128.store(q, s2, 32); v128.store(q, s3, 48);
    }
    for (; c < C; c += 4) {
      const lanes = C - c;
      let s = zero();
      for (let r = first; r < last; r++) s = f32x4.add(s, loadLanes(address(x, r * C + c), lanes));
      storeLanes(address(partial, unit * C + c), s, lanes);
    }
  }
}

/** Unit: a column c. y[c] = the sum of partial[0..][c], `chunks` of them or, if 0, ceil(rows / chunk). */
export function sumChunks(begin: i32, end: i32, rows: i32, partial: usize, y: usize, chunk: i32, C: i32, chunks: i32): void {
  const count = chunks == 0 ? (rows + chunk - 1) / chunk : chunks;
  for (let c = begin; c < end; c++) {
    let sum: f64 = 0;
    for (let k = 0; k < count; k++) sum += <f64>f32.load(address(partial, k * C + c));
    f32.store(address(y, c), <f32>sum);
  }
}

/** Unit: `chunk` of `total` values. partial[unit] = factor * the chunk's sum of x^2, in f64. */
export function sumSquaresPartial(begin: i32, end: i32, rows: i32, x: usize, partial: usize, factor: f64, chunk: i32, total: i32): void {
  for (let unit = begin; unit < end; unit++) {
    let sum: f64 = 0;
    const stop = limit(unit + 1, rows, chunk, total);
    for (let i = unit * chunk; i < stop; i++) {
      const v = <f64>f32.load(address(x, i));
      sum += v * v;
    }
    f32.store(address(partial, unit), <f32>(factor * sum));
  }
}

/** Unit: one. y[0] = the mean of x over the rows in use. */
export function meanRows(begin: i32, end: i32, rows: i32, x: usize, y: usize): void {
  if (begin >= end) return;
  let sum: f64 = 0;
  for (let n = 0; n < rows; n++) sum += <f64>f32.load(address(x, n));
  f32.store(y, <f32>(sum / <f64>rows));
}

/** Unit: one. dx[n] = dy[0] / rows. */
export function meanRowsGradient(begin: i32, end: i32, rows: i32, dy: usize, dx: usize): void {
  if (begin >= end) return;
  const share = f32.load(dy) / <f32>rows;
  for (let n = 0; n < rows; n++) f32.store(address(dx, n), share);
}

/** Unit: one. y[0] = the number of rows whose largest score (the first of equals) is where the largest target is. */
export function correctPredictions(begin: i32, end: i32, rows: i32, scores: usize, targets: usize, y: usize, C: i32): void {
  if (begin >= end) return;
  let correct = 0;
  for (let n = 0; n < rows; n++) {
    if (largest(address(scores, n * C), C) == largest(address(targets, n * C), C)) correct++;
  }
  f32.store(y, <f32>correct);
}

function largest(p: usize, C: i32): i32 {
  let best = 0;
  for (let c = 1; c < C; c++) if (f32.load(address(p, c)) > f32.load(address(p, best))) best = c;
  return best;
}

/** Not sliced, for diagnosis: the index of the first of `count` values that is NaN or infinite, or -1. */
export function firstNonFinite(x: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    const v = f32.load(address(x, i));
    if (!(abs(v) < Infinity)) return i;
  }
  return -1;
}
