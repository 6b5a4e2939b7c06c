import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON objects on stdout, one a line. */
  events(): Record<string, unknown>[];
}

/** An empty folder for one test file, and as long as it runs: runs, cache and files go there. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cifra-cli-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/**
 * Runs the built command in `cwd`, with no data at hand and no colours; `watch` sees the process while it runs, `input`
 * is what comes to its stdin.
 */
export function cifra(
  cwd: string,
  words: readonly string[],
  watch?: (child: ChildProcess) => void,
  input?: Uint8Array,
): Promise<Result> {
  const { CIFRA_DATA_DIR: _, ...rest } = process.env;
  const env = { ...rest, NO_COLOR: '1', XDG_CACHE_HOME: join(cwd, 'cache'), HOME: cwd, LOCALAPPDATA: cwd };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...words], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => undefined).end(input);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    watch?.(child);
    child.on('error', reject);
    child.on('close', (status) => {
      const events = () =>
        stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>);
      resolve({ status, stdout, stderr, events });
    });
  });
}

/** A recipe that trains in no time: 100 inputs a pixel would not change what these tests look at. */
export const smallRecipe = {
  name: 'small',
  network: {
    type: 'sequential',
    version: 1,
    name: 'small',
    layers: [
      { type: 'averagePooling2d', poolSize: 4, inputShape: [28, 28, 1] },
      { type: 'flatten' },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  optimizer: { type: 'adam', learningRate: 0.05 },
  loss: 'sparseCategoricalCrossentropy',
  phases: [
    { epochs: 2, batchSize: 16 },
    { epochs: 1, batchSize: 30, dropLast: true, augmentation: { rotationRange: 7 } },
  ],
  validation: { split: 0.25 },
};
