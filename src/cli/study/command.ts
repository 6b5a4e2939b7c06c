import { invocation } from '../invocation.js';

type Value = string | number | true | undefined;

/** Goes on with a study in its folder. */
export function studyCommand(name: string, folder: string, values: Readonly<Record<string, Value>>): string {
  const { out: _, json: __, ...given } = values;
  const all: Readonly<Record<string, Value>> = { ...given, out: folder };
  const words = Object.entries(all).flatMap(([option, value]) =>
    value === undefined ? [] : value === true ? [`--${option}`] : [`--${option}`, quoted(String(value))],
  );
  return `${invocation()} ${['study', name, ...words].join(' ')}`;
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
