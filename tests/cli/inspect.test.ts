import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNormalization, conv2d, dense, flatten, maxPooling2d, modelToBytes, sequential } from '../../src/index.js';
import { decodePicture, type Picture } from '../../src/pictures/index.js';
import { cifra, type Result, workFolder } from './command.js';
import { png, sevenModel, write } from './pictureFiles.js';

const folder = workFolder();
const inspect = (...words: string[]): Promise<Result> => cifra(folder, ['inspect', ...words]);
const synthetic = ['--dataset', 'synthetic', '--threads', '1'];
const drawn = (file: string): Promise<Picture> => decodePicture(readFileSync(join(folder, file)), file);

function convolutional(): Uint8Array {
  const model = sequential([
    conv2d({ filters: 12, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
    batchNormalization(),
    maxPooling2d(),
    conv2d({ filters: 30, kernelSize: 3, activation: 'relu' }),
    flatten(),
    dense({ units: 10, activation: 'softmax' }),
  ]);
  return modelToBytes(model);
}

beforeAll(async () => {
  write(folder, {
    'conv.safetensors': convolutional(),
    'plain.safetensors': sevenModel(0.97),
    'seven.png': await png('seven'),
    'blank.png': await png('blank'),
  });
});

describe('cifra inspect', () => {
  it('shows kernels, layers and evidence, and draws them into a folder', async () => {
    const { status, stdout, stderr } = await inspect('conv.safetensors', '--index', '3', '--out', 'all', ...synthetic);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^conv\.safetensors, and what it makes of test image 3 of .*synthetic.*, labelled \d:\n/);
    expect(stdout).toContain('conv2d_1 (Conv2D)');
    expect(stdout).toMatch(/^Kernels of conv2d {2}3 × 3, 12 filters of 1 channel\n {2}-0\.\d+ .* to 0\.\d+ /m);
    expect(stdout).toMatch(/^ {2}conv2d_1 {2}11 × 11 × 30 {2}0 to [\d.]+, \d+% zeros$/m);
    expect(stdout).toMatch(/^ {2}flatten {2}3630 {2}the values of the layer before$/m);
    expect(stdout).toMatch(/^Where it sees \d$/m);
    for (const line of stdout.split('\n').slice(1)) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(
      stdout.endsWith(
        ['kernels', 'layers', 'evidence'].map((name) => `  Drawn into ${join('all', `${name}.png`)}\n`).join(''),
      ),
    ).toBe(true);
    for (const name of ['kernels', 'layers', 'evidence']) {
      const { width, height } = await drawn(`all/${name}.png`);
      expect(Math.min(width, height), name).toBeGreaterThan(200);
    }
  });

  it('looks at one layer of a picture of your own, in numbers', async () => {
    const words = ['--image', 'seven.png', '--layer', 'conv2d_1', '--out', 'one', '--threads', '1', '--json'];
    const { status, events } = await inspect('conv.safetensors', ...words);
    expect(status).toBe(0);
    const [event] = events();
    expect(event).toMatchObject({
      event: 'inspect',
      model: 'conv.safetensors',
      file: 'seven.png',
      network: { parameters: 39_748 },
      kernels: { layer: 'conv2d_1', filters: 30, channels: 12, size: [3, 3] },
      maps: [{ layer: 'conv2d_1', shape: [11, 11, 30], min: 0 }],
      files: [join('one', 'kernels-conv2d_1.png'), join('one', 'layer-conv2d_1.png')],
    });
    expect(event).not.toHaveProperty('occlusion');
    expect((await drawn('one/layer-conv2d_1.png')).width).toBeGreaterThan(1000);
  });

  it('says where a class is seen, also in a network without convolution', async () => {
    const { status, events } = await inspect('plain.safetensors', '--target', '4', '--json', ...synthetic);
    expect(status).toBe(0);
    const [event] = events();
    // It takes everything for a 7: no pixel matters.
    expect(event).toMatchObject({
      label: 7,
      occlusion: { target: 4, size: 5, stride: 1, mostLost: 0 },
      gradient: { target: 4, largest: 0 },
      files: [],
    });
    expect(event).not.toHaveProperty('kernels');
  });

  it('looks into the model that comes with Cifra', async () => {
    const { status, stdout } = await inspect('--image', 'seven.png', '--threads', '1');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^the model that comes with Cifra, 99\.\d+% of MNIST, and what it makes of seven\.png:\n/);
    expect(stdout).toMatch(/^Where it sees 7$/m);
  });

  it('says what is wrong', async () => {
    const wrong = async (status: number, message: string, ...words: string[]): Promise<void> => {
      const result = await inspect(...words);
      expect([result.status, result.stderr.split('\n')[0]]).toEqual([status, `Error: ${message}`]);
    };
    await Promise.all([
      wrong(2, 'cifra inspect takes one model, but was given 2.', 'a', 'b'),
      wrong(2, '--index and --image exclude each other.', 'a', '--image', 'b', '--index', '0'),
      wrong(1, 'Nothing is on blank.png.', 'conv.safetensors', '--image', 'blank.png'),
      wrong(1, 'The network has no layer "conv2d_2".', 'conv.safetensors', '--layer', 'conv2d_2', ...synthetic),
      wrong(
        1,
        "The target 10 is not one of the network's 10 classes, which are 0 to 9.",
        ...['conv.safetensors', '--target', '10', ...synthetic],
      ),
    ]);
    await inspect('conv.safetensors', '--layer', 'conv2d', '--out', 'twice', ...synthetic);
    const there = `${join('twice', 'kernels-conv2d.png')} is there already, and is not overwritten.`;
    await wrong(1, there, 'conv.safetensors', '--layer', 'conv2d', '--out', 'twice', ...synthetic);
  });
});
