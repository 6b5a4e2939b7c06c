import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.js';
import { syntheticDataset } from '../../../src/data/syntheticDataset.js';
import { wasmBackend } from '../../../src/engine/wasm/backend.js';
import { machine as nodeMachine } from '../../../src/cli/machine.js';
import { type Parts, Recording, type RecordingOptions } from '../../../src/recording/recording.js';
import { resumeRecording } from '../../../src/recording/resume.js';
import { folderRuns } from '../../../src/runs/folderRuns.node.js';
import { readRecord } from '../../../src/runs/runRecord.js';
import { recipeModel, runRecipe } from '../../../src/train/runRecipe.js';
import { testModel } from '../../../src/train/testModel.js';
import { cifra, workFolder } from '../../../tests/cli/command.js';
import type { NamedFile } from '../train/trainerApi.js';
import { recipeOf } from '../train/trainerPlan.js';
import { plan, testTrainer } from '../train/testing.js';

const recipe = recipeOf(plan);
const folder = mkdtempSync(join(tmpdir(), 'cifra-move-'));
afterAll(() => rmSync(folder, { recursive: true }));
let dataset: Dataset;
beforeAll(async () => void (dataset = await syntheticDataset({ limit: 300 })));

const work = workFolder();

const interrupted = new Error('interrupted');
const options: RecordingOptions = { store: folderRuns(folder), machine: nodeMachine(), started: performance.now() };

/** Trains in Node, to the end or for so many steps. */
async function train(
  record: (parts: Parts) => Promise<Recording>,
  steps = Infinity,
): Promise<{ readonly place: string; readonly hash: string | undefined }> {
  await using model = recipeModel(recipe, () => wasmBackend({ threads: 1 }), plan.seed);
  const recording = await record({ recipe, dataset, model });
  const last = model.steps + (recording.checkpoint?.model.steps ?? 0) + steps;
  try {
    const stop = { onBatchEnd: () => (model.steps >= last ? Promise.reject(interrupted) : undefined) };
    const { calibration } = await runRecipe(recipe, dataset, {
      model,
      resume: recording.checkpoint,
      callbacks: [recording.callback(() => model.steps >= last), stop],
    });
    const result = await recording.finish(model, await testModel(model, dataset.test, recipe), calibration);
    return { place: recording.place, hash: result.weightsSha256 };
  } catch (error) {
    if (error !== interrupted) throw error;
    return { place: recording.place, hash: undefined };
  } finally {
    await recording.close();
  }
}

const begin = (steps?: number) => train((parts) => Recording.begin(parts, options), steps);
const resume = (place: string) =>
  train(async (parts) =>
    resumeRecording(await options.store.resumeRun(place), parts, { ...options, note: (text) => expect.fail(text) }),
  );

function filesOf(place: string): NamedFile[] {
  return readdirSync(place).map((name) => ({
    path: `${place.slice(folder.length + 1)}/${name}`,
    bytes: new Uint8Array(readFileSync(join(place, name))),
  }));
}

function zipped(files: readonly NamedFile[]): NamedFile {
  const bytes = zipSync(Object.fromEntries(files.map(({ path, bytes }) => [path, bytes])));
  return { path: 'run.zip', bytes };
}

function unzip({ bytes }: NamedFile, name: string): string {
  const target = join(folder, name);
  const entries = Object.entries(unzipSync(bytes));
  for (const [path, content] of entries) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), content);
  }
  return join(target, dirname(entries[0]![0]));
}

let uninterrupted: string;
let begun: string;
beforeAll(async () => {
  uninterrupted = (await begin()).hash!;
  begun = (await begin(2)).place;
});

