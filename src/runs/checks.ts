import { isObject, type Json, printable, show } from './json.js';

/** Checks of JSON that comes from files, or goes into them: of all its fields, those that are known. */

/** What is wrong with a value that messages call `name`. */
export type Check = (value: unknown, name: string) => string | undefined;

export function is(expected: string, test: (value: unknown) => boolean): Check {
  return (value, name) => (test(value) ? undefined : `${name} is ${showAny(value)}, and ${expected} was expected`);
}

export function list(check: Check): Check {
  return (value, name) => {
    if (!Array.isArray(value)) return `${name} is ${showAny(value)}, not a list`;
    return firstProblem([...value.entries()], ([i, item]) => check(item, `${name}.${i}`));
  };
}

export function byName(check: Check): Check {
  return (value, name) => {
    if (!isObject(value)) return `${name} is ${showAny(value)}, not an object`;
    return firstProblem(Object.entries(value), ([key, item]) => check(item, `${name}.${printable(key, 80)}`));
  };
}

export function optional(check: Check): Check {
  return (value, name) => (value === undefined ? undefined : check(value, name));
}

/** A check for every field, so that none is forgotten. */
export type Checks<T> = { readonly [Name in keyof T]-?: Check };

export function object(fields: Readonly<Record<string, Check>>): Check {
  return (value, name) => {
    if (!isObject(value)) return `${name} is ${showAny(value)}, not an object`;
    return firstProblem(Object.entries(fields), ([key, check]) => check(value[key], `${name}.${key}`));
  };
}

function firstProblem<T>(items: readonly T[], problemOf: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function showAny(value: unknown): string {
  return value === undefined ? 'missing' : show(value as Json);
}

export const text = is('a text', (value) => typeof value === 'string');
export const number = is('a finite number', Number.isFinite);
export const count = is('a whole number >= 0', (value) => Number.isSafeInteger(value) && Number(value) >= 0);

export const fraction = is('a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1);
export const time = is('a time such as 2026-08-05T14:03:22.123Z', (value) => {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
});
