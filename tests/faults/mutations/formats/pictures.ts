import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import type { Random } from '../../../../src/numeric/philox.js';
import { decodePicture, type PictureFormat } from '../../../../src/pictures/index.js';
import { chunk, end, pngFile, type PngPicture, SIGNATURE } from '../../../pictures/png.js';
import { joined, mutateBytes, pick } from '../bytes.js';
import { FILE, type Format } from '../run.js';

const folder = join(import.meta.dirname, '../../../fixtures/pictures');

function fixtures(ending: string): Uint8Array[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

function reader(format: PictureFormat): Format['read'] {
  return async (bytes) => {
    const picture = await decodePicture(bytes, FILE);
    const { width, height, data } = picture;
    if (picture.format !== format) throw new Error('read as another format');
    if (!(width >= 1 && height >= 1) || data.length !== 4 * width * height) throw new Error('of a wrong size');
  };
}

// --------------------------------------------------------------------------------------------------------------- PNG

const size = { width: 9, height: 10 };
const clear = { samples: (x: number, y: number) => [(x + y) & 1], transparent: [1] };
const pictures: readonly PngPicture[] = [
  { ...size, bits: 1, colour: 0, ...clear },
  { ...size, bits: 4, colour: 0, ...clear, interlaced: true },
  { ...size, bits: 16, colour: 0, samples: (x, y) => [x * y * 99] },
  { ...size, bits: 8, colour: 2, samples: (x, y) => [x, y, x * y], interlaced: true },
  { ...size, bits: 2, colour: 3, samples: (x, y) => [(x * y) & 3], palette: [[1, 2, 3], [9, 8, 7], [4, 5, 6], [0, 0, 9]] }, // prettier-ignore
  { ...size, bits: 8, colour: 3, samples: (x) => [x & 1], palette: [[1, 2, 3], [9, 8, 7]], transparent: [0], interlaced: true }, // prettier-ignore
  { ...size, bits: 8, colour: 4, samples: (x, y) => [x, y] },
  { ...size, bits: 16, colour: 6, samples: (x, y) => [x * 999, y * 999, x, y] },
];
const pngs = pictures.map(pngFile);
/** In the header: length, name, width, height and the bytes after them; then the next chunk. */
const pngFields = [8, 12, 16, 20, 24, 25, 26, 27, 28, 29, 33, 37, 41];

export const png: Format = {
  name: 'PNG',
  make(random) {
    const file = pick(random, pngs);
    switch (random.below(4)) {
      case 0:
        return mutateBytes(file, random, pngFields);
      case 1:
        return withChecksums(mutateBytes(file, random, pngFields));
      case 2:
        return withPixels(file, (data) =>
          Uint8Array.from(deflateSync(mutateBytes(Uint8Array.from(inflateSync(data)), random))),
        );
      default:
        return withPixels(file, (data) => mutateBytes(data, random, [0, 1, 2, 3]));
    }
  },
  read: reader('png'),
};

/** The checksums of all chunks that can still be found made right, so that what they hold is looked at. */
function withChecksums(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = SIGNATURE.length; at + 12 <= file.length;) {
    const next = at + 12 + view.getUint32(at);
    if (next > file.length) break;
    view.setUint32(next - 4, crc32(file.subarray(at + 4, next - 4)));
    at = next;
  }
  return file;
}

/** The only chunk of pixels, the last one before the end, exchanged. */
function withPixels(file: Uint8Array, change: (data: Uint8Array) => Uint8Array): Uint8Array {
  const at = Buffer.from(file).lastIndexOf('IDAT') - 4;
  return joined(file.subarray(0, at), chunk('IDAT', change(file.slice(at + 8, -end.length - 4))), end);
}

// ------------------------------------------------------------------------------------------------------ JPEG and WebP

const jpegs = fixtures('.jpg').map((file) => ({ file, fields: jpegFields(file) }));

/** Of each segment: marker, length, the first fields. */
function jpegFields(file: Uint8Array): number[] {
  const fields: number[] = [];
  for (let at = 2; file[at] === 0xff && file[at + 1] !== 0xd9; at += 2 + file[at + 2]! * 256 + file[at + 3]!) {
    fields.push(at, at + 1, at + 2, at + 4, at + 5, at + 7, at + 9, at + 10, at + 11);
    if (file[at + 1] === 0xda) break;
  }
  return fields;
}

export const jpeg: Format = { name: 'JPEG', make: (random) => mutated(jpegs, random), read: reader('jpeg') };

const webps = fixtures('.webp').map((file) => ({
  file,
  fields: [4, 12, 16, 20, 21, 23, 24, 26, 27, 30, 34, 38, 42, 46],
}));

export const webp: Format = {
  name: 'WebP',
  make(random) {
    const result = mutated(webps, random);
    // Lengths made right, mostly, so that what comes after them is looked at.
    if (result.length >= 8 && random.below(4) > 0) {
      new DataView(result.buffer, result.byteOffset).setUint32(4, result.length - 8, true);
    }
    return result;
  },
  read: reader('webp'),
};

function mutated(files: readonly { file: Uint8Array; fields: readonly number[] }[], random: Random): Uint8Array {
  const { file, fields } = pick(random, files);
  return mutateBytes(file, random, fields);
}
