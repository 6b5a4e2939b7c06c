import { describe, expect, it } from 'vitest';
import { CifraError } from '../../../src/numeric/errors.js';
import { rgbPng } from '../../../src/report/png.js';
import { fitted, headerOf, opaque, upright } from './pictureFile.js';

const header = { format: 'png', width: 0, height: 0, orientation: 1, essence: new Uint8Array() } as const;

function codeOf(bytes: Uint8Array): string | undefined {
  try {
    headerOf(bytes, 'it');
    return undefined;
  } catch (error) {
    return error instanceof CifraError ? error.code : String(error);
  }
}

describe('a picture file', () => {
  it('is looked at before it is decoded', async () => {
    const png = await rgbPng(new Uint8Array(4 * 3 * 2), 3, 2);
    expect(headerOf(png, 'it')).toMatchObject({ format: 'png', width: 3, height: 2, orientation: 1 });
    expect(codeOf(png.subarray(0, 40))).toBe('picture-truncated');
    expect(codeOf(png.with(20, 9))).toBe('picture-checksum');
    expect(codeOf(new Uint8Array())).toBe('picture-empty');
    expect(codeOf(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe('picture-kind');
    expect(codeOf(new TextEncoder().encode('GIF89a……'))).toBe('picture-kind');
  });

  it('is made small enough for the pad, and never nothing', () => {
    expect(fitted({ ...header, width: 4000, height: 3000 })).toEqual({ width: 1024, height: 768 });
    expect(fitted({ ...header, width: 1, height: 90_000 })).toEqual({ width: 1, height: 1024 });
    expect(fitted({ ...header, width: 30, height: 20 })).toEqual({ width: 30, height: 20 });
  });

  it('stands upright: its first pixel comes where Exif says', () => {
    // Where the corner of the stored picture (3 columns, 2 rows) is, by orientation: Exif 2.32, figure 5.
    const corners = ['0 0', '3 0', '3 2', '0 2', '0 0', '2 0', '2 3', '0 3'];
    const sizes = ['3 2', '3 2', '3 2', '3 2', '2 3', '2 3', '2 3', '2 3'];
    corners.forEach((corner, i) => {
      const { width, height, transform } = upright(i + 1, 3, 2);
      expect(`${transform.e} ${transform.f}`).toBe(corner);
      expect(`${width} ${height}`).toBe(sizes[i]);
      // The opposite corner is at the opposite side.
      const [x, y] = [
        3 * transform.a! + 2 * transform.c! + transform.e!,
        3 * transform.b! + 2 * transform.d! + transform.f!,
      ];
      expect([x, y]).toEqual([width - transform.e!, height - transform.f!]);
    });
  });

  it('gets paper behind its transparent parts', () => {
    const ink = opaque({ width: 2, height: 1, data: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 255) });
    expect([...ink.data]).toEqual([255, 255, 255, 255, 0, 0, 0, 255]);
    const light = opaque({ width: 2, height: 1, data: Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255) });
    expect([...light.data]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  });
});