describe('a run', () => {
  it('goes from Node to a page and back, and comes to the same bits', async () => {
    const { call, told, runs } = testTrainer();
    const { place, steps } = await call('importRun', [zipped(filesOf(begun))]);
    expect(steps).toBe(2);
    expect(await runs.storage.list(place)).not.toContain('run.lock');
    const facts = await call('open', place);
    expect(facts).toMatchObject({ steps: 2, seed: 3 });
    await call('step');
    await call('step');
    await call('stop');
    const back = unzip(await call('exportRun', place), 'back');
    expect(told.warning).toEqual([]);
    expect((await resume(back)).hash).toBe(uninterrupted);
    const record = readRecord(new Uint8Array(readFileSync(join(back, 'run.json'))), 'run.json');
    expect(record.formatVersion).toBe(1);
    expect(record.resumed).toMatchObject([
      { steps: 2, browser: 'A browser' },
      { steps: 4, nodeVersion: process.version },
    ]);
  });

  it('begins in a page and ends in Node', async () => {
    const { call } = testTrainer();
    const { place } = await call('begin', plan);
    await call('epoch');
    // It need not be closed.
    const folder = unzip(await call('exportRun', place), 'page');
    await call('stop');
    const words = ['train', '--resume', folder, '--threads', '1', '--json'];
    const { events, stderr } = await cifra(work, words);
    expect(events().at(-1), stderr).toMatchObject({ event: 'done', weightsSha256: uninterrupted });
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('in a browser (A browser)');
    const { formatVersion, browser, command, hardware, resumed } = (await options.store.openRun(folder)).record;
    expect({ formatVersion, browser, command, hardware, resumed }).toMatchObject({
      ...{ formatVersion: 2, browser: 'A browser', command: undefined, hardware: { cores: 2, platform: 'any' } },
      resumed: [{ steps: 3, nodeVersion: process.version }],
    });
  });

  it('is a folder for the command line, not a .zip', async () => {
    writeFileSync(join(work, 'run.zip'), zipped(filesOf(begun)).bytes);
    const { status, stderr } = await cifra(work, ['train', '--resume', 'run.zip']);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/run\.zip is a file\.\n.*Unzip it/)]);
  });

  it('comes as its files, and is given as what it is made of', async () => {
    const { call } = testTrainer();
    const { place, bytes } = await call('importRun', filesOf(begun));
    expect(place).toBe(`runs/${begun.slice(folder.length + 1)}`);
    expect((await call('importRun', filesOf(begun))).place).toBe(`${place}-2`);
    const zip = await call('exportRun', place);
    expect(zip.path).toBe(`${place.slice(5)}.zip`);
    const sum = Object.values(unzipSync(zip.bytes)).reduce((total, { length }) => total + length, 0);
    expect(sum).toBe(bytes);
    await expect(call('exportModel', place)).rejects.toMatchObject({ code: 'model-missing' });
    const checkpoint = await call('exportCheckpoint', place);
    expect(checkpoint.path).toBe(`${place.slice(5)}-checkpoint-0000000002.safetensors`);
    await call('open', place);
    await call('epoch');
    expect((await call('exportModel', place)).path).toBe(`${place.slice(5)}.safetensors`);
    await call('epoch');
    await expect(call('exportCheckpoint', place)).rejects.toMatchObject({ code: 'checkpoint-missing' });
  });

  it('is made of a checkpoint alone', async () => {
    const { call, told } = testTrainer();
    const name = readdirSync(begun).find((file) => file.startsWith('checkpoint'))!;
    const file = { path: name, bytes: new Uint8Array(readFileSync(join(begun, name))) };
    const { place, steps, epochs, totalEpochs } = await call('importRun', [file]);
    expect([steps, epochs, totalEpochs]).toEqual([2, 0, 2]);
    await call('open', place);
    await call('epoch');
    await call('epoch');
    expect(told.state.at(-1)).toMatchObject({ result: { weightsSha256: uninterrupted } });
  });

  const changed = (name: RegExp, change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): NamedFile[] =>
    filesOf(begun).map(({ path, bytes }) => ({ path, bytes: name.test(path) ? change(bytes) : bytes }));
  const text = (words: string) => new TextEncoder().encode(words);

  it.each<[string, () => NamedFile[], string, string]>([
    ['nothing', () => [], 'not-a-run', 'there is no run.json'],
    ['a picture', () => [{ path: 'cat.png', bytes: text('PNG') }], 'not-a-run', 'Among cat.png there is no run.json'],
    ['two runs', () => [...filesOf(begun), { path: 'b/run.json', bytes: text('{}') }], 'not-a-run', 'There are 2 runs'],
    [
      'a .zip cut short',
      () => [{ path: 'a.zip', bytes: zipped(filesOf(begun)).bytes.slice(0, 5000) }],
      'run-damaged',
      'a.zip is damaged',
    ],
    [
      'a .zip with a flipped bit',
      () => {
        const { path, bytes } = zipped(filesOf(begun));
        bytes[bytes.length >> 1]! ^= 1;
        return [{ path, bytes }];
      },
      'run-damaged',
      'is damaged',
    ],
    ['a record of a newer version', () => changed(/run\.json$/, () => text('{"formatVersion": 3}')), 'run-version', ''],
    ['a damaged record', () => changed(/run\.json$/, () => text('{"formatVersion": 1')), 'run-damaged', 'run.json'],
    [
      'a damaged checkpoint',
      () => changed(/checkpoint/, (bytes) => bytes.with(bytes.length - 9, bytes.at(-9)! ^ 1)),
      'checkpoint-damaged',
      'SHA-256',
    ],
    [
      'a checkpoint of another run',
      () => changed(/run\.json$/, (bytes) => text(new TextDecoder().decode(bytes).replace('"seed": 3', '"seed": 4'))),
      'run-damaged',
      'does not belong to this run: seed was 4 and is 3 now',
    ],
    ['damaged progress', () => changed(/progress/, () => text('{')), 'run-damaged', 'progress.json'],
    [
      'a model',
      () => [{ path: 'm.safetensors', bytes: new Uint8Array(readFileSync('models/digits.safetensors')) }],
      'not-a-run',
      'm.safetensors is a model',
    ],
    ['a torn file', () => [{ path: 'c.safetensors', bytes: text('nothing') }], 'safetensors-', ''],
  ])('is refused where it is %s', async (_, given, code, message) => {
    const { call, runs } = testTrainer();
    await expect(call('importRun', given())).rejects.toMatchObject({
      code: expect.stringContaining(code) as string,
      message: expect.stringContaining(message) as string,
    });
    expect(await runs.storage.folders()).toEqual([]);
  });
});
