import { deflateSync } from 'node:zlib';
import type { Sprite } from '../../src/report/data.js';
import { joined } from '../faults/mutations/bytes.js';
import { chunk, end, pngHeader, SIGNATURE } from '../pictures/png.js';

export interface Pictures {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** Bytes a pixel: 1 grey, 3 red, green and blue. */
  readonly samples: 1 | 3;
  /** The bytes of one picture, row by row. */
  readonly picture: (index: number) => ArrayLike<number>;
}

/** Pictures of one size in one PNG. */
export function sprite({ width, height, count, samples, picture }: Pictures, columns: number): Sprite {
  const rows = Math.ceil(count / columns);
  const line = 1 + columns * width * samples;
  const bytes = new Uint8Array(rows * height * line);
  for (let index = 0; index < count; index++) {
    const pixels = picture(index);
    for (let y = 0; y < height; y++) {
      const at = (Math.floor(index / columns) * height + y) * line + 1 + (index % columns) * width * samples;
      for (let i = 0; i < width * samples; i++) bytes[at + i] = pixels[y * width * samples + i]!;
    }
  }
  const header = pngHeader(columns * width, rows * height, 8, samples === 1 ? 0 : 2);
  const file = joined(SIGNATURE, header, chunk('IDAT', deflateSync(bytes, { level: 9 })), end);
  return { png: `data:image/png;base64,${Buffer.from(file).toString('base64')}`, width, height, columns, count };
}
