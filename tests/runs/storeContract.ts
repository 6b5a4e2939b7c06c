import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeModel, type Model } from '../../src/runs/modelFile.js';
import type { RunStore } from '../../src/runs/runStore.js';
import { record } from './sampleRecord.js';

const model: Model = {
  network: {
    type: 'sequential',
    version: 1,
    name: 'n',
    layers: [{ type: 'dense', units: 1, useBias: false, inputShape: [2], name: 'd' }],
  },
  weights: new Map([['d/kernel', { shape: [2, 1], data: new Float32Array([1, 2]) }]]),
  metadata: { engine: '0.1.0' },
};
const startedAt = new Date('2026-08-05T14:03:22.987Z');

/** What every store of runs must do. Each test gets an empty store and a place where runs can be put. */
export function describeRunStore(kind: string, make: () => { store: RunStore; root: string; out: string }): void {
  describe(kind, () => {
    it('gives back what a run has written', async () => {
      const { store } = make();
      const run = await store.createRun({ record, name: 'seed', seed: 1, startedAt });
      await run.appendMetrics({ epoch: 1, loss: 0.5, note: 'a "b", c' });
      await run.appendMetrics({ note: null, loss: 0.25, epoch: 2 });
      await run.writeModel(encodeModel(model));
      await run.writeFile('report.html', '<p>é</p>');
      await run.writeFile('best.safetensors', new Uint8Array([1, 2, 3]));

      const stored = await store.openRun(run.place);
      expect(stored.place).toBe(run.place);
      expect(stored.record).toEqual(record);
      expect(stored.metrics).toEqual([
        { epoch: 1, loss: 0.5, note: 'a "b", c' },
        { epoch: 2, loss: 0.25, note: null },
      ]);
      expect(stored.modelPath).toBe(join(run.place, 'model.safetensors'));
      expect(await stored.readModel()).toEqual(model);
      expect(Buffer.from((await stored.readFile('report.html'))!).toString()).toBe('<p>é</p>');
      expect(new Uint8Array((await stored.readFile('best.safetensors'))!)).toEqual(new Uint8Array([1, 2, 3]));
      expect(await stored.readFile('other.html')).toBeUndefined();
    });

    it('keeps what was written when the caller changes its own afterwards', async () => {
      const { store } = make();
      const run = await store.createRun({ record, name: 'seed', seed: 1 });
      const bytes = new Uint8Array([1, 2, 3]);
      const row = { epoch: 1 };
      await run.writeRecord(record);
      await run.writeFile('a', bytes);
      const appended = run.appendMetrics(row);
      bytes[0] = row.epoch = 9;
      await appended;
      const stored = await store.openRun(run.place);
      expect((await stored.readFile('a'))![0]).toBe(1);
      expect(stored.metrics).toEqual([{ epoch: 1 }]);
    });

    it('replaces the record', async () => {
      const { store } = make();
      const run = await store.createRun({ record, name: 'seed', seed: 1 });
      await run.writeRecord(record);
      await run.writeRecord({ ...record, finishedAt: '2026-08-05T15:00:00.000Z' });
      expect((await store.openRun(run.place)).record.finishedAt).toBe('2026-08-05T15:00:00.000Z');
      await expect(run.writeRecord({ ...record, seed: NaN })).rejects.toMatchObject({ code: 'run-record' });
      expect((await store.openRun(run.place)).record.finishedAt).toBe('2026-08-05T15:00:00.000Z');
    });

    it('opens a run that goes on: no metrics yet, no model yet', async () => {
      const { store } = make();
      const run = await store.createRun({ record, name: 'seed', seed: 1 });
      await run.writeRecord(record);
      const stored = await store.openRun(run.place);
      expect(stored.metrics).toEqual([]);
      expect(stored.modelPath).toBeUndefined();
      await expect(stored.readModel()).rejects.toThrow(
        `${run.place} holds no model.safetensors.\n  Give the folder of a run that has come to its end, or a .safetensors file.`,
      );
    });

    it('names runs by time (UTC), name and seed, and never takes a place twice', async () => {
      const { store, root } = make();
      const created = await Promise.all(
        Array.from({ length: 4 }, () => store.createRun({ record, name: 'seed', seed: 1, startedAt })),
      );
      const first = join(root, '2026-08-05T14-03-22Z-seed-seed1');
      expect(created.map((run) => run.place).sort()).toEqual([first, `${first}-2`, `${first}-3`, `${first}-4`]);
      const other = await store.createRun({ record, name: '../my recipe:1.json', seed: 2, startedAt });
      expect(other.place).toBe(join(root, '2026-08-05T14-03-22Z-..-my-recipe-1.json-seed2'));
    });

    it('takes the given place if it is new or empty, and refuses one that holds files', async () => {
      const { store, out } = make();
      const run = await store.createRun({ record, name: 'seed', seed: 1, out });
      expect(run.place).toBe(out);
      await run.close();
      await expect(store.createRun({ record, name: 'seed', seed: 1, out })).rejects.toThrow(
        /was given as the folder for this run, but it holds files already \(run\.json\)\.\n {2}Give a new folder, or none to have one made: no run overwrites another\.$/,
      );
      expect((await store.openRun(out)).record).toEqual(record);
    });

    it('refuses rows of metrics that do not fit, keeps the order of the others, and goes on', async () => {
      const { store } = make();
      const run = await store.createRun({ record, name: 'seed', seed: 1 });
      await run.writeRecord(record);
      const appends = [{ epoch: 1 }, { epoch: 2, loss: 3 }, { epoch: 3 }, {}, { epoch: 5 }].map((row) =>
        run.appendMetrics(row as { epoch: number }),
      );
      const results = await Promise.allSettled(appends);
      expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, false, true]);
      expect((await store.openRun(run.place)).metrics).toEqual([{ epoch: 1 }, { epoch: 3 }, { epoch: 5 }]);
    });

    it("refuses names of further files that lead elsewhere or are the run's own", async () => {
      const { store } = make();
      const run = await store.createRun({ record, name: 'seed', seed: 1 });
      await run.writeRecord(record);
      const stored = await store.openRun(run.place);
      for (const name of ['', '..', '.hidden', 'a/b', 'a\\b', '../x', '/x', 'C:x', 'a\0', 'RUN.json', 'metrics.csv']) {
        await expect(run.writeFile(name, ''), name).rejects.toMatchObject({ code: 'run-file-name' });
        await expect(stored.readFile(name), name).rejects.toMatchObject({ code: 'run-file-name' });
      }
      await expect(run.writeFile('model.safetensors', '')).rejects.toThrow(
        '"model.safetensors" cannot be the name of a further file of a run.\n  Give letters, digits,',
      );
    });

    it('says what is wrong with a place that is no run', async () => {
      const { store, out } = make();
      await expect(store.openRun(out)).rejects.toThrow(
        `${out} was given as the folder of a run, but there is no such folder.\n  Give the folder that the training named when it began.`,
      );
      const run = await store.createRun({ record, name: 'seed', seed: 1, out });
      await run.writeModel(new Uint8Array([1, 2, 3]));
      await expect((await store.openRun(out)).readModel()).rejects.toThrow(
        `${join(out, 'model.safetensors')} is no sound .safetensors file: it has 3 bytes`,
      );
      await expect(store.resumeRun(join(out, 'none'))).rejects.toMatchObject({ code: 'run-not-found' });
    });

    it('keeps the two newest checkpoints, and gives them to whoever goes on', async () => {
      const { store, out } = make();
      const run = await store.createRun({ record, name: 'seed', seed: 1, out });
      for (const steps of [7, 400, 50_000]) await run.writeCheckpoint(steps, new Uint8Array([steps % 256]));
      await expect(store.resumeRun(out)).rejects.toMatchObject({
        code: 'run-locked',
        message: expect.stringMatching(/ is in use: .*\.\n {2}Wait until it has ended, or stop it\./),
      });
      await run.close();
      const resumed = await store.resumeRun(out);
      expect(resumed.record).toEqual(record);
      expect(resumed.checkpoints.map(({ path }) => path)).toEqual(
        ['checkpoint-0000050000.safetensors', 'checkpoint-0000000400.safetensors'].map((name) => join(out, name)),
      );
      const bytes = await Promise.all(resumed.checkpoints.map(({ read }) => read()));
      expect(bytes.map((read) => read![0])).toEqual([50_000 % 256, 400 % 256]);
      await expect(resumed.run.writeFile('checkpoint-0000000001.safetensors', '')).rejects.toMatchObject({
        code: 'run-file-name',
      });
      await resumed.run.removeCheckpoints();
      expect(await resumed.checkpoints[0]!.read()).toBeUndefined();
      await resumed.run.close();
      expect((await store.resumeRun(out)).checkpoints).toEqual([]);
    });

    it('writes the metrics anew, of the epochs that count', async () => {
      const { store, out } = make();
      const run = await store.createRun({ record, name: 'seed', seed: 1, out });
      for (const epoch of [1, 2, 3]) await run.appendMetrics({ epoch, loss: epoch / 2 });
      await run.rewriteMetrics([
        { epoch: 1, loss: 0.5 },
        { epoch: 2, loss: 1 },
      ]);
      await run.appendMetrics({ loss: 9, epoch: 3 });
      expect((await store.openRun(out)).metrics).toEqual([
        { epoch: 1, loss: 0.5 },
        { epoch: 2, loss: 1 },
        { epoch: 3, loss: 9 },
      ]);
      await run.rewriteMetrics([]);
      expect((await store.openRun(out)).metrics).toEqual([]);
      await run.appendMetrics({ other: 1 });
      expect((await store.openRun(out)).metrics).toEqual([{ other: 1 }]);
    });
  });
}
