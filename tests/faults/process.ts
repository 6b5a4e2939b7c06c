import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/cli/main.js');
export const FAULTS = pathToFileURL(join(import.meta.dirname, 'fileSystem.mjs')).href;

export interface Ended {
  /** Null if a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command in `cwd`; `watch` sees the process while it runs. */
export function cifra(
  cwd: string,
  words: readonly string[],
  { nodeOptions = [], env = {}, watch }: CifraOptions = {},
): Promise<Ended> {
  const { CIFRA_DATA_DIR: _, ...rest } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeOptions, MAIN, ...words], {
      cwd,
      env: { ...rest, NO_COLOR: '1', XDG_CACHE_HOME: cwd, HOME: cwd, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    watch?.(child);
  });
}

export interface CifraOptions {
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly watch?: (child: ChildProcess) => void;
}

/** The last event of a command with --json. */
export function lastEvent({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) || '{}') as Record<string, unknown>;
}

/** Everything that a training may have: two phases, augmentation, dropout, batch normalization, validation. */
export const recipe = {
  name: 'faults',
  network: {
    type: 'sequential',
    version: 1,
    name: 'faults',
    layers: [
      { type: 'conv2d', filters: 4, kernelSize: 5, strides: 3, activation: 'relu', inputShape: [28, 28, 1] },
      { type: 'batchNormalization' },
      { type: 'flatten' },
      { type: 'dropout', rate: 0.2 },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  optimizer: { type: 'adam', learningRate: 0.01 },
  loss: 'sparseCategoricalCrossentropy',
  phases: [
    { epochs: 2, batchSize: 8 },
    { epochs: 2, batchSize: 7, augmentation: { rotationRange: 7 } },
  ],
  validation: { split: 0.2 },
};

const DATA = ['--dataset', 'synthetic', '--limit', '200'];

/**
 * 160 images are trained on: 20 and 23 steps an epoch. One thread, unless more are asked for later on, since the bits are
 * the same; what is resumed takes as many as there are cores.
 */
export const TRAIN = ['train', ...DATA, '--recipe', 'recipe.json', '--json', '--threads', '1'];
