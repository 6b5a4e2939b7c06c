import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { identityTrainings } from '../../src/train/identity.js';
import { cifra as cifraWith, lastEvent } from '../faults/process.js';
import { cifra, workFolder } from './command.js';

const folder = workFolder();

describe('cifra summary', () => {
  it('counts the seed network as Keras does', async () => {
    const { status, events } = await cifra(folder, ['summary', '--recipe', 'seed', '--json']);
    expect(status).toBe(0);
    const [event] = events();
    expect(event).toMatchObject({ event: 'summary', parameters: 601_578, trainable: 598_250, nonTrainable: 3328 });
    const layers = event!['layers'] as { type: string; parameters: number; outputShape: number[] }[];
    expect(layers.map(({ parameters }) => parameters)).toEqual([
      ...[320, 128, 9248, 0, 128, 18_496, 256, 36_928, 0, 0, 4096, 524_800, 2048, 0, 5130],
    ]);
    expect(layers[7]).toMatchObject({ type: 'Conv2D', outputShape: [8, 8, 64] });
  });

  it('prints the table', async () => {
    const { stdout } = await cifra(folder, ['summary']);
    expect(stdout).toContain('Total params: 601,578');
  });
});

describe('cifra data', () => {
  it('says where it looked, and shows what auto would take', async () => {
    const { status, stdout, stderr } = await cifra(folder, ['data', '--limit', '60']);
    expect(status).toBe(0);
    expect(stdout).toContain('none given (--data-dir, or CIFRA_DATA_DIR in the environment)');
    expect(stdout).toMatch(/mnist +0 of 4 files; node .* data --dataset mnist --download fetches it/);
    expect(stdout).toContain('[60, 28, 28, 1]');
    expect(stdout).toMatch(/[#%@]{2}/);
    expect(stderr).toContain('MNIST is not here');
  });

  it('fails for a dataset that is not there', async () => {
    const { status, stderr } = await cifra(folder, ['data', '--dataset', 'fashion-mnist']);
    expect(status).toBe(1);
    expect(stderr).toContain('fashion-mnist was asked for without a download');
  });
});

describe('cifra doctor', () => {
  it('finds the engine to compute as the reference does', async () => {
    const { status, events } = await cifra(folder, ['doctor', '--json', '--threads', '2']);
    expect(status).toBe(0);
    const [event] = events();
    expect(event).toMatchObject({ event: 'doctor', ok: true });
    const findings = event!['findings'] as { what: string; state: string; detail: string }[];
    expect(findings.find(({ what }) => what === 'Engine')).toMatchObject({
      state: 'good',
      detail: expect.stringMatching(/^2 threads, .* differ from the float64 reference by \d\.\de-\d+$/),
    });
    expect(findings.find(({ what }) => what === 'MNIST')).toMatchObject({ state: 'note' });
  });
});

describe('cifra doctor --identity', () => {
  it('finds the weights that every machine comes to', async () => {
    const { status, stdout } = await cifra(folder, ['doctor', '--identity', '--threads', '3']);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`Identity +3 threads, strict numerics, .* sha256 ${identityTrainings.small.expected}`),
    );
  });

  it('says what it means where they are others', async () => {
    // A machine whose square roots are off by a last bit or two.
    const inexact = 'const { sqrt } = Math; Math.sqrt = (x) => sqrt(x) * (1 + 1e-6);';
    const nodeOptions = ['--import', `data:text/javascript,${encodeURIComponent(inexact)}`];
    const ended = await cifraWith(folder, ['doctor', '--identity', '--json'], { nodeOptions });
    const { status, stderr } = ended;
    expect(status).toBe(1);
    const event = lastEvent(ended);
    expect(event).toMatchObject({ event: 'doctor', ok: false });
    expect(stderr).toContain('Cifra works here, but not with the same bits as elsewhere.');
    const findings = event['findings'] as { what: string; state: string; detail: string }[];
    const { state, detail } = findings.find(({ what }) => what === 'Identity')!;
    expect(state).toBe('bad');
    expect(detail).toContain(`${identityTrainings.small.expected} was expected`);
  });
});

describe('cifra bench', () => {
  it('measures what it should', async () => {
    const { status, events } = await cifra(folder, ['bench', '--quick', '--threads', '1', '--json']);
    expect(status).toBe(0);
    const [event, ...more] = events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({ event: 'bench', threads: 1, numerics: 'strict' });
    const figures = ['trainImagesPerSecond', 'inferImagesPerSecond', 'singleImageMsP50', 'peakRssMb'];
    for (const name of figures) expect(event![name]).toBeGreaterThan(0);
  });
});

describe('cifra start', () => {
  it('shows the ten steps in order and ends with a command that works', async () => {
    const { status, stdout, stderr } = await cifra(folder, ['start', '--limit', '64', '--offline']);
    expect(status).toBe(0);
    const headings = [...stdout.matchAll(/^ ?(\d+) {2}(\S.*?) ─+$/gm)].map(([, number, title]) => `${number} ${title}`);
    expect(headings).toEqual([
      '1 Import',
      '2 Load the images',
      '3 Normalize',
      '4 One-hot encode the classes',
      '5 Describe the network',
      '6 Compile, and train',
      '7 Augment the images',
      '8 Train on augmented images',
      '9 Evaluate',
      '10 Predict',
    ]);
    const words = stdout.replaceAll(/\s+/g, ' ');
    expect(words).toMatch(/trains [\d,]+ images a second: this will take about [\d.]+ (second|minute|hour)/);
    expect(stdout).toContain('Total params: 601,578');
    expect(stdout).toMatch(/Kernels +\d+ calls a step/);
    expect(stdout).toMatch(/Accuracy +[\d.]+% of 64 test images of the synthetic digits/);
    // At the start and in the result.
    expect(words.split("so these are Cifra's synthetic digits")).toHaveLength(3);
    // Not a terminal: a line for each epoch, and no control codes.
    for (let epoch = 1; epoch <= 8; epoch++) expect(stdout).toMatch(new RegExp(`^ *${epoch}/8 .*%.*%`, 'm'));
    for (const control of ['\r', '\u001b']) expect(stdout + stderr).not.toContain(control);
    for (const line of stdout.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(80);

    const [program, ...next] = stdout.trimEnd().split('\n').at(-1)!.trim().split(' ');
    expect(program).toBe('node');
    const predicted = await promisify(execFile)(process.execPath, next, { cwd: folder });
    expect(predicted.stdout).toMatch(/Test image 7 of the synthetic digits/);
  });
});
