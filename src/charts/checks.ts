import { CifraError } from '../numeric/errors.js';

/** What every chart takes. */
export interface ChartOptions {
  /** In CSS pixels, from 240 to 4000. Text has a fixed size, so draw for the width at which it is shown. */
  readonly width?: number;
  /** A file of its own: with its title on it, on paper, with colours for light and dark. */
  readonly standalone?: boolean;
}

/** Beyond, the arithmetic of scales leaves the numbers there are. */
const LARGEST = 1e100;
/** Of a difference that can be seen, and on logarithmic scales of a value. */
export const SMALLEST = 1e-100;

export function checkNumber(value: number, what: string, from = -LARGEST, to = LARGEST): number {
  if (typeof value === 'number' && value >= from && value <= to) return value;
  const range = from === -LARGEST && to === LARGEST ? 'a number' : `a number from ${from} to ${to}`;
  throw new CifraError('chart-value', `A chart cannot show this: ${what} is ${String(value)}.`, `Give ${range}.`);
}

export function checkShare(value: number, what: string): number {
  return checkNumber(value, what, 0, 1);
}

/** @returns how many */
export function checkSome(list: ArrayLike<unknown>, what: string): number {
  if (list.length > 0) return list.length;
  throw new CifraError('chart-empty', `A chart cannot show this: there are no ${what}.`, 'Give at least one.');
}

export function checkSize(size: number | undefined, standard: number, what: 'width' | 'height'): number {
  return checkNumber(size ?? standard, what, what === 'width' ? 240 : 80, 4000);
}

export function checkInterval({ low, high }: { readonly low: number; readonly high: number }, what: string): void {
  checkNumber(low, `${what}, low end`);
  checkNumber(high, `${what}, high end`);
  if (low > high) {
    throw new CifraError('chart-value', `A chart cannot show this: ${what} runs from ${low} down to ${high}.`);
  }
}
