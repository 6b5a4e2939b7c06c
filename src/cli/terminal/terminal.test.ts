import { describe, expect, it } from 'vitest';
import { bar } from './bars.js';
import { drawPictures, fitting, type Picture, pictureOf } from './pictures.js';
import { styleOf } from './style.js';
import { clock, columns, counted, grouped, percent, roughly, wrapped } from './text.js';

describe('numbers', () => {
  it('are written for people', () => {
    expect([0, 999, 1000, 601_578, 3_905_323_008].map(grouped)).toEqual([
      ...['0', '999', '1,000', '601,578', '3,905,323,008'],
    ]);
    expect([percent(0.9921), percent(1), percent(0.00004)]).toEqual(['99.21%', '100.00%', '0.00%']);
    expect([counted(1, 'image'), counted(2000, 'image'), counted(0, 'epoch')]).toEqual([
      ...['1 image', '2,000 images', '0 epochs'],
    ]);
    expect([0, 7.4, 59.6, 65, 545, 3723, 36_000].map(clock)).toEqual([
      ...['0:00', '0:07', '1:00', '1:05', '9:05', '1:02:03', '10:00:00'],
    ]);
    expect([1, 42, 58, 89, 540, 3000, 9000].map(roughly)).toEqual([
      ...['5 seconds', '40 seconds', '1 minute', '1.5 minutes', '9 minutes', '50 minutes', '2.5 hours'],
    ]);
  });
});

describe('lines', () => {
  it('are broken at spaces, and long words are not', () => {
    expect(wrapped('a bb ccc dddddddd e', 6)).toEqual(['a bb', 'ccc', 'dddddddd', 'e']);
    expect(wrapped('', 6)).toEqual(['']);
  });

  it('stand in columns', () => {
    const rows = [
      ['', 'x', 'yy'],
      ['abc', '10', '2'],
    ];
    expect(columns(rows)).toEqual(['      x  yy', 'abc  10   2']);
    expect(columns([])).toEqual([]);
  });

  it('have bars in eighths of a character', () => {
    expect(bar(0, 4)).toBe('····');
    expect(bar(0.5, 4)).toBe('██··');
    expect(bar(1 / 32, 4)).toBe('▏···');
    expect(bar(1, 4)).toBe('████');
    expect([bar(2, 4), bar(-1, 4), bar(0.5, -3)]).toEqual(['████', '····', '']);
  });
});

describe('pictures', () => {
  const picture: Picture = { values: [0, 255, 128, 0, 255, 255], width: 2, height: 3, caption: 'x' };

  it('are characters where there are no greys, two rows of pixels a line', () => {
    expect(drawPictures([picture], 'none')).toEqual([':+', '@@', 'x']);
  });

  it('are half blocks in the palette’s greys', () => {
    const [first, second] = drawPictures([picture], '256');
    expect(first).toBe('\u001b[38;5;16;48;5;244m▀\u001b[38;5;231;48;5;16m▀\u001b[0m');
    // The row that is missing is the terminal's own.
    expect(second).toBe('\u001b[38;5;231;49m▀▀\u001b[0m');
  });

  it('are half blocks in all greys', () => {
    const [first] = drawPictures([picture], 'all');
    expect(first).toContain('\u001b[38;2;0;0;0;48;2;128;128;128m▀');
  });

  it('have their own colours where the terminal has them', () => {
    const data = Uint8ClampedArray.of(255, 0, 0, 255, 0, 95, 215, 255, 7, 7, 7, 255, 10, 20, 30, 255);
    const coloured: Picture = { values: [255, -255, 10, -120], data, width: 2, height: 2 };
    expect(drawPictures([coloured], 'all')).toEqual([
      '\u001b[38;2;255;0;0;48;2;7;7;7m▀\u001b[38;2;0;95;215;48;2;10;20;30m▀\u001b[0m',
    ]);
    expect(drawPictures([coloured], '256')).toEqual(['\u001b[38;5;196;48;5;232m▀\u001b[38;5;26;48;5;233m▀\u001b[0m']);
    expect(drawPictures([coloured], 'none')).toEqual(['+o']);
  });

  it('of different heights are filled up', () => {
    const low: Picture = { values: [255, 255, 255, 255], width: 2, height: 2 };
    expect(drawPictures([low, picture], 'none')).toEqual(['@@  :+', '    @@', '    x']);
  });

  it('stand side by side, as many as fit', () => {
    const wide: Picture = { values: new Uint8Array(200), width: 20, height: 10 };
    expect(fitting([wide, wide, wide], 64)).toHaveLength(3);
    expect(fitting([wide, wide, wide], 63)).toHaveLength(2);
    expect(fitting([wide, wide, wide], 5)).toHaveLength(1);
    expect(drawPictures([wide, wide], 'none')[0]).toHaveLength(42);
  });

  it('leave out the margin of an image', () => {
    const data = Uint8Array.from({ length: 2 * 36 }, (_, i) => i);
    const { values, width, height } = pictureOf({ data, shape: [2, 6, 6, 1] }, 1);
    expect([width, height]).toEqual([2, 2]);
    expect([...Array.from(values)]).toEqual([36 + 14, 36 + 15, 36 + 20, 36 + 21]);
  });
});

describe('styles', () => {
  it('are nothing where there are no colours', () => {
    const style = styleOf('none');
    expect(style.bold(style.good('x'))).toBe('x');
    expect(styleOf('16').good('x')).toBe('\u001b[32mx\u001b[39m');
  });
});
