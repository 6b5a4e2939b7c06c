import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.js';

const read = (text: string): ReturnType<typeof readCsv> => readCsv(new TextEncoder().encode(text), 'x.csv');

describe('a table', () => {
  it('is read as spreadsheets write it', () => {
    const expected = {
      columns: ['file', 'label', 'note'],
      rows: [
        { line: 2, cells: ['a,b.png', '7', 'a "five"'] },
        { line: 3, cells: ['c.png', '3', 'two\nlines'] },
        { line: 6, cells: ['d.png', '1', ''] },
      ],
    };
    const lines = ['file,label,note', '"a,b.png",7,"a ""five"""', 'c.png, 3 ,"two\nlines"', '', 'd.png,1,'];
    for (const [end, last] of [
      ['\n', '\n'],
      ['\r\n', '\r\n'],
      ['\n', ''],
    ] as const) {
      expect(read(`\ufeff${lines.join(end)}${last}`)).toEqual(expected);
    }
  });

  it('may be separated by semicolons or tabs', () => {
    expect(read('file;label\na,b.png;7\n').rows).toEqual([{ line: 2, cells: ['a,b.png', '7'] }]);
    expect(read('"file,s"\tlabel\na.png\t7\n')).toMatchObject({ columns: ['file,s', 'label'] });
  });

  it('keeps texts as they are', () => {
    expect(read('file,label\n007,1e5\n5" disk.png,NaN').rows.map(({ cells }) => cells)).toEqual([
      ['007', '1e5'],
      ['5" disk.png', 'NaN'],
    ]);
  });

  it.each([
    ['', 'x.csv is empty.'],
    ['\n\n', 'x.csv is empty.'],
    ['file,label\na.png,7,8\n', 'x.csv, line 2: it has 3 values, and there are 2 columns.'],
    ['file,label\n"a\nb",1\n"c.png,7\n', 'x.csv, line 4: a quote stands where none may.'],
    ['file,label\n"c.png"x,7\n', 'x.csv, line 2: a quote stands where none may.'],
    ['file,file\n', 'x.csv, line 1: there are two columns "file".'],
    ['f\0i', 'x.csv is no text in UTF-8.'],
  ])('%j is refused', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('in another encoding is refused', () => {
    for (const bytes of [
      [0xff, 0xfe, 0x66, 0],
      [0x66, 0xe9, 0x0a],
    ]) {
      expect(() => readCsv(Uint8Array.from(bytes), 'x.csv')).toThrow('x.csv is no text in UTF-8.');
    }
  });
});
