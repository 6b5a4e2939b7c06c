import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderRuns, modelPathOf, readModel } from './folderRuns.node.js';
import { encodeModel, type Model } from './modelFile.js';
import { record } from '../../tests/runs/sampleRecord.js';

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

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'cifra-runs-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('folderRuns', () => {
  it('leaves the files it names and no others', async () => {
    const run = await folderRuns(join(folder, 'deep', 'runs')).createRun({ record, name: 'seed', seed: 3 });
    await run.appendMetrics({ epoch: 1, loss: 0.5 });
    expect(await readFile(join(run.place, 'metrics.csv'), 'utf8')).toBe('epoch,loss\n1,0.5\n');
    await run.appendMetrics({ epoch: 2, loss: 0.25 });
    await run.writeModel(encodeModel(model));
    await run.writeFile('report.html', 'x');
    const files = ['metrics.csv', 'model.safetensors', 'report.html', 'run.json'];
    expect((await readdir(run.place)).sort()).toEqual([...files, 'run.lock']);
    await run.close();
    expect((await readdir(run.place)).sort()).toEqual(files);
    expect(await readdir(join(folder, 'deep', 'runs'))).toHaveLength(1);
    expect(await readFile(join(run.place, 'metrics.csv'), 'utf8')).toBe('epoch,loss\n1,0.5\n2,0.25\n');
  });

  it('does not touch what is there already', async () => {
    await writeFile(join(folder, 'file'), 'mine');
    const runs = folderRuns(folder);
    const create = (out: string) => runs.createRun({ record, name: 'seed', seed: 1, out });
    await expect(create(join(folder, 'file'))).rejects.toThrow(
      `${join(folder, 'file')} was given as the folder for this run, but it is a file.\n  Give a new folder`,
    );
    await expect(create(join(folder, 'file', 'run'))).rejects.toThrow(
      /^.*run cannot be written: .*\n {2}Check permissions and free space, or give another folder \(--out\)\.$/,
    );
    await expect(create(folder)).rejects.toThrow('it holds files already (file).');
    for (const name of ['b', 'c', 'd']) await writeFile(join(folder, name), '');
    await expect(create(folder)).rejects.toThrow(/it holds files already \(\w+, \w+, \w+, …\)\./);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('mine');
  });

  it('says so when a file cannot be written, and leaves nothing half-written', async () => {
    const run = await folderRuns(folder).createRun({ record, name: 'seed', seed: 1 });
    await mkdir(join(run.place, 'model.safetensors', 'in-the-way'), { recursive: true });
    await expect(run.writeModel(new Uint8Array(100))).rejects.toMatchObject({
      code: 'run-unwritable',
      message: expect.stringContaining(`${join(run.place, 'model.safetensors')} cannot be written: `),
      cause: expect.any(Error),
    });
    expect((await readdir(run.place)).sort()).toEqual(['model.safetensors', 'run.json', 'run.lock']);
    await mkdir(join(run.place, 'metrics.csv'));
    await expect(run.appendMetrics({ epoch: 1 })).rejects.toMatchObject({ code: 'run-unwritable' });
  });

  it('of many that are given one empty folder, one gets it', async () => {
    const out = join(folder, 'empty');
    await mkdir(out);
    const attempts = Array.from({ length: 8 }, () => folderRuns().createRun({ record, name: 'seed', seed: 1, out }));
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'run-exists' });
    }
    expect(await readdir(folder)).toEqual(['empty']);
    expect((await readdir(out)).sort()).toEqual(['run.json', 'run.lock']);
  });

  it('takes away what a killed process left half-written', async () => {
    const runs = folderRuns(folder);
    const run = await runs.createRun({ record, name: 'seed', seed: 1 });
    await expect(runs.resumeRun(run.place)).rejects.toThrow(
      /has been training in it since .*\n {2}Wait until it has ended, .* If there is no such training any more, delete .*run\.lock\.$/,
    );
    await run.close();
    await writeFile(join(run.place, 'model.safetensors.1234.part'), 'half');
    await runs.resumeRun(run.place);
    expect((await readdir(run.place)).sort()).toEqual(['run.json', 'run.lock']);
  });

  it('says so when a file cannot be read', async () => {
    const run = await folderRuns(folder).createRun({ record, name: 'seed', seed: 1 });
    await rm(join(run.place, 'run.json'));
    await mkdir(join(run.place, 'run.json'));
    await expect(folderRuns(folder).openRun(run.place)).rejects.toThrow(
      /run\.json cannot be read: EISDIR.*\n {2}Check its permissions\.$/,
    );
    await writeFile(join(folder, 'file'), '');
    await expect(folderRuns(folder).openRun(join(folder, 'file'))).rejects.toMatchObject({ code: 'run-not-found' });
  });

  it('names the damaged file', async () => {
    const runs = folderRuns(folder);
    const run = await runs.createRun({ record, name: 'seed', seed: 1 });
    await writeFile(join(run.place, 'run.json'), '{"formatVersion":99}');
    await expect(runs.openRun(run.place)).rejects.toMatchObject({ code: 'run-version' });
    await writeFile(join(run.place, 'run.json'), '\u0000');
    await expect(runs.openRun(run.place)).rejects.toThrow(`${join(run.place, 'run.json')} is damaged: it is no JSON`);
  });
});

describe('modelPathOf and readModel', () => {
  it('take the folder of a run or a file', async () => {
    const run = await folderRuns(folder).createRun({ record, name: 'seed', seed: 1 });
    await run.writeModel(encodeModel(model));
    const file = join(run.place, 'model.safetensors');
    expect(await modelPathOf(run.place)).toBe(file);
    expect(await modelPathOf(file)).toBe(file);
    expect(await readModel(run.place)).toEqual(model);
    expect(await readModel(file)).toEqual(model);
  });

  it('say what else was given', async () => {
    await expect(modelPathOf(join(folder, 'none'))).rejects.toThrow(
      `${join(folder, 'none')} was given as the model, but there is no such file or folder.\n  Give the folder of a run`,
    );
    await expect(modelPathOf(folder)).rejects.toThrow(`${folder} holds no model.safetensors.\n  Give the folder`);
    await writeFile(join(folder, 'run.json'), '{}');
    await expect(modelPathOf(join(folder, 'run.json'))).rejects.toThrow(
      `${join(folder, 'run.json')} was given as the model, but models are .safetensors files.\n  Give the folder of a run, or the model.safetensors in it.`,
    );
    await writeFile(join(folder, 'a.safetensors'), 'hello');
    await expect(readModel(join(folder, 'a.safetensors'))).rejects.toThrow(
      'a.safetensors is no sound .safetensors file',
    );
  });
});
