import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { CifraError } from '../../../src/numeric/errors.js';
import { Random } from '../../../src/numeric/philox.js';

/** A kind of file, how to damage one, and what its reader must do with it. */
export interface Format {
  readonly name: string;
  /** A damaged file; sometimes it is sound. */
  make(random: Random): Uint8Array;
  /** Reads it as `FILE`, and throws if what it reads is not what its type promises. Errors of ours are caught outside. */
  read(bytes: Uint8Array, random: Random): void | Promise<void>;
}

/** What the readers are told the file is called: every error must name it. */
export const FILE = 'some/file';
/** More than the files here, a thousand times over, but nothing to what a lying file asks for. In bytes. */
const MOST_MEMORY = 512 * 2 ** 20;
/** A case takes far below a millisecond; one that takes this long, in milliseconds, does not end. */
const PATIENCE = 30_000;
const CHECK_EVERY = 1000;

export interface Outcome {
  readonly cases: number;
  readonly accepted: number;
  readonly refused: ReadonlyMap<string, number>;
  readonly seconds: number;
  /** Milliseconds, and in which case. */
  readonly slowest: { readonly milliseconds: number; readonly index: number };
  /** How much the process has grown at its largest, in bytes. */
  readonly memory: number;
}

/** Reads `count` damaged files. Case `index` depends on the seed and the index alone: see `replay`. */
export async function runMutations(format: Format, seed: number, count: number, first = 0): Promise<Outcome> {
  const watchdog = watch(format.name, seed);
  const refused = new Map<string, number>();
  let accepted = 0;
  let slowest = { milliseconds: 0, index: first };
  const memoryBefore = process.resourceUsage().maxRSS;
  let memory = 0;
  const begin = performance.now();
  let last = begin;
  try {
    for (let index = first; index < first + count; index++) {
      watchdog.at(index);
      const random = new Random(seed, 0, index);
      const bytes = format.make(random);
      try {
        const reading = format.read(bytes, random);
        if (reading !== undefined) await reading;
        accepted++;
      } catch (error) {
        const problem = problemOf(error);
        if (problem !== undefined) throw failure(format, seed, index, bytes, problem, error);
        const { code } = error as CifraError;
        refused.set(code, (refused.get(code) ?? 0) + 1);
      }
      const now = performance.now();
      if (now - last > slowest.milliseconds) slowest = { milliseconds: now - last, index };
      last = now;
      if (index % CHECK_EVERY === 0 || index === first + count - 1) {
        memory = 1024 * (process.resourceUsage().maxRSS - memoryBefore);
        if (memory > MOST_MEMORY) {
          const problem = `one of the last ${CHECK_EVERY} cases brought memory to ${Math.round(memory / 2 ** 20)} MiB more`;
          throw failure(format, seed, index, bytes, problem, undefined);
        }
      }
    }
  } finally {
    await watchdog.stop();
  }
  return { cases: count, accepted, refused, seconds: (last - begin) / 1000, slowest, memory };
}

/** The file of one case, to look into a failure. */
export function replay(format: Format, seed: number, index: number): Uint8Array {
  return format.make(new Random(seed, 0, index));
}

/** What is wrong with an error that a reader threw; undefined for those that it may throw. */
function problemOf(error: unknown): string | undefined {
  if (!(error instanceof CifraError)) return 'it threw an error that is not of ours';
  if (!error.message.includes(FILE)) return 'its message does not name the file';
  if (error.message.length > 2000) return `its message has ${error.message.length} characters`;
  if (error.remedy === undefined || !/[.:?]$/.test(error.remedy)) return 'it says no remedy';
  const [problem = '', remedy, ...more] = error.message.split('\n');
  if (remedy === undefined || more.length > 0) return 'its message is not two lines, problem and remedy';
  if (!/[.…]$/.test(problem)) return 'its message is no sentence';
  // eslint-disable-next-line no-control-regex -- these are what must not be there
  if (/[\0-\x1f\x7f-\x9f]/.test(problem + remedy)) return 'its message holds characters that command a terminal';
  return undefined;
}

function failure(
  format: Format,
  seed: number,
  index: number,
  bytes: Uint8Array,
  problem: string,
  cause: unknown,
): Error {
  const path = join(tmpdir(), `cifra-mutation-${format.name.replaceAll(/\W+/g, '-')}-${seed}-${index}.base64`);
  const base64 = Buffer.from(bytes).toString('base64');
  writeFileSync(path, base64);
  const shown = base64.length > 4000 ? `${base64.slice(0, 4000)}…` : base64;
  const detail = cause instanceof Error ? cause.stack?.slice(0, 1500) : String(cause);
  return new Error(
    `${format.name}, seed ${seed}, case ${index}: ${problem}.\n${detail}\nThe file in base64, also in ${path}:\n${shown}`,
    { cause },
  );
}

/** A thread that ends the process, naming the case, if one does not end: a loop that never ends lets nothing else run. */
function watch(name: string, seed: number): { at(index: number): void; stop(): Promise<unknown> } {
  const current = new BigInt64Array(new SharedArrayBuffer(8));
  const code = `
    const { workerData: { current, name, seed, patience } } = require('node:worker_threads');
    let last = -1n, since = Date.now();
    setInterval(() => {
      const now = Atomics.load(current, 0);
      if (now !== last) { last = now; since = Date.now(); return; }
      if (Date.now() - since < patience) return;
      require('node:fs').writeSync(2, name + ', seed ' + seed + ', case ' + now + ' does not end\\n');
      process.kill(process.pid, 'SIGKILL');
    }, 1000);`;
  const workerData = { current, name, seed, patience: PATIENCE };
  const worker = new Worker(code, { eval: true, workerData });
  return {
    at: (index) => void Atomics.store(current, 0, BigInt(index)),
    stop: () => worker.terminate(),
  };
}
