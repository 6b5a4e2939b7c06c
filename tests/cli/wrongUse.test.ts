import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cifra, smallRecipe, workFolder } from './command.js';

const folder = workFolder();
writeFileSync(join(folder, 'recipe.json'), JSON.stringify({ ...smallRecipe, netwrk: {} }));
writeFileSync(join(folder, 'broken.json'), '{ "name": ');
writeFileSync(join(folder, 'blind.json'), JSON.stringify({ ...smallRecipe, metrics: [] }));
mkdirSync(join(folder, 'empty'));
writeFileSync(join(folder, 'here.png'), '');

/** A command line, its exit status, and what stderr must say: the place, and the remedy. */
const cases: readonly [line: string, status: number, ...says: string[]][] = [
  ['trian', 2, 'cifra has no command "trian".', 'Did you mean "train"?'],
  ['xyzzyplugh', 2, 'The commands are: start, train, evaluate'],
  ['--versoin', 2, 'cifra has no option --versoin.', 'Did you mean --version?'],
  ['train --epoch 3', 2, 'cifra train has no option --epoch.', 'Did you mean --epochs?'],
  ['summary --limit 3', 2, 'cifra summary has no option --limit.', 'cifra summary --help'],
  ['train seed', 2, 'cifra train takes options only, but was given "seed".', 'Did you mean --seed?'],
  ['train --epochs 0', 2, '--epochs must be a whole number from 1 to 10000, but is "0".'],
  ['train --epochs 1.5', 2, '--epochs must be a whole number from 1 to 10000, but is "1.5".'],
  ['train --epochs', 2, '--epochs needs a value: a whole number from 1 to 10000.', 'Write --epochs N.'],
  ['train --epochs --json', 2, '--epochs needs a value'],
  ['train --batch-size 65537', 2, '--batch-size must be a whole number from 1 to 65536, but is "65537".'],
  ['train --learning-rate 0', 2, '--learning-rate must be a number above 0, at most 10, but is "0".'],
  ['train --seed -1', 2, '--seed must be a whole number from 0, but is "-1".'],
  ['train --seed 9007199254740992', 2, '--seed must be a whole number from 0'],
  ['bench --threads 65', 2, '--threads must be a whole number from 1 to 64, but is "65".'],
  ['train --limit ten', 2, '--limit must be a whole number from 1, but is "ten".'],
  ['train --json=yes', 2, '--json takes no value, but was given "yes".'],
  ['train --dataset minst', 2, '--dataset must be one of auto, mnist', 'Did you mean "mnist"?'],
  [
    'train --recipe seeds',
    2,
    '--recipe must be one of seed, fast, better, best, or a JSON file',
    'Did you mean "seed"?',
  ],
  ['time-to-accuracy --target 99', 2, '--target must be a number above 0, at most 1, but is "99".'],
  ['time-to-accuracy --seed 3', 2, 'cifra time-to-accuracy has no option --seed.', 'Did you mean --seeds?'],
  ['time-to-accuracy --on tests', 2, '--on must be one of validation, test', 'Did you mean "test"?'],
  ['time-to-accuracy --validation-split 1', 2, '--validation-split must be a number between 0 and 1, but is "1".'],
  ['time-to-accuracy --on test --validation-split 0.1', 2, '--validation-split and --on test exclude each other'],
  ['time-to-accuracy --out broken.json', 1, 'broken.json is there already, and is not overwritten.'],
  ['time-to-accuracy --recipe blind.json', 1, 'The recipe small does not measure accuracy.', 'Add "accuracy"'],
  ['predict --model x', 2, 'cifra predict needs pictures, or with --index an image of a dataset.'],
  ['predict a.png --index 3 --model x', 2, '--index and pictures exclude each other.'],
  ['predict a.png --split train --model x', 2, '--split and pictures exclude each other.'],
  ['predict --index 3 --stages s.png --model x', 2, '--stages and --index exclude each other.'],
  [
    'predict a.png b.png --stages s.png --model x',
    2,
    '--stages s.png takes the stages of one picture, and there are 2.',
  ],
  ['predict a.png --stages here.png --model x', 1, 'here.png is there already, and is not overwritten.'],
  ['evaluate --labels x.csv --model x', 2, '--labels needs the option --images.'],
  ['evaluate --images x --limit 3 --model x', 2, '--limit and --images exclude each other.'],
  ['evaluate --images nowhere --model x', 1, 'nowhere is not a folder.', 'Give the folder of the pictures'],
  ['evaluate --images empty --model x', 1, 'empty/labels.csv is not there.', 'Give the table of labels'],
  ['web --port 65536', 2, '--port must be a whole number from 1 to 65535, but is "65536".'],
  ['web --isolation off', 2, '--isolation must be one of yes, no, but is "off".'],
  ['web page', 2, 'cifra web takes options only, but was given "page".'],
  ['data --download --offline', 2, '--download and --offline exclude each other.'],
  [
    'train --recipe recipe.json',
    1,
    'The recipe in recipe.json: there is no option "netwrk".',
    'Did you mean "network"?',
  ],
  ['train --recipe broken.json', 1, 'broken.json is no JSON', 'cifra train --print-recipe'],
  ['evaluate --model nowhere', 1, 'nowhere was given as the model', 'Give the folder of a run'],
  ['evaluate --model empty', 1, 'empty holds no model.safetensors.'],
  ['evaluate --model recipe.json', 1, 'recipe.json was given as the model, but models are .safetensors files.'],
  ['train --dataset mnist --data-dir nowhere', 1, 'nowhere is not a folder', 'Give the folder that holds'],
  ['train --dataset mnist --data-dir empty', 1, 'empty lacks train-images-idx3-ubyte', 'Put the four files there'],
  ['train --dataset mnist --offline', 1, 'the cache has no train-images-idx3-ubyte', '--data-dir or CIFRA_DATA_DIR'],
];

describe('wrong use', () => {
  it.concurrent.each(cases)('cifra %s: exit status %i', async (line, status, ...says) => {
    const result = await cifra(folder, line.split(' '));
    expect(result.status).toBe(status);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(/^(Error: |Making )/m);
    for (const text of says) expect(result.stderr).toContain(text);
    expect(result.stderr).not.toContain('    at ');
  });
});

describe('help', () => {
  it('lists the commands, and each command its options', async () => {
    const general = await cifra(folder, ['--help']);
    expect(general.status).toBe(0);
    const names = [...general.stdout.matchAll(/^ {2}([\w-]+) {2,}/gm)].map(([, name]) => name!);
    expect(names).toEqual([
      ...[
        'start',
        'train',
        'evaluate',
        'predict',
        'report',
        'inspect',
        'compare',
        'study',
        'summary',
        'web',
        'data',
        'doctor',
      ],
      ...['bench', 'time-to-accuracy'],
    ]);
    for (const name of names) {
      const { status, stdout } = await cifra(folder, [name, '--help']);
      expect(status).toBe(0);
      expect(stdout).toMatch(new RegExp(`^cifra ${name}: `));
      expect(stdout).toMatch(/^ {2}--json {2,}/m);
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    }
    expect((await cifra(folder, ['help', 'train'])).stdout).toBe((await cifra(folder, ['train', '--help'])).stdout);
  });

  it('is what a call without a command gets, as wrong use', async () => {
    const { status, stdout } = await cifra(folder, []);
    expect(status).toBe(2);
    expect(stdout).toContain('cifra COMMAND [options]');
  });

  it('says the version', async () => {
    const { status, stdout } = await cifra(folder, ['--version']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
