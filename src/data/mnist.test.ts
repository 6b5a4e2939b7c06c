import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from './dataset.js';
import { loadDataset } from './load.node.js';

const dir = process.env['CIFRA_DATA_DIR'] || fileURLToPath(new URL('../../../shared/data/mnist', import.meta.url));
const there = ['', '.gz'].some((ending) => existsSync(join(dir, `train-images-idx3-ubyte${ending}`)));

describe.skipIf(!there)(
  `the real MNIST${there ? '' : ' (skipped: neither CIFRA_DATA_DIR nor ../shared/data/mnist has it)'}`,
  () => {
    let mnist: Dataset;
    beforeAll(async () => {
      mnist = await loadDataset('mnist', { dataDir: dir });
    });

    it('has the published counts', () => {
      expect(mnist.train.images.shape).toEqual([60_000, 28, 28, 1]);
      expect(mnist.test.images.shape).toEqual([10_000, 28, 28, 1]);
      const counts = new Array<number>(10).fill(0);
      for (const label of mnist.train.labels) counts[label]!++;
      expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    });

    it('begins with the labels everyone knows, and has the known mean', () => {
      expect([...mnist.train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
      expect([...mnist.test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
      const sum = mnist.train.images.data.reduce((total, pixel) => total + pixel, 0);
      expect(sum / mnist.train.images.data.length / 255).toBeCloseTo(0.1307, 4);
    });

    it('has the hash that sha256sum gives', () => {
      expect(mnist.hash).toBe('d0a3eec1f5a454401d758fdbf15b9b0163a7034963586d671960c180b97e2c1a');
    });

    it('keeps one byte a pixel', () => {
      expect(mnist.train.images.data).toBeInstanceOf(Uint8Array);
      expect(mnist.train.images.divisor).toBeUndefined();
    });

    it('is told from Fashion-MNIST, whose files have the same names', async () => {
      await expect(loadDataset('fashion-mnist', { dataDir: dir })).rejects.toThrow(
        /train-images-idx3-ubyte\S* is not fashion-mnist's train-images-idx3-ubyte but mnist's train-images-idx3-ubyte: the SHA-256/,
      );
    });
  },
);
