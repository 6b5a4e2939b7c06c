import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { defaultCacheDir } from '../../data/cache.node.js';
import { loadDataset } from '../../data/load.node.js';
import { syntheticDigits } from '../../data/synthetic/index.js';
import type { Backend } from '../../engine/backend.js';
import { referenceBackend } from '../../engine/reference/backend.js';
import { wasmBackend } from '../../engine/wasm/backend.js';
import { CifraError } from '../../numeric/errors.js';
import { version } from '../../runs/version.js';
import { identityTrainings, trainForIdentity } from '../../train/identity.js';
import type { Recipe } from '../../train/recipe.js';
import { inputsOf, recipeModel } from '../../train/runRecipe.js';
import type { OptionValues } from '../arguments.js';
import { invocation } from '../invocation.js';
import type { doctorOptions } from '../options.js';
import type { Output } from '../terminal/output.js';
import { counted, megabytes } from '../terminal/text.js';

/** `bad`: Cifra cannot work. `note`: it works, and there is something to know. */
interface Finding {
  readonly what: string;
  readonly state: 'good' | 'note' | 'bad';
  readonly detail: string;
}

export async function doctor(values: OptionValues<typeof doctorOptions>, output: Output): Promise<void> {
  const { result } = output;
  const { style, line } = result;
  const marks = { good: style.good('✓'), note: style.warn('!'), bad: style.bad('✗') };
  const findings: Finding[] = [];
  for (const check of [
    node,
    simd,
    sharedMemory,
    cores,
    memory,
    () => engine(values.threads),
    cache,
    () => mnist(values),
    ...(values.identity ? [() => identity(values.threads)] : []),
  ]) {
    const finding = await check();
    findings.push(finding);
    line(`${marks[finding.state]} ${finding.what.padEnd(14)} ${finding.detail}`);
  }
  const bad = findings.filter(({ state }) => state === 'bad');
  output.event('doctor', { ok: bad.length === 0, findings });
  line();
  if (bad.length > 0) {
    throw new CifraError('doctor', failure(bad.map(({ what }) => what.toLowerCase())));
  }
  line(`All is well. Next: ${invocation()} start --quick`);
}

function failure(bad: readonly string[]): string {
  if (bad.length === 1 && bad[0] === 'identity') return 'Cifra works here, but not with the same bits as elsewhere.';
  return `Cifra cannot work here: ${bad.join(', ')}.`;
}

const LEAST_NODE = [20, 19] as const;

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const needs = fits ? '' : `; Cifra needs ${LEAST_NODE.join('.')} or newer`;
  const detail = `Node ${process.versions.node}, V8 ${process.versions.v8}, Cifra ${version}${needs}`;
  return { what: 'Versions', state: fits ? 'good' : 'bad', detail };
}

/** (module (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt)) */
const SIMD_MODULE = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
];

function simd(): Finding {
  const fits = WebAssembly.validate(Uint8Array.from(SIMD_MODULE));
  const detail = fits
    ? 'WebAssembly with 128-bit vectors'
    : 'this Node has no WebAssembly SIMD, which the engine needs';
  return { what: 'SIMD', state: fits ? 'good' : 'bad', detail };
}

function sharedMemory(): Finding {
  try {
    new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    return { what: 'Shared memory', state: 'good', detail: 'threads can share the memory of a program' };
  } catch (error) {
    return { what: 'Shared memory', state: 'note', detail: `none, so there is one thread only (${messageOf(error)})` };
  }
}

function cores(): Finding {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return { what: 'Cores', state: 'good', detail: `${counted(availableParallelism(), 'core')} to use, ${model}` };
}

/** What training on MNIST takes, with room for the rest of the system. */
const LEAST_MEMORY = 1e9;

function memory(): Finding {
  const fits = totalmem() >= LEAST_MEMORY;
  const detail = `${gigabytes(totalmem())}, ${gigabytes(freemem())} free; training on MNIST takes less than 0.5 GB`;
  return { what: 'Memory', state: fits ? 'good' : 'note', detail };
}

