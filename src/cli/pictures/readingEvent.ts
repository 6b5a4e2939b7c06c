import type { DigitReading } from '../../reading/index.js';

/** A reading as programs get it. */
export function readingEvent(file: string, reading: DigitReading): Record<string, unknown> {
  const { label, confidence, status, probabilities, reason, top, signs } = reading;
  const boxes = signs.map(({ left, top: upper, right, bottom }) => [left, upper, right, bottom]);
  return { file, label, confidence, status, probabilities, reason, top, signs: signs.length, boxes };
}
