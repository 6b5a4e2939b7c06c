import { parseArgs } from 'node:util';
import { CifraError, nearest } from '../numeric/errors.js';

/** The command was used wrongly: exit status 2. */
export class UsageError extends CifraError {}

/** An option of a command: a flag, or one with a value. */
export interface CommandOption<T = unknown> {
  /** What stands for the value in help texts; undefined: a flag, which has none. */
  readonly value?: string;
  readonly about: string;
  /** Completes "must be ..."; for flags of no use. */
  readonly allowed: string;
  /** The names it may be given by, if any; the nearest is suggested for a wrong one. */
  readonly names?: readonly string[];
  /** Whether it may be given several times; `read` then gives a list, and the lists are joined. */
  readonly repeated?: boolean;
  /** Undefined for what is not allowed. */
  read(text: string): T | undefined;
}

export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** What a command may be given besides options, such as files. */
export interface CommandWords {
  /** What stands for them in help texts. */
  readonly value: string;
  readonly about: string;
}

/** The values of a command's options; undefined for those that were not given. */
export type OptionValues<T extends CommandOptions> = {
  readonly [K in keyof T]: T[K] extends CommandOption<infer V> ? V | undefined : never;
};

export function flag(about: string): CommandOption<true> {
  return { about, allowed: 'given without a value', read: () => true };
}

/** A text, such as a path. */
export function text(value: string, about: string): CommandOption<string> {
  return { value, about, allowed: 'a text that is not empty', read: (given) => given || undefined };
}

/** Texts, one each time it is given. */
export function texts(value: string, about: string): CommandOption<readonly string[]> {
  const allowed = 'a text that is not empty';
  return { value, about, allowed, repeated: true, read: (given) => (given === '' ? undefined : [given]) };
}

export function oneOf<const N extends string>(names: readonly N[], about: string): CommandOption<N> {
  return {
    value: names.join('|'),
    about,
    allowed: `one of ${names.join(', ')}`,
    names,
    read: (given) => names.find((name) => name === given),
  };
}

export function wholeNumber(about: string, from: number, to = Number.MAX_SAFE_INTEGER): CommandOption<number> {
  return {
    value: 'N',
    about,
    allowed: to === Number.MAX_SAFE_INTEGER ? `a whole number from ${from}` : `a whole number from ${from} to ${to}`,
    read(given) {
      const number = /^[+-]?\d+$/.test(given) ? Number(given) : NaN;
      return number >= from && number <= to ? number : undefined;
    },
  };
}

/** A number above `above`, up to `to`. */
export function positiveNumber(about: string, to: number): CommandOption<number> {
  return {
    value: 'X',
    about,
    allowed: `a number above 0, at most ${to}`,
    read(given) {
      const number = given.trim() === '' ? NaN : Number(given);
      return number > 0 && number <= to ? number : undefined;
    },
  };
}

/** A number between 0 and 1. */
export function share(about: string): CommandOption<number> {
  const { read } = positiveNumber(about, 1);
  return {
    value: 'X',
    about,
    allowed: 'a number between 0 and 1',
    read(given) {
      const number = read(given);
      return number === 1 ? undefined : number;
    },
  };
}

/**
 * The values of `options` in `words`, and the words that belong to no option, which `more` says may be there.
 * @throws UsageError naming the option, and the nearest one, or the value and what is allowed
 */
export function readArguments<T extends CommandOptions>(
  command: string,
  words: readonly string[],
  options: T,
  more?: CommandWords,
): { readonly values: OptionValues<T>; readonly words: readonly string[] } {
  const known = Object.keys(options);
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      known.map((name) => [name, { type: options[name]!.value === undefined ? 'boolean' : 'string' } as const]),
    ),
    strict: false,
    tokens: true,
  });
  const values = new Map<string, unknown>();
  const others: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (more === undefined) throw unexpectedWord(command, token.value, options);
      others.push(token.value);
      continue;
    }
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!option) throw unknownOption(command, token.rawName, known);
    const value = readValue(command, token.name, option, token.value);
    const before = option.repeated ? (values.get(token.name) as readonly unknown[] | undefined) : undefined;
    values.set(token.name, before ? before.concat(value) : value);
  }
  return {
    values: Object.fromEntries(known.map((name) => [name, values.get(name)])) as OptionValues<T>,
    words: others,
  };
}

/** @throws UsageError where one of `names` was given together with `what`, which it does not go with */
export function refuseTogether(
  what: string,
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  const given = names.find((name) => values[name] !== undefined);
  if (given === undefined) return;
  throw new UsageError('option-value', `--${given} and ${what} exclude each other.`, 'Give one of the two.');
}

function readValue(command: string, name: string, option: CommandOption, given: string | undefined): unknown {
  if (option.value === undefined) {
    if (given === undefined) return true;
    throw new UsageError('option-value', `--${name} takes no value, but was given "${given}".`, `Write --${name}.`);
  }
  // An option in the place of a value: the value was forgotten.
  if (given === undefined || given.startsWith('--')) {
    throw new UsageError(
      'option-value',
      `--${name} needs a value: ${option.allowed}.`,
      `Write --${name} ${option.value}. ${seeHelp(command)}`,
    );
  }
  const value = option.read(given);
  if (value !== undefined) return value;
  const guess = option.names && nearest(given, option.names);
  throw new UsageError(
    'option-value',
    `--${name} must be ${option.allowed}, but is "${given}".`,
    guess === undefined ? seeHelp(command) : `Did you mean "${guess}"?`,
  );
}

export function unknownOption(command: string | undefined, given: string, known: readonly string[]): UsageError {
  const guess = nearest(given.replace(/^-+/, ''), known);
  const place = command === undefined ? 'cifra' : `cifra ${command}`;
  return new UsageError(
    'unknown-option',
    `${place} has no option ${given}.`,
    `${guess === undefined ? '' : `Did you mean --${guess}? `}${seeHelp(command)}`,
  );
}

export function unknownCommand(given: string, known: readonly string[]): UsageError {
  const guess = nearest(given, known);
  return new UsageError(
    'unknown-command',
    `cifra has no command "${given}".`,
    guess === undefined ? `The commands are: ${known.join(', ')}.` : `Did you mean "${guess}"? ${seeHelp(undefined)}`,
  );
}

function unexpectedWord(command: string, word: string, options: CommandOptions): UsageError {
  const guess = nearest(word, Object.keys(options));
  return new UsageError(
    'unexpected-argument',
    `cifra ${command} takes options only, but was given "${word}".`,
    `${guess === undefined ? '' : `Did you mean --${guess}? `}${seeHelp(command)}`,
  );
}

function seeHelp(command: string | undefined): string {
  return `cifra ${command === undefined ? '' : `${command} `}--help shows all options.`;
}
