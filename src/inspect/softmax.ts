import { exp } from '../numeric/exactMath.js';

/** Of every row of `classes` logits. */
export function softmax(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let from = 0; from < logits.length; from += classes) {
    const row = logits.subarray(from, from + classes);
    const largest = row.reduce((most, value) => Math.max(most, value), -Infinity);
    const powers = Array.from(row, (value) => exp(value - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    powers.forEach((power, i) => (probabilities[from + i] = power / sum));
  }
  return probabilities;
}
