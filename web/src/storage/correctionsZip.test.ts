import { strFromU8, unzipSync } from 'fflate';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { rgbPng } from '../../../src/report/png.js';
import { rasterize } from '../draw/raster.js';
import type { Correction } from './correctionRecord.js';
import { correctionFiles, correctionsZip, FOLDER } from './correctionsZip.js';

const png = Uint8Array.of(1, 2, 3);
const seven: Correction = {
  ...{ id: 'a', date: '2026-01-02T03:04:05.678Z', png, truth: 7, label: 1 },
  ...{ confidence: 0.61234, status: 'ok', model: 'digits' },
};

describe('the folder of corrections', () => {
  it('has a table of the digits, and the others apart', () => {
    const files = correctionFiles([
      seven,
      { ...seven, truth: null },
      { ...seven, truth: 0, label: null, status: 'not-a-digit', confidence: 0, model: 'my "best", 2' },
    ]);
    expect(Object.keys(files).sort()).toEqual([
      'digits/0001-7.png',
      'digits/0003-0.png',
      'labels.csv',
      'not-digits/0002.png',
      'read-me.txt',
    ]);
    expect(strFromU8(files['labels.csv']!)).toBe(
      'file,label,read,status,confidence,model,date\n' +
        'digits/0001-7.png,7,1,ok,0.6123,digits,2026-01-02T03:04:05.678Z\n' +
        'digits/0003-0.png,0,,not-a-digit,0.0000,"my ""best"", 2",2026-01-02T03:04:05.678Z\n',
    );
    expect(strFromU8(files['read-me.txt']!)).toContain('2 of digits');
  });

  it('has no table where there are no digits', () => {
    expect(Object.keys(correctionFiles([{ ...seven, truth: null }]))).toEqual(['not-digits/0001.png', 'read-me.txt']);
  });

  it('is one folder in an archive', () => {
    const names = Object.keys(unzipSync(correctionsZip([seven])));
    expect(names.filter((name) => !name.endsWith('/')).sort()).toEqual([
      'cifra-corrections/digits/0001-7.png',
      'cifra-corrections/labels.csv',
      'cifra-corrections/read-me.txt',
    ]);
  });

  it('is read by cifra evaluate', async () => {
    const stroke = { tool: 'pen', width: 0.06, points: [0.3, 0.25, 0.7, 0.25, 0.45, 0.8] } as const;
    const { width, height, data } = rasterize({ strokes: [stroke] });
    const drawn = { ...seven, png: await rgbPng(data, width, height) };
    const zip = correctionsZip([drawn, { ...drawn, truth: 1, label: 7 }, { ...drawn, truth: null }]);
    const folder = await mkdtemp(join(tmpdir(), 'cifra-corrections-'));
    try {
      for (const [name, bytes] of Object.entries(unzipSync(zip))) {
        if (name.endsWith('/')) continue;
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), bytes);
      }
      const cli = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
      const images = join(folder, FOLDER);
      const { stdout } = await promisify(execFile)(process.execPath, [cli, 'evaluate', '--images', images, '--json']);
      const result: unknown = JSON.parse(stdout.trim().split('\n').at(-1)!);
      expect(result).toMatchObject({ count: 2, answered: 2, errors: 1, mistakes: ['digits/0002-1.png'] });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
