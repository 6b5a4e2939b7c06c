import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cifra, type Result, workFolder } from './command.js';

const folder = workFolder();
const DATA = ['--quick', '--dataset', 'synthetic', '--limit', '128', '--threads', '1'];
const study = (...words: string[]): Promise<Result> => cifra(folder, ['study', ...words, ...DATA]);
const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');

/** The JSON objects on stdout. */
function eventsOf<T>({ stdout }: Result): T[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

interface Training {
  variant: string;
  seed: number;
  readings: Record<string, { accuracy: number }>;
  weightsSha256: string;
}
interface Effect {
  contrast: string;
  outcome: string;
  differences: number[];
  estimate: number;
  interval: { low: number; high: number };
  verdict: string;
}

describe('cifra study', () => {
  let done: Result;
  beforeAll(async () => {
    done = await study('augmentation', '--seeds', '2', '--out', 'aug', '--json');
  }, 120_000);

  it('gives an event for each network and one with the answer, by its rule', () => {
    expect(done.status).toBe(0);
    const events = done.events();
    expect(events.map(({ event }) => event)).toEqual(['training', 'training', 'training', 'training', 'study']);
    const trainings = eventsOf<Training>(done).slice(0, 4);
    expect(trainings.map(({ variant, seed }) => `${variant} ${seed}`)).toEqual([
      ...['with 1', 'without 1', 'with 2', 'without 2'],
    ]);
    const { effects, answer } = eventsOf<{ effects: Effect[]; answer: string[] }>(done).at(-1)!;
    const test = effects.find(({ outcome }) => outcome === 'test')!;
    const of = (i: number): number => trainings[i]!.readings['test']!.accuracy;
    expect(test.differences).toEqual([of(0) - of(1), of(2) - of(3)]);
    for (const { estimate, interval, verdict, outcome } of effects) {
      expect(interval.low <= estimate && estimate <= interval.high).toBe(true);
      const [better, worse] = outcome === 'gap' ? ['hurts', 'helps'] : ['helps', 'hurts'];
      const expected = interval.low > 0 ? better : interval.high < 0 ? worse : 'no difference found';
      expect(verdict).toBe(expected);
    }
    expect(answer).toHaveLength(4);
    expect(answer[0]).toMatch(/with it, .* without, a difference of .* points \(95% interval .*; 2 seeds\)\.$/);
  });

  it('says on what, and the same in lines', () => {
    expect(done.stderr).toContain('Does augmentation reduce overfitting');
    expect(done.stderr).toContain('Synthetic digits made by Cifra');
    expect(done.stderr.replaceAll(/\s+/g, ' ')).toContain('128 training and 128 test images');
    expect(done.stderr).toMatch(
      /test images +\d+\.\d\d% +\d+\.\d\d% +[+-]\d+\.\d\d +[+-]\d+\.\d\d to [+-]\d+\.\d\d +[+0-]\n/,
    );
    for (const line of done.stderr.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('leaves record, table and pictures', () => {
    const { results, ...record } = JSON.parse(read('aug', 'study.json')) as { results: Training[] };
    expect(record).toMatchObject({
      study: 'augmentation',
      seeds: [1, 2],
      trainImages: 128,
      finishedAt: expect.any(String),
    });
    expect(results).toHaveLength(4);
    const [header, ...rows] = read('aug', 'results.csv').trimEnd().split('\n');
    expect(header).toMatch(/^variant,seed,steps,reading\.train,/);
    expect(rows).toHaveLength(4);
    for (const name of ['loss.svg', 'accuracy.svg', 'effects-accuracy.svg']) {
      expect(read('aug', name)).toMatch(/^<svg[^]*<\/svg>\s*$/);
    }
    expect(existsSync(join(folder, 'aug/study.lock'))).toBe(false);
  });

  it('goes on with an interrupted one, to the same results, and with more seeds', async () => {
    const whole = JSON.parse(read('aug', 'study.json')) as { results: Training[] };
    const { finishedAt: _, effects: __, answer: ___, ...begun } = whole as Record<string, unknown>;
    mkdirSync(join(folder, 'half'));
    writeFileSync(join(folder, 'half/study.json'), JSON.stringify({ ...begun, results: whole.results.slice(0, 3) }));
    const more = await study('augmentation', '--seeds', '3', '--out', 'half', '--json');
    expect(more.status).toBe(0);
    const trained = eventsOf<Training>(more).slice(0, -1);
    expect(trained.map(({ variant, seed }) => `${variant} ${seed}`)).toEqual(['without 2', 'with 3', 'without 3']);
    expect(trained[0]!.weightsSha256).toBe(whole.results[3]!.weightsSha256);
    expect(JSON.parse(read('half', 'study.json'))).toMatchObject({ seeds: [1, 2, 3], finishedAt: expect.any(String) });
  }, 120_000);

  it('saves what has ended when it is interrupted, and says how to go on', async () => {
    let heard = '';
    const { status, stderr } = await cifra(
      folder,
      ['study', 'augmentation', ...DATA, '--seeds', '40', '--out', 'stopped'],
      (child) =>
        child.stdout!.on('data', (text: string) => {
          heard += text;
          if (/ plain .*\n/.test(heard)) child.kill('SIGINT');
        }),
    );
    expect(status).toBe(130);
    expect(stderr).toMatch(/Interrupted: \d+ networks? trained, and saved\..*\n.*study augmentation .*--out stopped/);
    const { results, finishedAt } = JSON.parse(read('stopped', 'study.json')) as {
      results: Training[];
      finishedAt?: string;
    };
    expect(results.length).toBeGreaterThanOrEqual(2);
    expect(finishedAt).toBeUndefined();
    expect(existsSync(join(folder, 'stopped/study.lock'))).toBe(false);
  }, 120_000);

  it('asks about batch normalization at two learning rates', async () => {
    const { status, stdout } = await study('batch-normalization', '--seeds', '1');
    expect(status).toBe(0);
    expect(stdout).toContain('Does batch normalization shorten training?');
    expect(stdout).toMatch(/at learning rate 0\.001 +with +without/);
    expect(stdout).toMatch(/at learning rate 0\.01 +with +without/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('one seed gives no interval');
    const place = /Study +(studies[\\/]\S+-batch-normalization)\n/.exec(stdout)![1]!;
    expect(existsSync(join(folder, place, 'effects-steps.svg'))).toBe(true);
  }, 120_000);

  it.each<[what: string, words: string[], status: number, message: RegExp]>([
    ['no name', [], 2, /takes the name of a study[^]*batch-normalization, augmentation/],
    ['a wrong name', ['augmentatoin'], 2, /There is no study "augmentatoin"[^]*Did you mean "augmentation"/],
    ['two names', ['augmentation', 'batch-normalization'], 2, /takes one study, but was given 2/],
    ['no seeds', ['augmentation', '--seeds', '0'], 2, /--seeds must be a whole number from 1 to 100/],
    [
      'what has ended',
      ['augmentation', '--seeds', '2', '--out', 'aug'],
      1,
      /has come to its end: 2 seeds[^]*more --seeds/,
    ],
    ['another study', ['batch-normalization', '--out', 'aug'], 1, /it is a study of augmentation/],
    ['a folder of other things', ['augmentation', '--out', 'other'], 1, /is there already and holds none/],
    [
      'a damaged record',
      ['augmentation', '--out', 'damaged'],
      1,
      /study\.json is damaged: the record\.results is missing/,
    ],
    ['a newer version', ['augmentation', '--out', 'newer'], 1, /written by a newer version/],
  ])('refuses %s', async (_, words, status, message) => {
    const whole = JSON.parse(read('aug', 'study.json')) as Record<string, unknown>;
    const { results: __, ...cut } = whole;
    for (const name of ['other', 'damaged', 'newer']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'other/notes.txt'), 'mine');
    writeFileSync(join(folder, 'damaged/study.json'), JSON.stringify(cut));
    writeFileSync(join(folder, 'newer/study.json'), JSON.stringify({ ...whole, formatVersion: 2 }));
    const result = await study(...words);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toContain('    at ');
    expect(result.status).toBe(status);
    expect(JSON.parse(read('aug', 'study.json'))).toEqual(whole);
  });
});
