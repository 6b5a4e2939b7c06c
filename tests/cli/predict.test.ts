import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/pictures/index.js';
import { cifra, type Result, workFolder } from './command.js';
import { png, sevenModel, write } from './pictureFiles.js';

const folder = workFolder();
let seven: Uint8Array;
const predict = (...words: string[]): Promise<Result> =>
  cifra(folder, ['predict', '--model', 'model.safetensors', ...words]);

beforeAll(async () => {
  seven = await png('seven');
  const blank = await png('blank');
  write(folder, {
    'model.safetensors': sevenModel(0.97),
    'doubtful.safetensors': sevenModel(0.4),
    'large.safetensors': sevenModel(0.97, 32),
    'seven.png': seven,
    'blank.png': blank,
    'blot.png': await png('blot'),
    'pair.png': await png('pair'),
    'text.png': 'no picture',
    'cut.png': seven.subarray(0, seven.length - 40),
    'empty.png': '',
    'scans/10.png': seven,
    'scans/2.PNG': blank,
    'scans/more/a.png': seven,
    'scans/notes.txt': 'no picture',
    'scans/.hidden.png': 'no picture',
    'none/notes.txt': 'no picture',
    'odd[1].png': seven,
  });
});

describe('cifra predict FILE', () => {
  it('draws what the network saw beside the probabilities', async () => {
    const { status, stdout, stderr } = await predict('seven.png');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^seven\.png, 120 x 120 pixels, read by model\.safetensors:\n/);
    expect(stdout).toMatch(/[#%@]{2}.* 3 ▏·+ +0\.33%\n/);
    expect(stdout).toMatch(/ 7 █+[▏▎▍▌▋▊▉]?·* +97\.00%\n/);
    expect(stdout).toContain('  Read as 7, 97.00%; then 0 0.33%, 1 0.33%.');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says of each picture what it shows, one JSON line each, and fails for those it cannot read', async () => {
    const files = ['seven', 'blank', 'blot', 'pair', 'text', 'cut', 'empty', 'nowhere'].map((name) => `${name}.png`);
    const { status, stderr, events } = await predict(...files, '--json');
    expect(status).toBe(1);
    const all = events();
    expect(all.map(({ file }) => file)).toEqual(files);
    const [ok, blank, blot, pair, ...failed] = all;
    expect(ok).toMatchObject({ event: 'predict', label: 7, status: 'ok', reason: '', signs: 1 });
    expect(Object.keys(ok!).slice(0, 6)).toEqual([
      ...['event', 'file', 'label', 'confidence', 'status', 'probabilities'],
    ]);
    expect(ok!['confidence']).toBeCloseTo(0.97);
    expect(ok!['top']).toHaveLength(3);
    const none = { event: 'predict', label: null, confidence: 0, top: [] };
    expect(blank).toMatchObject({ ...none, status: 'blank', signs: 0, boxes: [], reason: 'nothing is on it' });
    expect(blank!['probabilities']).toEqual(new Array(10).fill(0.1));
    expect(blot).toMatchObject({ ...none, status: 'not-a-digit' });
    expect(pair).toMatchObject({ ...none, status: 'several', signs: 2 });
    for (const { probabilities } of [ok!, blank!, blot!, pair!]) expect(probabilities).toHaveLength(10);
    expect(failed.map(({ event, code }) => [event, code])).toEqual([
      ['error', 'picture-kind'],
      ['error', 'picture-truncated'],
      ['error', 'picture-empty'],
      ['error', 'picture-missing'],
    ]);
    expect(stderr).toContain('Error: text.png is not a picture that Cifra reads: it seems to be text.');
    expect(stderr).toContain('1 read, 1 blank, 1 no digit, 1 with several signs, 4 could not be read.');
    expect(stderr).toContain('Error: 4 of 8 pictures could not be read.');
  });

  it('lists many pictures in a table', async () => {
    const { status, stdout, stderr } = await predict('seven.png', 'blank.png', 'text.png', 'pair.png');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^4 pictures, read by model\.safetensors:\n\n {2}file +read as +sure of it +then\n/);
    expect(stdout).toMatch(/^ {2}seven\.png {3}7 +97\.00% {2}0 0\.33% {2}1 0\.33%$/m);
    expect(stdout).toMatch(/^ {2}blank\.png {3}– +blank: nothing is on it$/m);
    expect(stdout).toMatch(/^ {2}text\.png {4}– +could not be read$/m);
    expect(stdout).toMatch(/^ {2}pair\.png {4}– +2 signs, not one digit$/m);
    expect(stderr).toContain('text.png is not a picture');
  });

  it('takes folders, patterns, and names that only look like patterns', async () => {
    const { status, events } = await predict('scans', 'odd[1].png', 'scans/**/*.{png,jpg}', '[a-c]lank.png', '--json');
    expect(status).toBe(0);
    expect(events().map(({ file }) => String(file).replaceAll('\\', '/'))).toEqual([
      ...['scans/2.PNG', 'scans/10.png', 'scans/more/a.png', 'odd[1].png', 'scans/10.png', 'scans/more/a.png'],
      'blank.png',
    ]);
  });

  it('says so where a folder or a pattern has no pictures', async () => {
    const { status, stderr, events } = await predict('none', '*.webp', 'seven.png', '--json');
    expect(status).toBe(1);
    expect(events().map(({ event }) => event)).toEqual(['error', 'error', 'predict']);
    expect(stderr).toContain('The folder none holds no pictures.');
    expect(stderr).toContain('No file matches *.webp.');
  });

  it('reads stdin', async () => {
    const words = ['predict', '-', '--model', 'model.safetensors', '--json'];
    const { status, events } = await cifra(folder, words, undefined, seven);
    expect(status).toBe(0);
    expect(events()).toMatchObject([{ file: '-', label: 7, status: 'ok' }]);
    const empty = await cifra(folder, words);
    expect([empty.status, empty.stderr]).toEqual([1, expect.stringContaining('stdin is empty: it has 0 bytes.')]);
  });

  it('fails for one that cannot be read', async () => {
    const { status, stdout, stderr } = await predict('sevn.png');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toBe('Error: sevn.png is not there.\n  Did you mean seven.png?\n');
  });

  it('is unsure where the model is', async () => {
    const { status, stdout } = await cifra(folder, ['predict', '--model', 'doubtful.safetensors', 'seven.png']);
    expect(status).toBe(0);
    expect(stdout).toContain('  Unsure: 7 40.00%, 0 6.67%, 1 6.67%. It may be more than one digit.');
  });

  it('refuses a model of something else', async () => {
    const { status, stderr } = await cifra(folder, ['predict', '--model', 'large.safetensors', 'seven.png']);
    expect(status).toBe(1);
    expect(stderr).toContain('The model takes images of shape [32, 32, 1], and [28, 28, 1] was expected.');
  });

  it('draws the stages of one picture, or of several into a folder', async () => {
    const one = await predict('seven.png', '--stages', 'drawn/one.png');
    expect(one.stdout).toContain('Stages: drawn/one.png');
    const { width, height } = await decodePicture(readFileSync(join(folder, 'drawn/one.png')), 'one.png');
    expect(width).toBeGreaterThan(4 * height);
    const again = await predict('seven.png', '--stages', 'drawn/one.png');
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('drawn/one.png is there already')]);
    const several = await predict('seven.png', 'blank.png', 'scans', 'text.png', '--stages', 'all');
    expect(several.status).toBe(1);
    const names = ['seven', 'blank', '2', '10', 'a'].map((name) => `all/${name}-stages.png`);
    expect(names.filter((name) => !existsSync(join(folder, name)))).toEqual([]);
    expect(existsSync(join(folder, 'all/text-stages.png'))).toBe(false);
  });
});
