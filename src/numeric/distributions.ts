import { cos, log } from './exactMath.js';
import type { Random } from './philox.js';

/**
 * A number from the standard normal distribution (Box and Muller, 1958). Takes exactly two words of `random`; the
 * largest possible size is 6.66, the least likely of 2^32 values.
 */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * log(1 - random.uniform()));
  return radius * cos(2 * Math.PI * random.uniform());
}

/**
 * A number from the standard normal distribution cut at two standard deviations: values beyond are drawn again, as
 * Keras's `TruncatedNormal` does (https://keras.io/api/layers/initializers/).
 */
export function truncatedNormal(random: Random): number {
  let value = normal(random);
  while (Math.abs(value) > 2) value = normal(random);
  return value;
}

/** The standard deviation of `truncatedNormal`; Keras's scaled initializers divide by it. */
export const truncatedNormalDeviation = 0.87962566103423978;