async function cache(): Promise<Finding> {
  const folder = defaultCacheDir();
  let existing = folder;
  while (!(await can(existing, constants.F_OK)) && dirname(existing) !== existing) existing = dirname(existing);
  const writable = await can(existing, constants.W_OK);
  return {
    what: 'Cache',
    state: writable ? 'good' : 'note',
    detail: `${folder}${writable ? '' : ` cannot be written, so downloads are not kept`}`,
  };
}

async function mnist(values: OptionValues<typeof doctorOptions>): Promise<Finding> {
  try {
    const { source } = await loadDataset('mnist', { dataDir: values['data-dir'], download: false });
    return { what: 'MNIST', state: 'good', detail: `complete and as published, ${source}` };
  } catch (error) {
    if (!(error instanceof CifraError)) throw error;
    const fetch = `${invocation()} data --dataset mnist --download fetches it; without it there are synthetic digits`;
    return { what: 'MNIST', state: 'note', detail: `${error.message.split('\n', 1)[0]} ${fetch}.` };
  }
}

// ------------------------------------------------------------------------------------------------------ the engine

/** A network with every kind of layer that the seed network has, small enough for the slow backend. */
const sample: Recipe = {
  name: 'self-check',
  network: {
    type: 'sequential',
    version: 1,
    name: 'self-check',
    layers: [
      { type: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'batchNormalization' },
      { type: 'conv2d', filters: 6, kernelSize: 3, strides: 2, activation: 'relu' },
      { type: 'flatten' },
      { type: 'dropout', rate: 0.2 },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  optimizer: 'adam',
  loss: 'categoricalCrossentropy',
  phases: [],
  validation: 'test',
};
const SAMPLE_IMAGES = 20;
const SAMPLE_BATCH = 12;
/** What the engine may be off by after two steps, as the norm of the difference over the norm of the truth. */
const TOLERANCE = 1e-4;

/** Two steps of training, the second with fewer images, by the engine and by its oracle in float64. */
async function engine(threads: number | undefined): Promise<Finding> {
  let size = 0;
  const engineWeights = await trainSample(() => {
    const backend = wasmBackend(threads === undefined ? {} : { threads });
    size = backend.threads;
    return backend;
  });
  const truth = await trainSample(referenceBackend);
  let [difference, norm] = [0, 0];
  for (const [name, expected] of truth) {
    const values = engineWeights.get(name)!;
    expected.forEach((value, i) => {
      difference += (values[i]! - value) * (values[i]! - value);
      norm += value * value;
    });
  }
  const error = Math.sqrt(difference / norm);
  const fits = error <= TOLERANCE;
  return {
    what: 'Engine',
    state: fits ? 'good' : 'bad',
    detail: `${counted(size, 'thread')}, strict numerics; two training steps differ from the float64 reference by ${error.toExponential(1)}${fits ? '' : `, more than ${TOLERANCE}`}`,
  };
}

async function trainSample(makeBackend: () => Backend): Promise<Map<string, Float32Array>> {
  await using model = recipeModel(sample, makeBackend, 1);
  const [x, y] = inputsOf(syntheticDigits({ count: SAMPLE_IMAGES, seed: 0 }), sample);
  await model.fit(x, y, { batchSize: SAMPLE_BATCH });
  return model.getWeights();
}

/** The small training whose weights are known. An inequality is told of with what it means. */
async function identity(threads: number | undefined): Promise<Finding> {
  const training = identityTrainings.small;
  const backend = wasmBackend(threads === undefined ? {} : { threads });
  const begun = performance.now();
  const found = await trainForIdentity(training, () => backend);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const what = 'Identity';
  const how = `${counted(backend.threads, 'thread')}, strict numerics, ${seconds} s`;
  if (found === training.expected) {
    return { what, state: 'good', detail: `${how}: the weights that every machine comes to, sha256 ${found}` };
  }
  return {
    what,
    state: 'bad',
    detail: `${how}: the weights have sha256 ${found}, and ${training.expected} was expected. A run with a seed does not give here what it gives elsewhere. Either this machine or its Node computes otherwise than WebAssembly says, or this copy of Cifra ${version} was changed; try another Node and a fresh copy, and report it`,
  };
}

function can(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

function gigabytes(bytes: number): string {
  return bytes < 1e9 ? megabytes(bytes) : `${(bytes / 1e9).toFixed(1)} GB`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
