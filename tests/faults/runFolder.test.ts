import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CifraError } from '../../src/numeric/errors.js';
import { folderRuns } from '../../src/runs/folderRuns.node.js';
import type { Run } from '../../src/runs/runStore.js';
import { decodeCheckpoint, encodeCheckpoint, type StoredCheckpoint } from '../../src/train/checkpointFile.js';
import { failAt, failNoMore } from './fileSystem.mjs';
import { record } from '../runs/sampleRecord.js';

/** With CIFRA_FAULTS=long every call fails with every code; else with one, in turn. */
const CODES = ['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EINTR', 'EMFILE'];
const CHECKPOINTS = [10, 20, 30, 40];

function checkpointAt(steps: number): Promise<Uint8Array> {
  const stored: StoredCheckpoint = {
    origin: {
      recipe: record.recipe,
      seed: 1,
      dataset: { name: 'mnist', hash: 'ab', trainCount: 60_000, testCount: 10_000 },
      engine: { version: '0.1.0', kernels: '', numerics: 'strict' },
    },
    seconds: 1,
    checkpoint: {
      phase: 1,
      progress: { epoch: 1, step: steps, images: steps, lossSum: 1, correct: 0, seconds: 1 },
      history: [],
      model: { steps, epochs: 0, tensors: new Map([['w', Float32Array.from({ length: 100 }, (_, i) => steps + i)]]) },
    },
  };
  return encodeCheckpoint(stored);
}

/** What a run came to before it failed, if it did. */
interface Outcome {
  created: boolean;
  /** Steps of the last checkpoint whose writing was said to be done. */
  acknowledged: number;
  error: unknown;
}

/** A run as the command makes it: record, metrics, checkpoints, model. */
async function makeRun(out: string): Promise<Outcome> {
  const outcome: Outcome = { created: false, acknowledged: 0, error: undefined };
  let run: Run | undefined;
  try {
    run = await folderRuns().createRun({ record, name: 'seed', seed: 1, out });
    outcome.created = true;
    for (const steps of CHECKPOINTS) {
      await run.appendMetrics({ epoch: steps / 10, loss: 0.5 });
      await run.writeModel(Uint8Array.of(1, 2, 3));
      await run.writeCheckpoint(steps, await checkpointAt(steps));
      outcome.acknowledged = steps;
    }
    await run.writeRecord({ ...record, note: 'It ended.' });
  } catch (error) {
    outcome.error = error;
  }
  await run?.close();
  return outcome;
}

let folder: string;
afterEach(async () => {
  failNoMore();
  await rm(folder, { recursive: true, force: true });
});

const isLong = process.env['CIFRA_FAULTS'] === 'long';

describe.each(isLong ? CODES.map((_, i) => i) : [0])(
  'when one call of the file system fails (codes from number %i)',
  (first) => {
    it('wherever it is: one clear error, no acknowledged checkpoint is lost, and the run can be gone on with', async () => {
      folder = await mkdtemp(join(tmpdir(), 'cifra-faults-'));
      const calls = failAt(0);
      await makeRun(join(folder, 'whole'));
      const count = calls.length;
      // Making a folder, four checkpoints and taking old ones away: not so few that something was not counted.
      expect(count).toBeGreaterThan(60);
      for (let at = 1; at <= count; at++) {
        const out = join(folder, String(at));
        const made = failAt(at, CODES[(first + at) % CODES.length]);
        const { created, acknowledged, error } = await makeRun(out);
        const place = `call ${at} (${made[at - 1]})`;
        failNoMore();

        if (error !== undefined) {
          expect(error, place).toBeInstanceOf(CifraError);
          const { message, code: errorCode } = error as CifraError;
          expect(errorCode, place).toMatch(/^run-(unwritable|unreadable)$/);
          expect(message, place).toMatch(/^\S+ cannot be (written|read): \w+: made to fail, [\w.]+\.\n {2}Check/);
        }
        const isThere = (await readdir(folder)).includes(String(at));
        if (created) expect(isThere, place).toBe(true);
        if (!isThere) continue;

        // Where removing it failed, it is stale as soon as the process that has it ends; this one goes on.
        if (made[at - 1] === 'rm') await rm(join(out, 'run.lock'), { force: true });
        const { run, record: read, checkpoints } = await folderRuns().resumeRun(out);
        expect(read.seed, place).toBe(1);
        const sound: number[] = [];
        for (const { path, read: bytes } of checkpoints) {
          sound.push((await decodeCheckpoint((await bytes())!, path)).checkpoint.model.steps);
        }
        expect(Math.max(0, ...sound), `${place}: the newest checkpoint`).toBeGreaterThanOrEqual(acknowledged);
        // After the failure too, each one that is kept is whole; one more than two where taking away failed.
        expect(sound.length, place).toBeLessThanOrEqual(3);
        await run.rewriteMetrics([{ epoch: 1, loss: 0.5 }]);
        await run.close();
        expect(
          (await readdir(out)).filter((name) => /part|lock/.test(name)),
          place,
        ).toEqual([]);
        expect((await folderRuns().openRun(out)).metrics, place).toEqual([{ epoch: 1, loss: 0.5 }]);
      }
      expect((await readdir(folder)).filter((name) => name.includes('part'))).toEqual([]);
    });
  },
);
