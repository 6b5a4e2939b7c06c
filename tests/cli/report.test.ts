import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { readMetrics } from '../../src/runs/metrics.js';
import { cifra, type Result, smallRecipe, workFolder } from './command.js';

const folder = workFolder();
const at = (...path: string[]): string => join(folder, ...path);
const report = (...words: string[]): Promise<Result> => cifra(folder, ['report', ...words]);
const DATA = ['--dataset', 'synthetic', '--limit', '300', '--threads', '1'];

interface Page {
  readonly text: string;
  /** The cells of a table's body, its row headers left out, by the table's caption. */
  rows(caption: string, cell?: string): string[][];
}

function page(file: string): Page {
  const { document } = parseHTML(readFileSync(at(file), 'utf8'));
  const plain = (element: { textContent: string | null }): string =>
    (element.textContent ?? '').replace(/\s+/g, ' ').trim();
  return {
    text: plain(document.body),
    rows(caption, cell = 'td') {
      const table = [...document.querySelectorAll('table')].find((one) => plain(one).startsWith(caption))!;
      return [...table.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll(cell)].map(plain));
    },
  };
}

beforeAll(async () => {
  writeFileSync(at('small.json'), JSON.stringify({ ...smallRecipe, phases: [{ epochs: 2, batchSize: 32 }] }));
  const trained = await cifra(folder, ['train', '--recipe', 'small.json', ...DATA, '--out', 'run', '--json']);
  expect([trained.status, trained.stderr.includes('No report')]).toEqual([0, false]);
});

describe('the report of a run', () => {
  it('is there when the training has ended, and the same when it is written again', async () => {
    const first = readFileSync(at('run/report.html'), 'utf8');
    const { status, events } = await report('run', '--out', 'again.html', '--json', '--threads', '1');
    expect(status).toBe(0);
    const size = statSync(at('again.html')).size;
    const seconds = expect.any(Number) as number;
    expect(events()).toEqual([{ event: 'report', run: 'run', out: 'again.html', bytes: size, seconds, missing: [] }]);
    // But for the time of a step, which is measured anew.
    const steady = (text: string): string => text.replace(/<section[^>]*id="time"[\s\S]*?<\/section>/, '');
    expect(steady(readFileSync(at('again.html'), 'utf8'))).toBe(steady(first));
  });

  it('has the figures of evaluate', async () => {
    const words = ['evaluate', '--model', 'run', '--dataset', 'synthetic', '--limit', '300', '--json'];
    const [evaluated] = (await cifra(folder, words)).events();
    const { accuracy, errors, confusion } = evaluated as { accuracy: number; errors: number; confusion: number[][] };
    const { text, rows } = page('run/report.html');
    expect(text).toContain(`${(100 * accuracy).toFixed(2)}%`);
    expect(text).toContain(`${errors} of 300 test images`);
    expect(rows('Rows: what the image is', '.count').map((row) => row.map(Number))).toEqual(confusion);
  });

  it('has the figures of metrics.csv', () => {
    const metrics = readMetrics(readFileSync(at('run/metrics.csv')), 'metrics.csv');
    const rows = page('run/report.html').rows('As in metrics.csv');
    expect(rows.length).toBe(metrics.length);
    metrics.forEach(({ trainLoss, trainAccuracy, valLoss, valAccuracy }, i) => {
      const percent = (value: unknown): string => `${(100 * Number(value)).toFixed(2)}%`;
      expect(rows[i]!.slice(0, 4)).toEqual([
        ...[Number(trainLoss).toFixed(4), percent(trainAccuracy)],
        ...[Number(valLoss).toFixed(4), percent(valAccuracy)],
      ]);
    });
  });

  it('is not written where it is not wanted', async () => {
    const words = ['train', '--recipe', 'small.json', ...DATA, '--out', 'without', '--no-report', '--json'];
    const { events } = await cifra(folder, words);
    expect(events().at(-1)).not.toHaveProperty('report');
    expect(() => statSync(at('without/report.html'))).toThrow('ENOENT');
  });
});

describe('the report of a run that is not whole', () => {
  const broken = (name: string, change: () => void): void => {
    cpSync(at('run'), at(name), { recursive: true });
    change();
  };

  it.each([
    ['model', () => rmSync(at('model/model.safetensors')), 'model holds no model.safetensors.'],
    [
      'cut',
      () => writeFileSync(at('cut/model.safetensors'), readFileSync(at('run/model.safetensors')).subarray(0, 900)),
      'cut',
    ],
    ['progress', () => rmSync(at('progress/progress.json')), 'progress.json is not there'],
    ['torn', () => writeFileSync(at('torn/progress.json'), '{"formatVersion":1,'), 'progress.json is damaged'],
    ['newer', () => writeFileSync(at('newer/progress.json'), '{"formatVersion":9}'), 'by a newer version of Cifra'],
    ['curves', () => rmSync(at('curves/metrics.csv')), 'there are no curves'],
    ['data', () => change('data', (record) => (record.dataset.hash = '0'.repeat(64))), 'with the hash 000000000000…'],
    ['going', () => change('going', (record) => delete record.result), 'has not come to its end'],
  ])('without %s says what is missing', async (name, damage, problem) => {
    broken(name, damage);
    const { status, stdout, stderr } = await report(name, '--threads', '1');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(problem);
    expect(page(`${name}/report.html`).text).toContain(problem);
  });

  it.each([
    ['no run at all', () => mkdirSync(at('empty')), 'empty', 'empty is not the folder of a run: it holds no run.json.'],
    ['no folder', () => undefined, 'nowhere', 'nowhere was given as the folder of a run, but there is no such folder.'],
    [
      'a damaged record',
      () => broken('record', () => writeFileSync(at('record/run.json'), '{')),
      'record',
      'record/run.json is damaged',
    ],
    [
      'a newer record',
      () => broken('later', () => change('later', (record) => (record.formatVersion = 3))),
      'later',
      'later/run.json was written by a newer version of Cifra',
    ],
    [
      'damaged metrics',
      () => broken('metrics', () => copyFileSync(at('run/model.safetensors'), at('metrics/metrics.csv'))),
      'metrics',
      'metrics/metrics.csv is damaged',
    ],
  ])('with %s says so, and leaves the report that is there', async (_, prepare, name, problem) => {
    prepare();
    const { status, stderr, stdout } = await report(name);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`Error: ${problem}`);
  });

  it('needs one run', async () => {
    for (const words of [[], ['run', 'run']]) {
      const { status, stderr } = await report(...words);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^Error: cifra report (needs the folder of a run|takes one run, but was given 2)\./);
    }
  });

  // A record of which anything may be changed.
  type Changeable = { formatVersion: number; dataset: { hash: string }; result?: unknown };
  function change(name: string, edit: (record: Changeable) => void): void {
    const record = JSON.parse(readFileSync(at(name, 'run.json'), 'utf8')) as Changeable;
    edit(record);
    writeFileSync(at(name, 'run.json'), JSON.stringify(record));
  }
});
