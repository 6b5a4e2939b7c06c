import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/pictures/index.js';
import { cifra, type Result, smallRecipe, workFolder } from './command.js';

const folder = workFolder();
const compare = (...words: string[]): Promise<Result> => cifra(folder, ['compare', ...words, '--threads', '1']);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

async function train(out: string, ...words: string[]): Promise<void> {
  const common = ['train', '--dataset', 'synthetic', '--limit', '128', '--threads', '1', '--out', out];
  const { status, stderr } = await cifra(folder, [...common, ...words]);
  expect([status, stderr.includes('Error')]).toEqual([0, false]);
}

/** A copy of a run with another text of its record. */
async function altered(name: string, change: (record: Record<string, unknown>) => unknown): Promise<string> {
  await cp(join(folder, 'one'), join(folder, name), { recursive: true });
  const record = JSON.parse(read('one/run.json')) as Record<string, unknown>;
  writeFileSync(join(folder, name, 'run.json'), JSON.stringify(change(record)));
  return name;
}

beforeAll(async () => {
  writeFileSync(join(folder, 'small.json'), JSON.stringify(smallRecipe));
  await train('one', '--recipe', 'small.json');
  await train('two', '--recipe', 'small.json', '--seed', '2', '--learning-rate', '0.01');
}, 60_000);

interface Pair {
  first: number;
  second: number;
  difference: number;
  interval: [number, number];
  mcnemar: { discordant: number; pValue: number; midP: number };
  counts: { bothRight: number; onlyFirst: number; onlySecond: number; bothWrong: number };
  changedCount: number;
  changed: { index: number; label: number; first: number; second: number }[];
}

