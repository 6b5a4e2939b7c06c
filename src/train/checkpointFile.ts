import { CifraError } from '../numeric/errors.js';
import { type Kind, listOf, number, optional, readOptions, required, wholeNumber } from '../numeric/options.js';
import { formatJson, isObject, type Json, parseJson, printable, show } from '../runs/json.js';
import { decodeSafetensors } from '../runs/safetensors.js';
import { encodeSealed, sealProblem } from '../runs/sealed.js';
import type { EpochLog } from './logs.js';
import type { TrainingCheckpoint } from './checkpoint.js';

/** What a checkpoint belongs to: a training goes on from it only where all of this is the same. */
export interface CheckpointOrigin {
  readonly recipe: Json;
  readonly seed: number;
  readonly dataset: {
    readonly name: string;
    readonly hash: string;
    readonly trainCount: number;
    readonly testCount: number;
  };
  /** Version and kernels of the engine, and its numerics: what decides the bits. */
  readonly engine: { readonly version: string; readonly kernels: string; readonly numerics: string };
}

export interface StoredCheckpoint {
  readonly checkpoint: TrainingCheckpoint;
  readonly origin: CheckpointOrigin;
  /** Of the whole run so far. */
  readonly seconds: number;
}

const FORMAT = 'cifra-checkpoint';
const FORMAT_VERSION = '1';

/**
 * A checkpoint file: sealed safetensors with the model's state as tensors and everything else in the metadata.
 * @throws CifraError `weights-not-finite` if the state holds NaN or infinity
 */
export async function encodeCheckpoint(stored: StoredCheckpoint): Promise<Uint8Array<ArrayBuffer>> {
  const { checkpoint, origin, seconds } = stored;
  const { tensors, ...counts } = checkpoint.model;
  const content = { ...checkpoint, model: counts, origin, seconds };
  return encodeSealed({
    tensors: new Map([...tensors].map(([name, data]) => [name, { shape: [data.length], data }])),
    metadata: new Map([
      ['checkpoint', formatJson(content, 'The checkpoint')],
      ['format', FORMAT],
      ['formatVersion', FORMAT_VERSION],
    ]),
  });
}

/**
 * The checkpoint in a file's bytes. `file` is what messages call it.
 * @throws CifraError `checkpoint-damaged`, `checkpoint-version`
 */
export async function decodeCheckpoint(bytes: Uint8Array, file: string): Promise<StoredCheckpoint> {
  const problem = await sealProblem(bytes);
  if (problem !== undefined) throw damaged(file, problem);
  try {
    return decode(bytes, file);
  } catch (error) {
    if (!(error instanceof CifraError) || error.code.startsWith('checkpoint-')) throw error;
    const [problem = ''] = error.message.split('\n  ', 1);
    throw damaged(file, printable(problem.replace(/\.$/, ''), 400), error);
  }
}

function decode(bytes: Uint8Array, file: string): StoredCheckpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, 'it');
  const [format, version] = [metadata.get('format'), metadata.get('formatVersion')];
  if (format !== FORMAT) throw damaged(file, `its format is ${show(format ?? null)}, and "${FORMAT}" was expected`);
  if (version !== FORMAT_VERSION) {
    throw new CifraError(
      'checkpoint-version',
      `${file} has format version ${show(version ?? null)}, and this version of Cifra reads "${FORMAT_VERSION}".`,
      'Go on with the version of Cifra that began the run.',
    );
  }
  const fail = (problem: string): CifraError => damaged(file, problem);
  const content = parseJson(metadata.get('checkpoint') ?? '', fail);
  if (!isObject(content)) throw fail('it does not say where the training stands');
  const values = readOptions('the checkpoint', content, {
    phase: required(wholeNumber(1)),
    progress: required(record),
    learningRate: optional(number({ from: 0 })),
    history: required(records),
    model: required(record),
    origin: required(record),
    seconds: required(number({ from: 0 })),
  });
  const { phase, learningRate, seconds } = values;
  const states = [...tensors].map(([name, { data }]): [string, Float32Array] => [name, data]);
  return {
    checkpoint: {
      phase,
      progress: readOptions('progress', values.progress, progressTable),
      ...(learningRate !== undefined && { learningRate }),
      history: values.history.map(logFrom),
      model: { ...readOptions('model', values.model, modelTable), tensors: new Map(states) },
    },
    origin: originFrom(values.origin),
    seconds,
  };
}

