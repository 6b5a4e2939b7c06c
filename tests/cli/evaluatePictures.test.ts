import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/pictures/index.js';
import { cifra, type Result, workFolder } from './command.js';
import { png, sevenModel, write } from './pictureFiles.js';

const folder = workFolder();
const table = [
  '\ufefffile,label,source,width,note',
  'a.png,7,"pens, blue",120,one',
  'b.png,7,"pens, blue",120,two',
  'more/c.png,1,"pens, blue",120,three',
  'blank.png,7,"pens, blue",60,four',
  'text.png,3,chalk,0,five',
  'd.png,7,chalk,120,six',
  'e.png,7,chalk,120,seven',
  'f.png,7,chalk,120,eight',
  '',
].join('\r\n');

beforeAll(async () => {
  const seven = await png('seven');
  const names = ['a', 'b', 'more/c', 'd', 'e', 'f'];
  const sevens = Object.fromEntries(names.map((name) => [`set/${name}.png`, seven]));
  write(folder, {
    'model.safetensors': sevenModel(0.97),
    ...sevens,
    'set/blank.png': await png('blank'),
    'set/text.png': 'no picture',
    'set/labels.csv': table,
  });
});

const evaluate = (...words: string[]): Promise<Result> =>
  cifra(folder, ['evaluate', '--model', 'model.safetensors', '--images', 'set', ...words]);

describe('cifra evaluate --images', () => {
  it('gives the accuracy, overall and by group, as JSON', async () => {
    const { status, events, stderr } = await evaluate('--json');
    expect(status).toBe(0);
    const all = events();
    expect(all.map(({ event, file, truth }) => [event, file, truth]).slice(0, -1)).toEqual([
      ['predict', 'a.png', 7],
      ['predict', 'b.png', 7],
      ['predict', 'more/c.png', 1],
      ['predict', 'blank.png', 7],
      ['error', 'text.png', 3],
      ['predict', 'd.png', 7],
      ['predict', 'e.png', 7],
      ['predict', 'f.png', 7],
    ]);
    const result = all.at(-1)!;
    expect(result).toMatchObject({
      ...{ event: 'evaluate', count: 8, accuracy: 5 / 8, errors: 3, answered: 6, answeredAccuracy: 5 / 6 },
      ...{ answeredShare: 0.75, unsure: 0, refused: { blank: 1, 'not-a-digit': 0, several: 0, unread: 1 } },
      mistakes: ['more/c.png', 'blank.png', 'text.png'],
      groups: {
        source: {
          macroAverage: 0.625,
          values: [
            { name: 'pens, blue', count: 4, accuracy: 0.5, errors: 2, answered: 3 },
            { name: 'chalk', count: 4, accuracy: 0.75, errors: 1, answered: 3 },
          ],
        },
      },
    });
    expect(Object.keys(result['groups'] as object)).toEqual(['source']);
    const [low, high] = result['interval'] as [number, number];
    expect([low < 0.625, high > 0.625]).toEqual([true, true]);
    const confusion = result['confusion'] as number[][];
    expect([confusion[7]![7], confusion[1]![7], confusion.flat().reduce((sum, n) => sum + n)]).toEqual([5, 1, 6]);
    expect(stderr).toContain('Error: set/text.png is not a picture that Cifra reads: it seems to be text.');
  });

  it('shows it, and draws the mistakes', async () => {
    const words = ['--group-by', 'Source', '--group-by', 'width', '--mistakes', 'mistakes.png'];
    const { status, stdout, stderr } = await evaluate(...words);
    expect(status).toBe(0);
    expect(stdout).toContain('Accuracy  62.50% of 8 pictures');
    expect(stdout).toContain('Answered  6 (75.00%), 83.33% of them right');
    expect(stdout).toContain('Refused   2: 1 blank, 1 not decoded');
    expect(stdout).toMatch(/^ {2}source +pictures +answered +errors +accuracy +95% interval$/m);
    expect(stdout).toMatch(/^ {2}pens, blue +4 +3 +2 +50\.00% +15\.0% to 85\.0%$/m);
    expect(stdout).toMatch(/^ {2}macro average +62\.50%$/m);
    expect(stdout).toMatch(/^ {2}width +pictures/m);
    expect(stdout).toMatch(/^ {2}more\/c\.png {2}1 {2}read as 7, 97\.00%$/m);
    expect(stdout).toMatch(/^ {2}blank\.png {3}7 {2}blank: nothing is on it$/m);
    expect(stdout).toMatch(/^ {2}text\.png {4}3 {2}could not be decoded$/m);
    expect(stdout).toContain('Drawn in mistakes.png.');
    for (const control of ['\r', '\u001b']) expect(stdout + stderr).not.toContain(control);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const sheet = await decodePicture(readFileSync(join(folder, 'mistakes.png')), 'mistakes.png');
    expect(sheet.width).toBeGreaterThan(800);
    const again = await evaluate('--mistakes', 'mistakes.png');
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('is there already')]);
  });

  it('says what is wrong with a table of labels, and where', async () => {
    const lines = ['file;label', 'a.png;7', 'nowhere.png;3', 'b.png;', 'more/c.png;12', 'a.png;7', ';4', 'd.png;x'];
    write(folder, { 'bad.csv': lines.join('\n') });
    const { status, stdout, stderr } = await evaluate('--labels', 'bad.csv');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')).toEqual([
      'Error: bad.csv, line 3: nowhere.png is not in set.',
      'bad.csv, line 4: b.png has no label.',
      'bad.csv, line 5: the label of more/c.png is "12", and not a digit from 0 to 9.',
      'bad.csv, line 6: a.png is in line 2 already.',
      'bad.csv, line 7: it names no file.',
      '… and 1 more problem.',
      '  Files are named as they lie in --images; put it there, or remove the line.',
      '',
    ]);
    const column = await evaluate('--group-by', 'sorce');
    expect(column.stderr).toContain('set/labels.csv has no column "sorce": its columns are file, label, source');
    expect(column.stderr).toContain('Is it "source"?');
  });
});
