import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../src/runs/folderRuns.node.js';
import { weightsSha256 as weightsHash } from '../../src/runs/modelFile.js';
import { savedModel } from '../../src/train/modelFile.js';
import { cifra, type Result, smallRecipe, workFolder } from './command.js';

const folder = workFolder();
const DATA = ['--dataset', 'synthetic', '--limit', '128'];

function read(...path: string[]): string {
  return readFileSync(join(folder, ...path), 'utf8');
}

beforeAll(() => {
  writeFileSync(join(folder, 'small.json'), JSON.stringify(smallRecipe));
});

describe('cifra train, the seed recipe on a few synthetic digits', () => {
  let trained: Result;
  beforeAll(async () => {
    trained = await cifra(folder, ['train', ...DATA, '--epochs', '1', '--out', 'first', '--threads', '1', '--json']);
  });

  it('gives an event per epoch and one in the end', () => {
    expect(trained.status).toBe(0);
    const [epoch, done, ...more] = trained.events();
    expect(more).toEqual([]);
    expect(epoch).toEqual({
      event: 'epoch',
      epoch: 1,
      trainLoss: expect.any(Number),
      trainAccuracy: expect.any(Number),
      valLoss: expect.any(Number),
      valAccuracy: expect.any(Number),
      imagesPerSecond: expect.any(Number),
      seconds: expect.any(Number),
    });
    expect(done).toEqual({
      event: 'done',
      testAccuracy: epoch!['valAccuracy'],
      testErrors: Math.round(128 * (1 - Number(epoch!['valAccuracy']))),
      weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      seconds: expect.any(Number),
      out: 'first',
      report: join('first', 'report.html'),
      dataset: 'synthetic',
    });
  });

  it('tells people the same, and how to read it, on stderr', () => {
    expect(trained.stderr).toContain('1 epoch at batch 128');
    expect(trained.stderr).toContain('validation can look better');
    expect(trained.stderr).toContain('Validation here is on the test images');
    expect(trained.stderr).toContain('95% interval');
    expect(trained.stderr).not.toContain('\u001b');
    expect(trained.stderr).not.toContain('\r');
  });

  it('leaves a folder with record, metrics, model and report', () => {
    expect(readdirSync(join(folder, 'first')).sort()).toEqual([
      ...['metrics.csv', 'model.safetensors', 'progress.json', 'report.html', 'run.json'],
    ]);
    const [, done] = trained.events();
    expect(JSON.parse(read('first', 'run.json'))).toMatchObject({
      command: ['cifra', 'train', ...DATA, '--epochs', '1', '--out', 'first', '--threads', '1', '--json'],
      seed: 1,
      recipe: {
        name: 'seed',
        phases: [{ epochs: 1, batchSize: 128 }],
        optimizer: { type: 'adam', learningRate: 0.001 },
      },
      dataset: { name: 'synthetic', trainCount: 128, testCount: 128 },
      backend: { name: 'wasm', threads: 1, numerics: 'strict' },
      result: {
        testAccuracy: done!['testAccuracy'],
        testErrors: done!['testErrors'],
        weightsSha256: done!['weightsSha256'],
      },
    });
    const [header, row, ...rest] = read('first', 'metrics.csv').trimEnd().split('\n');
    expect(header).toBe('epoch,trainLoss,trainAccuracy,valLoss,valAccuracy,imagesPerSecond,seconds,learningRate');
    expect(row).toMatch(/^1,.*,0\.001$/);
    expect(rest).toEqual([]);
  });

  it('gives the same weights with two threads', async () => {
    const words = ['train', ...DATA, '--epochs', '1', '--out', 'two-threads', '--threads', '2', '--json'];
    const again = await cifra(folder, words);
    expect(again.events().at(-1)!['weightsSha256']).toBe(trained.events().at(-1)!['weightsSha256']);
  });

  it('is read alike by evaluate', async () => {
    const words = ['evaluate', '--model', 'first', '--limit', '128', '--json'];
    const { status, events } = await cifra(folder, words);
    expect(status).toBe(0);
    const [event, ...more] = events();
    expect(more).toEqual([]);
    const [epoch, done] = trained.events();
    expect(event).toMatchObject({
      event: 'evaluate',
      accuracy: done!['testAccuracy'],
      errors: done!['testErrors'],
      loss: epoch!['valLoss'],
      count: 128,
      dataset: 'synthetic',
    });
    const confusion = event!['confusion'] as number[][];
    expect(event!['ece']).toBeGreaterThanOrEqual(0);
    expect(event!['reliability']).toHaveLength(15);
    const coverage = event!['coverage'] as { share: number; accuracy: number }[];
    expect(coverage.at(-1)).toMatchObject({ share: 1, accuracy: done!['testAccuracy'] });
    const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
    expect(128 - right).toBe(done!['testErrors']);
    expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(128);
  });

  it('is drawn by evaluate: how far its confidence can be trusted', async () => {
    const words = ['evaluate', '--model', 'first', '--limit', '128', '--chart', 'first.svg'];
    const { status, stdout, stderr } = await cifra(folder, words);
    expect(status).toBe(0);
    expect(stdout).toMatch(/ECE +[\d.]+% \(expected calibration error, 15 bins\)/);
    expect(stdout).toMatch(/100\.0% +[\d.]+% +[\d.]+%/);
    expect(stderr).toContain('Drawn into first.svg');
    expect(read('first.svg')).toMatch(/^<svg [^]*128 test images of the synthetic digits[^]*<\/svg>\n$/);
    const again = await cifra(folder, words);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('first.svg is there already, and is not overwritten.');
  });

  it('predicts one image, in numbers and in a picture', async () => {
    const words = ['predict', '--model', 'first/model.safetensors', '--index', '12', '--split', 'train'];
    const [asJson, drawn] = await Promise.all([cifra(folder, [...words, '--json']), cifra(folder, words)]);
    const [event] = asJson.events();
    const probabilities = event!['probabilities'] as number[];
    expect(probabilities).toHaveLength(10);
    expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    expect(event).toMatchObject({
      event: 'predict',
      label: probabilities.indexOf(Math.max(...probabilities)),
      split: 'train',
      index: 12,
      dataset: 'synthetic',
    });
    expect(drawn.stdout).toMatch(/[#%@]{2}/);
    expect(drawn.stdout).toMatch(new RegExp(`Read as ${String(event!['label'])}, `));
    expect(drawn.stdout).not.toContain('\u001b');
  });

  it('is not overwritten by another run', async () => {
    const before = read('first', 'run.json');
    const words = ['train', ...DATA, '--recipe', 'small.json', '--out', 'first'];
    const { status, stderr } = await cifra(folder, words);
    expect(status).toBe(1);
    expect(stderr).toContain('first was given as the folder for this run, but it holds files already');
    expect(stderr).toContain('no run overwrites another');
    expect(read('first', 'run.json')).toBe(before);
  });
});

describe('cifra train with a recipe of one’s own', () => {
  it('trains its phases in order and holds out its own validation images', async () => {
    const { status, events, stderr } = await cifra(folder, ['train', ...DATA, '--recipe', 'small.json', '--json']);
    expect(status).toBe(0);
    const all = events();
    expect(all.map(({ event }) => event)).toEqual(['epoch', 'epoch', 'epoch', 'done']);
    expect(all.slice(0, 3).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(all[3]!['out']).toMatch(/^runs.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-small-seed1/);
    expect(stderr).toContain('1 augmented epoch at batch 30');
    expect(stderr).not.toContain('Validation here is on the test images');
  });

  it('calibrates where the recipe says so, and writes down what that came to', async () => {
    writeFileSync(join(folder, 'calibrated.json'), JSON.stringify({ ...smallRecipe, calibration: 'temperature' }));
    const words = ['train', ...DATA, '--recipe', 'calibrated.json', '--out', 'calibrated', '--json'];
    const { status, events, stderr } = await cifra(folder, words);
    expect(status).toBe(0);
    const { calibration, weightsSha256, testAccuracy } = events().at(-1)!;
    expect(calibration).toEqual({
      type: 'temperature',
      temperature: expect.any(Number),
      images: 32,
      before: { nll: expect.any(Number), ece: expect.any(Number) },
      after: { nll: expect.any(Number), ece: expect.any(Number) },
    });
    expect(stderr).toMatch(/Calibrated by temperature [\d.]+, found on 32 held-out images:/);
    expect(JSON.parse(read('calibrated', 'run.json'))).toMatchObject({
      recipe: { calibration: { type: 'temperature' } },
      result: { calibration, weightsSha256 },
    });
    const model = savedModel(await readModel(join(folder, 'calibrated')));
    expect(model.metadata.training).toMatchObject({ calibration, testAccuracy, testCount: 128 });
    expect(await weightsHash(model.weights)).toBe(weightsSha256);
  });

  it('refuses to calibrate on test images', async () => {
    const recipe = { ...smallRecipe, validation: 'test', calibration: 'temperature' };
    writeFileSync(join(folder, 'on-test.json'), JSON.stringify(recipe));
    const { status, stderr } = await cifra(folder, ['train', ...DATA, '--recipe', 'on-test.json']);
    expect(status).toBe(1);
    expect(stderr).toContain('the option "calibration" needs images that are held out');
  });

  it('takes the changes of options', async () => {
    const { stdout } = await cifra(folder, [
      ...['train', '--recipe', 'small.json', '--print-recipe'],
      ...['--epochs', '1', '--batch-size', '8', '--learning-rate', '0.25'],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      phases: [{ epochs: 1, batchSize: 8 }],
      optimizer: { type: 'adam', learningRate: 0.25 },
    });
  });

  it('says plainly where auto takes synthetic digits, at the start and in every result', async () => {
    const words = ['train', '--recipe', 'small.json', '--limit', '64', '--offline', '--out', 'auto', '--json'];
    const { status, stderr, events } = await cifra(folder, words);
    expect(status).toBe(0);
    const notice = expect.stringContaining("MNIST could not be had, so these are Cifra's synthetic digits");
    expect(stderr.replaceAll(/\s+/g, ' ').split('MNIST could not be had')).toHaveLength(3);
    expect(events().at(-1)).toMatchObject({ event: 'done', dataset: 'synthetic', notice });
    expect(JSON.parse(read('auto', 'run.json'))).toMatchObject({ dataset: { name: 'synthetic', notice } });
  });

  it('refuses images that the network does not take, and leaves no folder', async () => {
    const layers = [{ type: 'flatten', inputShape: [14, 14, 1] }, smallRecipe.network.layers[2]];
    writeFileSync(
      join(folder, 'misfit.json'),
      JSON.stringify({ ...smallRecipe, network: { ...smallRecipe.network, layers } }),
    );
    const { status, stderr } = await cifra(folder, ['train', ...DATA, '--recipe', 'misfit.json', '--out', 'misfit']);
    expect(status).toBe(1);
    expect(stderr).toContain('takes images of shape [count, 14, 14, 1], but was given [128, 28, 28, 1]');
    expect(existsSync(join(folder, 'misfit'))).toBe(false);
  });

  it('names the step and the layer where the loss becomes NaN, in the run too', async () => {
    const hidden = { type: 'dense', units: 8, activation: 'relu' };
    const [pool, flatten, output] = smallRecipe.network.layers;
    const network = { ...smallRecipe.network, layers: [pool, flatten, hidden, hidden, output] };
    const optimizer = { type: 'sgd', learningRate: 1e12, momentum: 0.9 };
    writeFileSync(join(folder, 'nan.json'), JSON.stringify({ ...smallRecipe, network, optimizer }));
    const { status, stderr } = await cifra(folder, ['train', ...DATA, '--recipe', 'nan.json', '--out', 'nan']);
    expect(status).toBe(1);
    const where = /The loss became NaN at step \d+ of epoch 1 \(\d+ steps in all\)\. It .*"/.exec(stderr)?.[0];
    expect(where).toBeDefined();
    expect(stderr).toContain('Lower the learning rate');
    // The same would happen again.
    expect(stderr).not.toContain('--resume');
    expect((JSON.parse(read('nan', 'run.json')) as { note: string }).note).toContain(where);
    expect(readdirSync(join(folder, 'nan')).sort()).toEqual(['progress.json', 'run.json']);
  });

  it('ends a step and keeps what is saved on Ctrl-C', async () => {
    const words = ['train', ...DATA, '--recipe', 'small.json', '--epochs', '10000', '--out', 'stopped', '--json'];
    const { status, stderr, events } = await cifra(folder, words, (child) => {
      child.stdout!.once('data', () => child.kill('SIGINT'));
    });
    expect(status).toBe(130);
    const last = events().at(-1)!;
    expect(last['event']).toBe('epoch');
    const saved = /The model as it was after epoch (\d+) is in stopped\./.exec(stderr)?.[1];
    expect(Number(saved)).toBeGreaterThanOrEqual(Number(last['epoch']));
    expect(JSON.parse(read('stopped', 'run.json'))).toMatchObject({
      note: `Interrupted. The model is that of epoch ${saved}.`,
    });
    expect(existsSync(join(folder, 'stopped', 'model.safetensors'))).toBe(true);
    const { status: evaluated } = await cifra(folder, ['evaluate', '--model', 'stopped', '--limit', '10']);
    expect(evaluated).toBe(0);
  });
});
