import { SMALLEST } from './checks.js';
import { grouped } from '../numeric/words.js';

/** A scale's ends, where it has ticks, and how their values are written. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
  readonly ticks: readonly number[];
  format(value: number): string;
}

export interface AxisOptions {
  /** At most so many steps; 5 unless told. */
  readonly steps?: number | undefined;
  /** Shares of 1, written as percents. */
  readonly percent?: boolean | undefined;
  /** The ends as they are, instead of round ones around the values. */
  readonly domain?: readonly [from: number, to: number] | undefined;
  readonly log?: boolean | undefined;
  /** Ticks at whole numbers only. */
  readonly whole?: boolean | undefined;
}

/** An axis with room for all these values; with none of them, from 0 to 1. */
export function axisFor(values: readonly number[], options: AxisOptions = {}): Axis {
  const shown = options.log ? values.filter((value) => value > SMALLEST) : values;
  const low = shown.reduce((least, value) => Math.min(least, value), Infinity);
  const high = shown.reduce((most, value) => Math.max(most, value), -Infinity);
  if (options.log) return logAxis(...(shown.length === 0 ? ([1, 10] as const) : ([low, high] as const)), options);
  return linearAxis(...(shown.length === 0 ? ([0, 1] as const) : ([low, high] as const)), options);
}

function linearAxis(
  low: number,
  high: number,
  { steps = 5, percent = false, domain, whole = false }: AxisOptions,
): Axis {
  let [from, to] = domain ?? [low, high];
  if (!(to - from > Math.max(SMALLEST, 1e-9 * Math.max(Math.abs(from), Math.abs(to)))))
    [from, to] = around(Math.abs(from) > SMALLEST ? from : 0, percent, whole);
  const { step, digits } = stepFor((to - from) / steps, percent, whole);
  const [first, last] = [Math.floor(from / step + 1e-6), Math.ceil(to / step - 1e-6)];
  const [begin, end] = domain ? [Math.ceil(from / step - 1e-6), Math.floor(to / step + 1e-6)] : [first, last];
  const ticks = Array.from({ length: Math.max(0, end - begin) + 1 }, (_, i) => clean((begin + i) * step));
  if (!domain) [from, to] = [clean(first * step), clean(last * step)];
  return { from, to, log: false, ticks, format: (value) => written(value, digits, percent) };
}

/** Something to see where all values are one. */
function around(value: number, percent: boolean, whole: boolean): [number, number] {
  if (percent && value > 0.5 && value <= 1) return value === 1 ? [0.9, 1] : [value - (1 - value), 1];
  if (percent && value >= 0 && value <= 0.5) return value === 0 ? [0, 0.1] : [0, 2 * value];
  const room = Math.max(Math.abs(value) * 0.1, whole || value === 0 ? 1 : 0);
  return [value - room, value + room];
}

/** The least of 1, 2 and 5 times a power of ten that is not below `least`. */
function stepFor(least: number, percent: boolean, whole: boolean): { step: number; digits: number } {
  let exponent = exponentOf(least);
  let step = [1, 2, 5].map((times) => times * power(exponent)).find((size) => size >= least * (1 - 1e-9));
  if (step === undefined) step = power(++exponent);
  if (whole && step < 1) [step, exponent] = [1, 0];
  return { step, digits: Math.max(0, -exponent - (percent ? 2 : 0)) };
}

function logAxis(low: number, high: number, { steps = 5, percent = false, domain }: AxisOptions): Axis {
  const [least, most] = domain ?? [low, high];
  const all: number[] = [];
  for (let k = exponentOf(least); k <= exponentOf(most) + 1; k++) {
    for (const times of [1, 2, 5]) all.push(clean(times * power(k)));
  }
  const from = domain?.[0] ?? all.findLast((tick) => tick <= least * (1 + 1e-9)) ?? least;
  const to = domain?.[1] ?? all.find((tick) => tick >= most * (1 - 1e-9) && tick > from) ?? most;
  let ticks = all.filter((tick) => tick >= from && tick <= to);
  if (ticks.length > steps + 2) {
    const powers = ticks.filter((tick) => power(exponentOf(tick)) === tick);
    const every = Math.ceil(powers.length / (steps + 1));
    ticks = powers.filter((_, i) => i % every === 0);
  }
  const digitsOf = (value: number): number => Math.max(0, -exponentOf(value) - (percent ? 2 : 0));
  // All with exponents, or none.
  const long = digitsOf(ticks[0] ?? from) > 4 || (ticks.at(-1) ?? to) >= 1e6;
  const format = (value: number): string => written(value, long ? Infinity : digitsOf(value), percent);
  return { from, to, log: true, ticks, format };
}

/** Of the power of ten at or below a number above 0: 0.02 has -2. */
function exponentOf(value: number): number {
  return Number(value.toExponential().split('e')[1]);
}

function power(exponent: number): number {
  return Number(`1e${exponent}`);
}

/** Without the last bits' noise: 0.3 instead of 0.30000000000000004. */
function clean(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}

/** `−0.5`, `99.2%`, `12,000`, `2e−5` */
export function written(value: number, digits: number, percent = false): string {
  const size = Math.abs(value);
  const scaled = percent ? 100 * size : size;
  const text =
    scaled === 0 && digits > 4
      ? '0'
      : digits > 4 || scaled >= 1e9
        ? scaled
            .toExponential()
            .replace(/(\.\d{3})\d+/, '$1')
            .replace('e+', 'e')
            .replace('e-', 'e−')
        : fixed(scaled, digits);
  return `${value < 0 && /[1-9]/.test(text) ? '−' : ''}${text}${percent ? '%' : ''}`;
}

function fixed(value: number, digits: number): string {
  const [whole, fraction] = value.toFixed(digits).split('.');
  return fraction === undefined ? grouped(Number(whole)) : `${grouped(Number(whole))}.${fraction}`;
}
