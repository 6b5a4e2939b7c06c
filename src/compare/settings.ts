import { isObject, type Json } from '../runs/json.js';
import type { RunRecord } from '../runs/runRecord.js';

export type SettingValue = string | number | boolean | null;

/** A setting in which runs differ. */
export interface SettingDifference {
  /** "recipe.optimizer.learningRate"; layers and the like are named, others of a list counted from 1. */
  readonly key: string;
  /** Of each run; undefined where a run has no such setting. */
  readonly values: readonly (SettingValue | undefined)[];
}

/** In which settings runs differ: recipe, seed, dataset, engine and versions. Command, machine and times are left out. */
export function settingDifferences(records: readonly RunRecord[]): SettingDifference[] {
  return differences(
    '',
    records.map(({ recipe, seed, dataset, backend, cifraVersion, nodeVersion, browser }) => {
      const { name, hash, trainCount, testCount } = dataset;
      return {
        recipe: withoutWords(recipe),
        seed,
        dataset: { name, hash, trainCount, testCount },
        engine: backend,
        cifraVersion,
        nodeVersion,
        browser,
      };
    }),
  );
}

/** Descriptions are for people, and change nothing. */
function withoutWords(recipe: Json): Json {
  if (!isObject(recipe)) return recipe;
  const { description: _, ...rest } = recipe;
  return rest;
}

function differences(key: string, values: readonly unknown[]): SettingDifference[] {
  const maps = values.map(partsOf);
  if (maps.every((map) => map === undefined)) {
    const plain = values.map(plainValue);
    return plain.every((value) => value === plain[0]) ? [] : [{ key, values: plain }];
  }
  // One has parts that another has not at all: its presence is the difference, not each of its parts.
  if (maps.some((map) => map === undefined)) return [{ key, values: values.map(inShort) }];
  const names = new Set(maps.flatMap((map) => [...map!.keys()]));
  return [...names].flatMap((name) =>
    differences(
      key === '' ? name : `${key}.${name}`,
      maps.map((map) => map!.get(name)),
    ),
  );
}

/** An object's or a list's parts by name; undefined of what has none. */
function partsOf(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object') ? undefined : named(value);
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}

/** Layers by name or, where they have none, by kind and number, so that one more moves none of the other kinds. */
function named(list: readonly unknown[]): Map<string, unknown> {
  const counts = new Map<string, number>();
  return new Map(
    list.map((item, i) => {
      const { name, type }: { name?: unknown; type?: unknown } = isObject(item) ? item : {};
      if (typeof name === 'string') return [name, item];
      if (typeof type !== 'string') return [String(i + 1), item];
      const number = (counts.get(type) ?? 0) + 1;
      counts.set(type, number);
      return [number === 1 ? type : `${type}_${number - 1}`, item];
    }),
  );
}

/** A list of numbers or texts as its text: "[3,3]". */
function plainValue(value: unknown): SettingValue | undefined {
  if (Array.isArray(value)) return JSON.stringify(value);
  return typeof value === 'object' ? null : (value as SettingValue | undefined);
}

/** What has parts, where another run has none: its type or name, or its text. */
function inShort(value: unknown): SettingValue | undefined {
  if (partsOf(value) === undefined) return plainValue(value);
  if (isObject(value) && typeof value['type'] === 'string') return value['type'];
  return JSON.stringify(value);
}
