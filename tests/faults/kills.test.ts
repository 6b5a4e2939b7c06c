import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/numeric/philox.js';
import { readProgress } from '../../src/report/index.js';
import { cifra, type CifraOptions, type Ended, lastEvent, recipe, TRAIN } from './process.js';

/** How often a process is killed; `npm run test:faults` does it 1,000 times. */
const KILLS = Number(process.env['CIFRA_KILLS'] ?? 6);
const SEED = Number(process.env['CIFRA_SEED'] ?? 1);

let folder: string;
let weights: unknown;
/** Milliseconds until a training that nobody kills writes into its folder, and from then to its end. */
let starting: number;
let working: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cifra-kills-'));
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(recipe));
  const begun = performance.now();
  let written = begun;
  const words = [...TRAIN, '--out', 'whole', '--checkpoint-steps', '3'];
  const whole = await cifra(
    folder,
    words,
    onceWritten('whole', () => (written = performance.now())),
  );
  starting = written - begun;
  working = performance.now() - written;
  weights = lastEvent(whole)['weightsSha256'];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Sees the process write into its folder for the first time: make it, or take the place of a process that was killed. */
function onceWritten(out: string, then: (child: ChildProcess) => void): CifraOptions {
  const written = () => statSync(join(folder, out), { throwIfNoEntry: false })?.mtimeMs;
  const before = written();
  return {
    watch(child) {
      const look = setInterval(() => {
        if (written() === before) return;
        clearInterval(look);
        then(child);
      }, 1);
      child.on('close', () => clearInterval(look));
    },
  };
}

/**
 * Ends the process by SIGKILL at a random moment, unless it has ended by itself: one of four while it starts, the others
 * while it works. How long either takes differs with what else the machine does, so the two are timed separately.
 */
function killed(random: Random, words: readonly string[], out: string): Promise<Ended> {
  const killAfter = (milliseconds: number) => (child: ChildProcess) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
    child.on('close', () => clearTimeout(timer));
  };
  if (random.below(4) === 0) return cifra(folder, words, { watch: killAfter(random.uniform(0.2, 1) * starting) });
  return cifra(folder, words, onceWritten(out, killAfter(random.uniform(0, 1.1) * working)));
}

describe(`a training that is killed ${KILLS} times, at random moments (seed ${SEED})`, () => {
  it('can always be gone on with, and ends with the weights of one that was not', async () => {
    expect(weights).toMatch(/^[0-9a-f]{64}$/);
    const random = new Random(SEED, 70);
    let kills = 0;
    let runs = 0;
    let before = 0;
    while (kills < KILLS) {
      const out = `run${runs++}`;
      let ended: Ended | undefined;
      // Killed again and again, until it comes to its end between two kills or has been killed five times.
      for (let attempt = 0; attempt < 5 && kills < KILLS && resultOf(out) === undefined; attempt++) {
        const isBegun = existsSync(join(folder, out));
        const words = isBegun ? [...RESUME, out] : [...TRAIN, '--out', out, '--checkpoint-steps', '3'];
        ended = await killed(random, words, out);
        if (ended.status === 0) continue;
        expect(ended.status, ended.stderr).toBeNull();
        kills++;
        if (!existsSync(join(folder, out))) before++;
      }
      const place = `run ${out}, after ${kills} kills`;
      if (ended?.status !== 0) {
        const isBegun = existsSync(join(folder, out));
        const words = isBegun ? [...RESUME, out] : [...TRAIN, '--out', out];
        const isEnded = resultOf(out) !== undefined;
        ended = await cifra(folder, words);
        // It may have been killed when all was done; then only the rest is cleared away.
        expect(ended.status, `${place}: ${ended.stderr}`).toBe(isEnded ? 1 : 0);
        if (isEnded) expect(ended.stderr, place).toContain('has come to its end already');
      }
      expect(resultOf(out), place).toMatchObject({ weightsSha256: weights });
      const files = readdirSync(join(folder, out)).sort();
      // Killed while it drew its report, a run that has ended has none: `cifra report` draws it.
      expect(
        files.filter((name) => name !== 'report.html'),
        place,
      ).toEqual(['metrics.csv', 'model.safetensors', 'progress.json', 'run.json']);
      if (ended?.status === 0) expect(files, place).toContain('report.html');
      const progress = readProgress(readFileSync(join(folder, out, 'progress.json')), 'progress.json');
      expect(
        progress.snapshots.map(({ epoch }) => epoch),
        place,
      ).toEqual([0, 1, 2, 3, 4]);
      const rows = readFileSync(join(folder, out, 'metrics.csv'), 'utf8')
        .trimEnd()
        .split('\n');
      expect(
        rows.map((row) => row.split(',')[0]),
        place,
      ).toEqual(['epoch', '1', '2', '3', '4']);
      rmSync(join(folder, out), { recursive: true });
    }
    process.stdout.write(
      `${kills} kills over ${runs} runs, ${before} of them before there was a folder: all ended alike.\n`,
    );
  });
});

function resultOf(out: string): unknown {
  if (!existsSync(join(folder, out))) return undefined;
  return (JSON.parse(readFileSync(join(folder, out, 'run.json'), 'utf8')) as Record<string, unknown>)['result'];
}

const RESUME = ['train', '--json', '--checkpoint-steps', '3', '--resume'];
