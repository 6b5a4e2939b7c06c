import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cifra, type Result, smallRecipe, workFolder } from './command.js';

const folder = workFolder();
const DATA = ['--dataset', 'synthetic', '--limit', '128'];
const COMMAND = ['time-to-accuracy', ...DATA, '--threads', '1'];

beforeAll(() => {
  writeFileSync(join(folder, 'small.json'), JSON.stringify(smallRecipe));
});

interface Seed {
  seed: number;
  seconds: number;
  accuracy: number;
  epochOfTarget: number | null;
  secondsToTarget: number | null;
  epochs: { epoch: number; seconds: number; accuracy: number }[];
  evaluations: number;
  weightsSha256: string;
}

describe('cifra time-to-accuracy', () => {
  let timed: Result;
  beforeAll(async () => {
    const words = ['--recipe', 'small.json', '--seeds', '3', '--first-seed', '4', '--target', '0.2'];
    timed = await cifra(folder, [...COMMAND, ...words, '--out', 'timing.json', '--json']);
  });

  it('gives an event per epoch and seed, and one in the end with all', () => {
    expect(timed.status).toBe(0);
    const events = timed.events();
    const ofSeed = ['epoch', 'epoch', 'epoch', 'seed'];
    expect(events.map(({ event }) => event)).toEqual([...ofSeed, ...ofSeed, ...ofSeed, 'time-to-accuracy']);
    const seeds = events.filter(({ event }) => event === 'seed').map(({ event: _, ...rest }) => rest);
    const { event: _, ...last } = events.at(-1)!;
    expect(last['results']).toEqual(seeds);
    expect(JSON.parse(readFileSync(join(folder, 'timing.json'), 'utf8'))).toEqual(last);
    expect(last).toMatchObject({
      recipe: { name: 'small', validation: { split: 0.25 } },
      on: 'validation',
      target: 0.2,
      seconds: { count: 3, mean: expect.any(Number), interval: [expect.any(Number), expect.any(Number)] },
      accuracy: { count: 3, standardDeviation: expect.any(Number) },
      dataset: { name: 'synthetic', trainCount: 128 },
      backend: { threads: 1, numerics: 'strict' },
      testReadings: 0,
      trainCount: 96,
      evaluatedCount: 32,
    });
  });

  it('says of every seed when the target was reached, evaluations off the clock', () => {
    const { results } = timed.events().at(-1)! as { results?: Seed[] };
    expect(results!.map(({ seed }) => seed)).toEqual([4, 5, 6]);
    for (const { seconds, accuracy, epochOfTarget, secondsToTarget, epochs, evaluations } of results!) {
      expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
      const first = epochs.find((epoch) => epoch.accuracy >= 0.2);
      expect(epochOfTarget).toBe(first?.epoch ?? null);
      expect(secondsToTarget).toBe(first?.seconds ?? null);
      expect(accuracy).toBe(epochs[2]!.accuracy);
      expect(evaluations).toBe(3);
      const times = [0, ...epochs.map((epoch) => epoch.seconds), seconds];
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it('tells people the same, and what the clock measures', () => {
    const said = timed.stderr.replaceAll(/\s+/g, ' ');
    expect(said).toContain('seeds 4 to 6, each in a fresh process; target 20%.');
    expect(said).toContain('The test images are not read.');
    expect(said).toContain('The clock starts when the training begins to compile its program');
    expect(said).toContain('evaluating on the held-out images are not');
    expect(said).toMatch(/Seed 5, epoch 2 of 3: \d+\.\d\d% after \d+\.\d\d s\./);
    expect(said).toMatch(/3 seeds mean deviation least most 95% interval of the mean training \d/);
    expect(said).toMatch(/20% or more at the end: \d of 3 seeds; after some epoch: \d of 3\./);
    expect(timed.stderr).not.toContain('\u001b');
  });

  it('trains one seed to the weights that train gives, and counts every reading of the test images', async () => {
    // `seed` validates on the test images, so both train on all others.
    const words = ['--epochs', '1', '--json'];
    const [one, train] = await Promise.all([
      cifra(folder, [...COMMAND, ...words, '--seeds', '1', '--on', 'test']),
      cifra(folder, ['train', ...DATA, ...words, '--out', 'run']),
    ]);
    const last = one.events().at(-1)!;
    expect(last).toMatchObject({ on: 'test', testReadings: 1, trainCount: 128, evaluatedCount: 128 });
    const done = train.events().at(-1)!;
    expect((last['results'] as Seed[])[0]).toMatchObject({
      accuracy: done['testAccuracy'],
      weightsSha256: done['weightsSha256'],
    });
    expect(one.stderr).toContain('This reads the 128 test images 1 time, after every epoch of every seed');
    expect(one.stderr).toContain('The test images were read 1 time.');
  });

  it('passes on what goes wrong in a seed’s process', async () => {
    const optimizer = { type: 'sgd', learningRate: 1e12, momentum: 0.9 };
    const [pool, flatten, output] = smallRecipe.network.layers;
    const hidden = { type: 'dense', units: 8, activation: 'relu' };
    const network = { ...smallRecipe.network, layers: [pool, flatten, hidden, hidden, output] };
    writeFileSync(join(folder, 'nan.json'), JSON.stringify({ ...smallRecipe, network, optimizer }));
    const words = ['--recipe', 'nan.json', '--seeds', '2', '--json'];
    const { status, stdout, stderr } = await cifra(folder, [...COMMAND, ...words]);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('Error: Seed 1: The loss became NaN at step');
    expect(stderr).toContain('Lower the learning rate');
    expect(stderr).not.toContain('    at ');
  });

  it('ends with its seed’s process on Ctrl-C, and shows the seeds that had ended', async () => {
    const words = ['--recipe', 'small.json', '--seeds', '1000', '--on', 'test', '--json'];
    const { status, stderr, events } = await cifra(folder, [...COMMAND, ...words], (child) => {
      let said = '';
      child.stdout!.on('data', (text: string) => {
        if (!said.includes('"event":"seed"') && (said += text).includes('"event":"seed"')) child.kill('SIGINT');
      });
    });
    expect(status).toBe(130);
    const all = events();
    expect(all.some(({ event }) => event === 'time-to-accuracy')).toBe(false);
    const ended = all.filter(({ event }) => event === 'seed').length;
    expect(stderr).toContain(`Interrupted in seed ${ended + 1}: ${ended} of 1,000 seeds had ended.`);
    const readings = all.filter(({ event }) => event === 'epoch').length;
    expect(stderr).toContain(`The test images were read ${readings} times.`);
  });
});