describe('cifra compare', () => {
  it('gives one event with settings, figures and what changed, which agree with each other', async () => {
    const { status, events } = await compare('one', 'two', '--json');
    expect(status).toBe(0);
    const [event, ...more] = events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      event: 'compare',
      runs: [{ name: 'one', count: 128, epochs: 3 }, { name: 'two' }],
      settings: [
        { key: 'recipe.optimizer.learningRate', values: [0.05, 0.01] },
        { key: 'seed', values: [1, 2] },
      ],
      notes: [],
    });
    const { runs = [], pairs = [] } = event as { runs?: { errors: number }[]; pairs?: Pair[] };
    const { counts, mcnemar, changed, changedCount, difference, interval } = pairs[0]!;
    expect(counts.onlySecond + counts.bothWrong).toBe(runs[0]!.errors);
    expect(counts.onlyFirst + counts.bothWrong).toBe(runs[1]!.errors);
    expect(difference).toBeCloseTo((counts.onlySecond - counts.onlyFirst) / 128, 12);
    expect(interval[0] <= difference && difference <= interval[1]).toBe(true);
    expect(mcnemar.discordant).toBe(counts.onlyFirst + counts.onlySecond);
    expect(changed).toHaveLength(Math.min(100, changedCount));
    expect(changed.filter(({ label, first }) => label === first)).toHaveLength(counts.onlyFirst);
    for (const { first, second } of changed) expect(first).not.toBe(second);
  });

  it('tells people the same in 80 columns', async () => {
    const { status, stdout, stderr } = await compare('one', 'two', '--images', '3');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/A {2}one\n {2}B {2}two\n/);
    expect(stdout).toMatch(/optimizer\.learningRate +0\.05 +0\.01\n/);
    expect(stdout).toMatch(/McNemar's test: p [=<] \d/);
    expect(stdout).toMatch(/A right +\d+ +\d+\n {2}A wrong +\d+ +\d+\n/);
    expect(stdout).toMatch(/\d+ predictions changed:\n( {4}[-+~]\d+ \(\d: \d>\d\).*\n)/);
    expect(stdout).toContain('Validation after each epoch');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('finds nothing between a run and its own repetition', async () => {
    await train('again', '--recipe', 'small.json');
    const { stdout } = await compare('one', 'again');
    expect(stdout).toContain('none: the same recipe, seed, data, engine and versions');
    expect(stdout).toContain('0 predictions changed.');
    expect(stdout).toContain('A and B read the very same images right.');
  });

  it('writes a page that needs nothing else, with the very images', async () => {
    const { status, stderr } = await compare('one', 'two', '--out', 'compare.html');
    expect([status, stderr]).toEqual([0, 'Written to compare.html\n']);
    const page = read('compare.html');
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page).not.toMatch(/(src|href)="(?!data:)/);
    expect(page).not.toMatch(/url\(|@import|<script/);
    const images = [...page.matchAll(/src="data:image\/png;base64,([^"]+)"/g)];
    expect(images.length).toBeGreaterThan(0);
    const { width, height } = await decodePicture(Buffer.from(images[0]![1]!, 'base64'), 'image');
    expect([width, height]).toEqual([28, 28]);
    const again = await compare('one', 'two', '--out', 'compare.html');
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('compare.html is there already, and is not overwritten.');
  });

  it('draws the curves alone, and takes more than two runs', async () => {
    await cp(join(folder, 'two'), join(folder, 'three'), { recursive: true });
    const { status, stdout } = await compare('one', 'two', 'three', '--out', 'curves.svg');
    expect(status).toBe(0);
    expect(stdout).toContain('C against A');
    expect(read('curves.svg')).toMatch(/^<svg[^]*C three[^]*<\/svg>\s*$/);
  });

  it('compares by the records alone where the images cannot be had', async () => {
    const elsewhere = (record: Record<string, unknown>) => ({
      ...record,
      dataset: { ...(record['dataset'] as object), name: 'mnist' },
    });
    const [a, b] = [await altered('mnist-a', elsewhere), await altered('mnist-b', elsewhere)];
    const { status, stdout } = await compare(a, b, '--offline');
    expect(status).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Compared by their records alone');
    expect(stdout).not.toContain("McNemar's test: p");
  });

  it('says when model and record do not fit together', async () => {
    const changed = await altered('errors', (record) => ({
      ...record,
      result: { ...(record['result'] as object), testErrors: 1 },
    }));
    const { stdout } = await compare('two', changed);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('errors: its record says 1 error, and its model makes');
  });

  it.each<[what: string, words: () => Promise<string[]>, status: number, message: RegExp]>([
    ['one run', async () => ['one'], 2, /takes two or more runs, but was given 1/],
    ['a run twice', async () => ['one', 'one'], 2, /one was given twice/],
    ['another ending', async () => ['one', 'two', '--out', 'x.pdf'], 2, /must end in \.html or \.svg/],
    ['no such folder', async () => ['one', 'none'], 1, /there is no such folder/],
    [
      'a damaged record',
      async () => {
        const name = await altered('damaged', () => 0);
        writeFileSync(join(folder, name, 'run.json'), '{ "formatVersion": 1, ');
        return ['one', name];
      },
      1,
      /run\.json is damaged: it is no JSON/,
    ],
    [
      'a newer version',
      async () => ['one', await altered('newer', (record) => ({ ...record, formatVersion: 3 }))],
      1,
      /written by a newer version of Cifra/,
    ],
    [
      'an unfinished run',
      async () => ['one', await altered('unfinished', ({ result: _, ...rest }) => ({ ...rest, note: 'Interrupted.' }))],
      1,
      /unfinished has not come to its end: Interrupted\.\n.*train --resume unfinished/,
    ],
    [
      'other test images',
      async () => {
        await train('fewer', '--recipe', 'small.json', '--limit', '64');
        return ['one', 'fewer'];
      },
      1,
      /one was tested on 128 test images of synthetic, fewer on 64/,
    ],
    [
      'other bytes of them',
      async () => {
        const sha256 = { 't10k-images-idx3-ubyte': 'x' };
        const other = (record: Record<string, unknown>) => ({
          ...record,
          dataset: { ...(record['dataset'] as object), sha256 },
        });
        return ['one', await altered('bytes', other)];
      },
      1,
      /other ones \(their SHA-256 differ\)/,
    ],
    [
      'a damaged model',
      async () => {
        const name = await altered('cut', (record) => record);
        writeFileSync(join(folder, name, 'model.safetensors'), 'x');
        return ['one', name];
      },
      1,
      /model\.safetensors/,
    ],
  ])('refuses %s', async (_, words, status, message) => {
    const result = await compare(...(await words()));
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toContain('    at ');
    expect([result.status, result.stdout]).toEqual([status, '']);
    expect(existsSync(join(folder, 'x.pdf'))).toBe(false);
  });
});
