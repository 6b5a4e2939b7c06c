import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findPictures } from './find.js';
import { isPattern, matches } from './pattern.js';

const folder = mkdtempSync(join(tmpdir(), 'cifra-pattern-'));
afterAll(() => rmSync(folder, { recursive: true }));
const files = ['1.png', '2.png', '10.png', 'a-b.jpg', '.hidden.png', 'sub/3.png', 'sub/deep/4.JPEG', 'x]y.png'];
for (const name of [...files, 'sub/.git/5.png', 'notes.txt']) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), '');
}
symlinkSync(folder, join(folder, 'sub/back'), 'junction');

const short = (path: string): string => path.slice(folder.length + 1).replaceAll('\\', '/');
const found = async (pattern: string): Promise<string[]> => (await matches(join(folder, pattern))).map(short);

describe('a pattern', () => {
  it.each([
    ['*.png', ['1.png', '2.png', '10.png', 'x]y.png']],
    ['?.png', ['1.png', '2.png']],
    ['[12].png', ['1.png', '2.png']],
    ['[!1].png', ['2.png']],
    ['[0-1]*.png', ['1.png', '10.png']],
    ['{1,a-*,none}.{png,jpg}', ['1.png', 'a-b.jpg']],
    ['**/*.png', ['1.png', '2.png', '10.png', 'sub/3.png', 'x]y.png']],
    ['s*/**', ['sub/3.png', 'sub/back', 'sub/deep', 'sub/deep/4.JPEG']],
    ['.*.png', ['.hidden.png']],
    ['x[]]y.png', ['x]y.png']],
    ['sub/../*.jpg', ['a-b.jpg']],
    ['[z-a].png', []],
    ['nowhere/*', []],
  ])('%s', async (pattern, expected) => expect(await found(pattern)).toEqual(expected));

  it('is what a shell would take for one', () => {
    expect(['a*', 'a?', '[a]', '{a,b}', 'a.png', '-'].map(isPattern)).toEqual([true, true, true, true, false, false]);
  });
});

describe('pictures', () => {
  it('are those of folders, in their order, hidden ones and loops left out', async () => {
    const names = (await findPictures([folder])).map(({ file }) => short(file));
    expect(names).toEqual(['1.png', '2.png', '10.png', 'a-b.jpg', 'sub/3.png', 'sub/deep/4.JPEG', 'x]y.png']);
  });

  it('are files as they are given, whether they are there or not', async () => {
    expect(await findPictures(['-', 'nowhere.png', join(folder, 'notes.txt')])).toEqual([
      { file: '-' },
      { file: 'nowhere.png' },
      { file: join(folder, 'notes.txt') },
    ]);
  });
});
