import type { DigitReading } from './reader.js';
import { percent } from '../numeric/words.js';

type Read = Pick<DigitReading, 'label' | 'confidence' | 'top' | 'status' | 'reason' | 'signs'>;

/** A reading in a few words: `7, 99.84%`, `unsure: 7 or 1`, `blank: nothing is on it`, `3 signs, not one digit`. */
export function inWords({ label, confidence, top, status, reason, signs }: Read): string {
  switch (status) {
    case 'ok':
      return `${label}, ${percent(confidence)}`;
    case 'unsure':
      return `unsure: ${top
        .slice(0, 2)
        .map((digit) => digit.label)
        .join(' or ')}`;
    case 'blank':
      return `blank: ${reason}`;
    case 'not-a-digit':
      return `not a digit: ${reason}`;
    case 'several':
      return `${signs.length} signs, not one digit`;
  }
}

/** `1 0.12%, 2 0.03%`: the likeliest digits but the first. */
export function runnersUp({ top }: Read, separator = ', '): string {
  return top
    .slice(1)
    .map(({ label, probability }) => `${label} ${percent(probability)}`)
    .join(separator);
}
