import { CifraError, nearest } from './errors.js';

/**
 * Checked options. Everything a user configures (layers, optimizers, losses, ...) declares its options in a table, such as
 *
 *     { filters: required(wholeNumber(1)), useBias: byDefault(boolean, true) }
 *
 * and `readOptions` turns what was given into complete values, or throws an error that names the place, the option, the
 * value and what is allowed.
 */

/** A kind of value: what is allowed, and how what is allowed may be written. */
export interface Kind<T> {
  /** Completes "must be ...". */
  readonly allowed: string;
  /** The names it may be given by, if any; the nearest is suggested for a wrong one. */
  readonly names?: readonly string[];
  /** The value in the form the code uses, or undefined if it is not allowed. */
  read(value: unknown): T | undefined;
}

/** A kind, and what holds where nothing is given. Without `missing` it must be given. */
export interface Option<T> {
  readonly kind: Kind<T & {}>;
  readonly missing?: () => T;
}

export function required<T extends {}>(kind: Kind<T>): Option<T> {
  return { kind };
}

export function optional<T extends {}>(kind: Kind<T>): Option<T | undefined> {
  return { kind, missing: () => undefined };
}

export function byDefault<T extends {}>(kind: Kind<T>, value: T): Option<T> {
  return { kind, missing: () => value };
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;
export type OptionValues<T extends OptionTable> = {
  readonly [K in keyof T]: T[K] extends Option<infer V> ? V : never;
};

/**
 * The values of all options in `table`, from those in `given` and the defaults.
 * @param place what has the options, as messages name it: `Layer conv2d`
 * @throws CifraError `unknown-option`, `missing-option` or `option-value`
 */
export function readOptions<T extends OptionTable>(place: string, given: object, table: T): OptionValues<T> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new CifraError(
      'option-value',
      `${place}: the options must be an object, but are ${show(given)}.`,
      `Write them by name: { ${Object.keys(table).slice(0, 2).join(': ..., ')}: ... }.`,
    );
  }
  const names = Object.keys(table);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const guess = nearest(name, names);
    throw new CifraError(
      'unknown-option',
      `${place}: there is no option "${name}".`,
      guess ? `Did you mean "${guess}"?` : names.length > 0 ? `It takes: ${names.join(', ')}.` : 'It takes no options.',
    );
  }
  const values = new Map<string, unknown>(Object.entries(given));
  return Object.fromEntries(
    Object.entries(table).map(([name, option]) => [name, readOption(place, name, option, values.get(name))]),
  ) as OptionValues<T>;
}

/** One option's value. @throws CifraError `missing-option` or `option-value` */
export function readOption<T>(place: string, name: string, { kind, missing }: Option<T>, given: unknown): T {
  if (given === undefined) {
    if (missing) return missing();
    throw new CifraError(
      'missing-option',
      `${place}: the option "${name}" is missing.`,
      `Give ${name}: ${kind.allowed}.`,
    );
  }
  const value = kind.read(given);
  if (value !== undefined) return value;
  const guess = typeof given === 'string' && kind.names ? nearest(given, kind.names) : undefined;
  throw new CifraError(
    'option-value',
    `${place}: the option "${name}" must be ${kind.allowed}, but is ${show(given)}.`,
    guess ? `Did you mean "${guess}"?` : missing && 'Leave it out for the default.',
  );
}

// ---------------------------------------------------------------------------------------------------------- kinds

export const boolean: Kind<boolean> = {
  allowed: 'true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

/** A name of a layer or a network: it becomes part of its weights' names, before a "/". */
export const identifier: Kind<string> = {
  allowed: 'a text that is not empty and has no "/"',
  read: (value) => (typeof value === 'string' && value !== '' && !value.includes('/') ? value : undefined),
};

export function oneOf<const N extends string>(...names: readonly N[]): Kind<N> {
  return {
    allowed: `one of ${names.map((name) => `"${name}"`).join(', ')}`,
    names,
    read: (value) => names.find((name) => name === value),
  };
}

export function wholeNumber(least: number): Kind<number> {
  return {
    allowed: `a whole number >= ${least}`,
    read: (value) => (isWholeNumber(value, least) ? value : undefined),
  };
}

/** The limits of a number: `above` and `below` are left out of the range, `from` and `to` belong to it. */
export interface Range {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
}

/** A finite number within the range. */
export function number(range: Range = {}): Kind<number> {
  const { from = -Infinity, above = -Infinity, to = Infinity, below = Infinity } = range;
  const limits = [
    range.from !== undefined && `>= ${from}`,
    range.above !== undefined && `> ${above}`,
    range.to !== undefined && `<= ${to}`,
    range.below !== undefined && `< ${below}`,
  ].filter((limit) => limit !== false);
  return {
    allowed: ['a number', limits.join(' and ')].join(' ').trim(),
    read: (value) =>
      typeof value === 'number' &&
      Number.isFinite(value) &&
      from <= value &&
      value <= to &&
      above < value &&
      value < below
        ? value
        : undefined,
  };
}

/** The sizes of one row of data, without the batch axis. */
export const shape: Kind<readonly number[]> = {
  allowed: 'a list of whole numbers >= 1 without the batch axis, such as [28, 28, 1]',
  read: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((size) => isWholeNumber(size, 1)) ? [...value] : undefined,
};

export type Size2d = readonly [height: number, width: number];

/** A height and a width, or one number for both. */
export const size2d: Kind<Size2d> = {
  allowed: 'a whole number >= 1, or two of them: [height, width]',
  read(value) {
    const sizes: unknown[] = Array.isArray(value) ? value : [value, value];
    const [height, width, ...rest] = sizes;
    return isWholeNumber(height, 1) && isWholeNumber(width, 1) && rest.length === 0 ? [height, width] : undefined;
  },
};

export function listOf<T>(kind: Kind<T>, what: string): Kind<readonly T[]> {
  return {
    allowed: `a list of ${what}`,
    read(value) {
      if (!Array.isArray(value)) return undefined;
      const items = value.map((item) => kind.read(item)).filter((item) => item !== undefined);
      return items.length === value.length ? items : undefined;
    },
  };
}

function isWholeNumber(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least;
}

/** A value as messages print it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