/**
 * What differs between the training a checkpoint or a run is of and the one that is to go on, in words; undefined if
 * nothing does.
 */
export function originDifference(saved: CheckpointOrigin, now: CheckpointOrigin): string | undefined {
  return difference('', saved, now);
}

function difference(path: string, saved: unknown, now: unknown): string | undefined {
  if (isObject(saved) && isObject(now)) return inEither(saved, now, (key) => `${path}${path && '.'}${key}`);
  if (Array.isArray(saved) && Array.isArray(now))
    return inEither(byIndex(saved), byIndex(now), (key) => `${path}[${key}]`);
  // JSON writes -0 as 0.
  return saved === now ? undefined : `${path} was ${words(saved)} and is ${words(now)} now`;
}

function inEither(
  saved: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
  name: (key: string) => string,
): string | undefined {
  for (const key of new Set([...Object.keys(saved), ...Object.keys(now)])) {
    const found = difference(name(printable(key, 80)), own(saved, key), own(now, key));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Without what objects inherit: keys come out of files. */
function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function byIndex(list: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(list.entries());
}

function words(value: unknown): string {
  return value === undefined ? 'not given' : show(value as Json);
}

function originFrom(given: object): CheckpointOrigin {
  const { recipe, seed, dataset, engine } = readOptions('origin', given, originTable);
  return {
    recipe,
    seed,
    dataset: readOptions('dataset', dataset, datasetTable),
    engine: readOptions('engine', engine, engineTable),
  };
}

function damaged(file: string, problem: string, cause?: unknown): CifraError {
  return new CifraError(
    'checkpoint-damaged',
    `${file} is no sound checkpoint: ${problem}.`,
    'Go on from the one before it.',
    cause === undefined ? undefined : { cause },
  );
}

function logFrom(given: object, i: number): EpochLog {
  const { accuracy, valLoss, valAccuracy, ...rest } = readOptions(`epoch ${i + 1}`, given, logTable);
  return {
    ...rest,
    ...(accuracy !== undefined && { accuracy }),
    ...(valLoss !== undefined && { valLoss }),
    ...(valAccuracy !== undefined && { valAccuracy }),
  };
}

// ----------------------------------------------------------------------------------------------------------- tables

const record: Kind<object> = { allowed: 'an object', read: (value) => (isObject(value) ? value : undefined) };
const records = listOf(record, 'objects');
const anything: Kind<{}> = { allowed: 'a recipe', read: (value) => value ?? undefined };
const text: Kind<string> = { allowed: 'a text', read: (value) => (typeof value === 'string' ? value : undefined) };
const anyNumber = number({});
const measure = required(number({ from: 0 }));
const share = optional(number({ from: 0, to: 1 }));
const count = required(wholeNumber(0));

const progressTable = {
  epoch: required(wholeNumber(1)),
  step: count,
  images: count,
  lossSum: required(anyNumber),
  correct: count,
  seconds: measure,
};
const modelTable = { steps: count, epochs: count };
const logTable = {
  epoch: required(wholeNumber(1)),
  loss: required(anyNumber),
  accuracy: share,
  valLoss: optional(anyNumber),
  valAccuracy: share,
  learningRate: measure,
  imagesPerSecond: measure,
  seconds: measure,
};
const originTable = {
  recipe: required(anything),
  seed: count,
  dataset: required(record),
  engine: required(record),
};
const datasetTable = { name: required(text), hash: required(text), trainCount: count, testCount: count };
const engineTable = { version: required(text), kernels: required(text), numerics: required(text) };
