import { crc32 } from 'node:zlib';
import type { Sharp } from 'sharp';
import type { CifraError } from '../numeric/errors.js';
import { damaged } from './failure.js';
import { readJpeg } from './jpeg.js';
import { formatOf } from './kind.js';
import { type Header, type Picture, pictureLimits } from './picture.js';
import { readPng } from './png.js';
import { loadSharp } from './sharp.node.js';
import { checkBytes } from './size.js';
import { readWebp } from './webp.js';

/** More than the largest picture takes. */
const MOST_SECONDS = 30;
/** What some cameras and programs write, and every viewer forgives. */
const HARMLESS = /Invalid SOS parameters for sequential JPEG|extraneous bytes before marker|unknown JFIF revision/;

/**
 * Decodes a PNG, JPEG or WebP file; of an animated one the first frame. Turned as its Exif data say; colours are taken
 * as sRGB whatever profile or gamma the file has, 16 bits are brought to 8, inks (CMYK, YCCK) to lights.
 * @param name what errors call the file
 * @throws CifraError `picture-empty`, `picture-kind`, `picture-large`, `picture-truncated`, `picture-checksum`,
 * `picture-damaged`, `picture-unsupported`; `pictures-no-decoder` where the package sharp is not installed
 */
export async function decodePicture(bytes: Uint8Array, name: string): Promise<Picture> {
  const header = readHeader(bytes, name);
  const sharp = await loadSharp();
  const open = (failOn: 'warning' | 'error'): Sharp =>
    sharp(header.essence, { failOn, ignoreIcc: true, limitInputPixels: pictureLimits.pixels }).timeout({
      seconds: MOST_SECONDS,
    });
  try {
    return await pixels(open('warning'), header);
  } catch (warning) {
    if (!HARMLESS.test(String(warning))) throw refusal(warning, name);
    return await pixels(open('error'), header).catch((error: unknown) => {
      throw refusal(error, name);
    });
  }
}

/** Checked before anything is decoded or allocated. */
function readHeader(bytes: Uint8Array, name: string): Header {
  checkBytes(bytes.length, name);
  switch (formatOf(bytes, name)) {
    case 'png':
      return readPng(bytes, name, crc32);
    case 'jpeg':
      return readJpeg(bytes, name);
    case 'webp':
      return readWebp(bytes, name);
  }
}

async function pixels(image: Sharp, { format, width, height, orientation, inks = false }: Header): Promise<Picture> {
  const turned = upright(image, orientation);
  const converted = inks
    ? turned.pipelineColourspace('cmyk').toColourspace('cmyk')
    : turned.toColourspace('srgb').ensureAlpha();
  const { data, info } = await converted.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const [columns, rows] = orientation < 5 ? [width, height] : [height, width];
  if (info.width !== columns || info.height !== rows || data.length !== 4 * columns * rows) {
    throw new Error(`it was decoded to ${info.width} x ${info.height} pixels with ${info.channels} values each`);
  }
  const rgba = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  if (inks) toLights(rgba);
  return { width: columns, height: rows, data: rgba, format };
}

/** Mirrored first, then turned clockwise. */
function upright(image: Sharp, orientation: number): Sharp {
  const mirrored = [2, 5, 7].includes(orientation) ? image.flop() : orientation === 4 ? image.flip() : image;
  if (orientation === 3) return mirrored.rotate(180);
  if (orientation === 6 || orientation === 7) return mirrored.rotate(90);
  if (orientation === 5 || orientation === 8) return mirrored.rotate(270);
  return mirrored;
}

/** Cyan, magenta, yellow and black, 0 for none, to red, green, blue and full alpha, in place. */
function toLights(data: Uint8ClampedArray): void {
  for (let i = 0; i < data.length; i += 4) {
    const light = (255 - data[i + 3]!) / 255;
    data[i] = (255 - data[i]!) * light;
    data[i + 1] = (255 - data[i + 1]!) * light;
    data[i + 2] = (255 - data[i + 2]!) * light;
    data[i + 3] = 255;
  }
}

/** The decoder's error as one of ours; its message may be of any length and hold pieces of the file. */
function refusal(error: unknown, name: string): CifraError {
  const message = error instanceof Error ? error.message : String(error);
  const plain = message
    .split('\n', 1)[0]!
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 200)
    .replace(/[.\s]+$/, '');
  return damaged(name, `its pixels cannot be decoded (${plain})`, error);
}
