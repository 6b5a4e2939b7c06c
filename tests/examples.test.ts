import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The examples run as they stand, here on a few synthetic digits: on so few, nothing is learned that deserves the name.

const run = promisify(execFile);
const examples = join(import.meta.dirname, '../examples');
let folder: string;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'cifra-examples-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function outputOf(name: string, ...words: string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [join(examples, name), ...words], { cwd: folder });
  expect(stderr).toBe('');
  return stdout;
}

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

describe('examples', () => {
  it('are all run here', () => {
    const names = ['charts.mjs', 'notebook.mjs', 'own-callback.mjs', 'own-network.mjs', 'saved-model.mjs'];
    expect(readdirSync(examples).filter((name) => name.endsWith('.mjs'))).toEqual(names);
  });

  it('notebook.mjs goes through the ten steps', async () => {
    const text = await outputOf('notebook.mjs', '64');
    expect(text).toContain('64 training images: synthetic digits');
    expect(text).toContain('Total params: 601,578');
    expect(count(text, /valAccuracy: /g)).toBe(3 + 5);
    expect(text).toMatch(/accuracy: [\d.]+,\s+correct: \d+,\s+count: 64/);
    expect(text).toMatch(/This is a \d\.\n$/);
  });

  it('charts.mjs draws loss, classes and network into one picture', async () => {
    expect(await outputOf('charts.mjs', 'charts.svg', '100')).toBe('Drawn into charts.svg\n');
    expect(count(readFileSync(join(folder, 'charts.svg'), 'utf8'), /<svg /g)).toBe(4);
  });

  it('own-network.mjs saves a model that saved-model.mjs reads', async () => {
    const text = await outputOf('own-network.mjs', '100');
    expect(text).toContain('classes (Dense)');
    expect(text).toMatch(/Test images: \{[^}]*count: 100/);
    expect(existsSync(join(folder, 'own-network.safetensors'))).toBe(true);

    const readings = await outputOf('saved-model.mjs', 'own-network.safetensors', '100');
    expect(readings).toMatch(/^100 test images from synthetic digits .*, \d+ misread\./);
    expect(count(readings, /^Image \d+: read as \d with probability 0\.\d{3}, labelled \d\.$/gm)).toBe(3);
  });

  it('own-callback.mjs lowers the learning rate where the validation loss does not fall', async () => {
    const text = await outputOf('own-callback.mjs', '200');
    const epochs = [...text.matchAll(/validation loss ([\d.]+), learning rate ([\d.]+)\n/g)];
    expect(epochs).toHaveLength(8);
    let [best, rate] = [Infinity, 0.01];
    for (const [, loss, shown] of epochs) {
      expect(Number(shown)).toBe(rate);
      if (Number(loss) >= best) rate /= 2;
      best = Math.min(best, Number(loss));
    }
  });
});
