import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePicture, pictureLimits } from '../../src/pictures/index.js';
import { chunk, end, pngFile, pngHeader, SIGNATURE } from '../pictures/png.js';
import { joined } from './mutations/bytes.js';
import { FILE, type Line, refuses } from './refuses.js';

// Every picture that is promised to be refused, with what is said of it.

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '../fixtures/pictures', name)));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const latin1 = (content: string): Uint8Array => new Uint8Array(Buffer.from(content.padEnd(64, '\x01'), 'latin1'));
const cut = (bytes: Uint8Array, part: number): Uint8Array => bytes.slice(0, Math.floor(bytes.length * part));

function changed(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const result = bytes.slice();
  result.set(values, at);
  return result;
}

/** Where `name` begins. */
const indexOf = (bytes: Uint8Array, name: string): number => Buffer.from(bytes).indexOf(name, 0, 'latin1');

function refusesAll(lines: readonly Line[]): void {
  refuses(lines, (bytes) => decodePicture(bytes, FILE));
}

// The decoder takes its memory before the first measurement.
beforeAll(async () => {
  await decodePicture(fixture('baseline.jpg'), FILE);
});

describe('what is no PNG, JPEG or WebP is refused:', () => {
  // prettier-ignore
  refusesAll([
    ['no bytes', () => new Uint8Array(), 'picture-empty', 'is empty: it has 0 bytes'],
    ['text', () => text('Three, seven and ä.\n'.repeat(9999)), 'picture-kind', 'is not a picture that Cifra reads: it seems to be text'],
    ['one letter', () => text('x'), 'picture-kind', 'it seems to be text'],
    ['a web page', () => text('<!doctype html><html>'), 'picture-kind', 'it seems to be a web page'],
    ['SVG', () => text('<?xml version="1.0"?><svg width="28">'), 'picture-kind', 'it seems to be an SVG drawing'],
    ['GIF', () => latin1('GIF89a'), 'picture-kind', 'it seems to be a GIF picture'],
    ['BMP', () => latin1('BM\x36\x09\0\0\0\0\0\0'), 'picture-kind', 'it seems to be a BMP picture'],
    ['TIFF', () => latin1('II*\0'), 'picture-kind', 'it seems to be a TIFF picture'],
    ['HEIC', () => latin1('\0\0\0\x18ftypheic'), 'picture-kind', 'it seems to be a HEIC picture'],
    ['AVIF', () => latin1('\0\0\0\x18ftypavif'), 'picture-kind', 'it seems to be an AVIF picture'],
    ['PDF', () => latin1('%PDF-1.7'), 'picture-kind', 'it seems to be a PDF document'],
    ['noise', () => latin1('\x9d\x00\xff\x12'), 'picture-kind', 'it is none of PNG, JPEG and WebP'],
    ['a part of a signature', () => SIGNATURE.slice(0, 5), 'picture-kind', 'it is none of PNG, JPEG and WebP'],
  ]);

  it('files above the limit are', async () => {
    const bytes = new Uint8Array(pictureLimits.bytes + 1);
    bytes.set(SIGNATURE);
    await expect(decodePicture(bytes, FILE)).rejects.toMatchObject({ code: 'picture-large' });
  });
});

const gray = { width: 28, height: 28, bits: 8, colour: 0, samples: (x: number, y: number) => [(x * y) % 256] };
const sound = pngFile(gray);

/** A PNG whose chunks of pixels inflate to `content`. */
const png = (header: Uint8Array, content: Uint8Array, ...more: readonly Uint8Array[]): Uint8Array =>
  joined(SIGNATURE, header, ...more, chunk('IDAT', deflateSync(content, { level: 9 })), end);

describe('PNG is refused:', () => {
  const data = indexOf(sound, 'IDAT');
  // prettier-ignore
  refusesAll([
    ['its signature alone', () => SIGNATURE, 'picture-truncated', 'is cut short: it ends after 8 bytes, before its end chunk'],
    ['half of it', () => cut(sound, 0.5), 'picture-truncated', 'is cut short: its chunk IDAT at byte 33 goes on to byte'],
    ['without its end chunk', () => sound.slice(0, -12), 'picture-truncated', 'before its end chunk'],
    ['one byte less', () => sound.slice(0, -1), 'picture-truncated', 'is cut short'],
    ['wrong checksum of the pixels', () => changed(sound, data + 20, 1, 2, 3), 'picture-checksum', 'the checksum (CRC) of its chunk IDAT at byte 33 is'],
    ['wrong checksum of the header', () => changed(sound, 18, 1), 'picture-checksum', 'of its chunk IHDR at byte 8 is'],
    ['2^31 x 2^31', () => png(pngHeader(2 ** 31, 2 ** 31, 8, 6), new Uint8Array(99)), 'picture-large', 'its header says 2147483648 x 2147483648 pixels, and the limit is 100,000,000 in all'],
    ['2^31 - 1 rows', () => png(pngHeader(1, 2 ** 31 - 1, 1, 0), new Uint8Array(99)), 'picture-large', '1 x 2147483647 pixels'],
    ['no columns', () => png(pngHeader(0, 28, 8, 0), new Uint8Array(28)), 'picture-damaged', 'its header says 0 x 28 pixels'],
    ['a bomb: a sound picture of 100 megapixels', () => png(pngHeader(10_000, 10_000, 1, 0), new Uint8Array(12_510_000)), 'picture-large', 'which is no picture in only'],
    ['fewer pixels than its header says', () => png(pngHeader(4000, 4000, 8, 6), new Uint8Array(999)), 'picture-damaged', 'bytes of compressed pixels cannot hold as many'],
    ['a row less', () => png(pngHeader(28, 28, 8, 0), new Uint8Array(27 * 29)), 'picture-damaged', 'its pixels cannot be decoded'],
    ['no pixels', () => joined(SIGNATURE, pngHeader(28, 28, 8, 0), end), 'picture-damaged', 'its 0 bytes of compressed pixels cannot hold as many'],
    ['three bits a sample', () => png(pngHeader(28, 28, 3, 0), new Uint8Array(9999)), 'picture-damaged', 'its header says colour type 0 with 3 bits a sample'],
    ['unknown colour', () => png(pngHeader(28, 28, 8, 5), new Uint8Array(9999)), 'picture-damaged', 'colour type 5'],
    ['unknown interlacing', () => png(pngHeader(28, 28, 8, 0, 2), new Uint8Array(9999)), 'picture-damaged', 'interlacing 2'],
    ['no palette', () => png(pngHeader(28, 28, 8, 3), new Uint8Array(28 * 29)), 'picture-damaged', 'its pixels cannot be decoded'],
    ['a wrong filter', () => png(pngHeader(28, 28, 8, 0), new Uint8Array(28 * 29).fill(9)), 'picture-damaged', 'its pixels cannot be decoded'],
    ['no deflate', () => joined(SIGNATURE, pngHeader(28, 28, 8, 0), chunk('IDAT', new Uint8Array(99).fill(7)), end), 'picture-damaged', 'its pixels cannot be decoded'],
    ['of an iPhone’s own kind', () => joined(SIGNATURE, chunk('CgBI', new Uint8Array(4)), sound.slice(8)), 'picture-damaged', 'its first chunk is not its header, IHDR'],
    ['an unknown chunk that it needs', () => png(pngHeader(28, 28, 8, 0), new Uint8Array(28 * 29), chunk('NEED', new Uint8Array())), 'picture-unsupported', 'it needs what its chunk NEED says'],
    ['two headers', () => png(pngHeader(28, 28, 8, 0), new Uint8Array(28 * 29), pngHeader(28, 28, 8, 0)), 'picture-damaged', 'it has two headers'],
    ['zeros after its signature', () => joined(SIGNATURE, new Uint8Array(99)), 'picture-damaged', 'no chunk begins at byte 8'],
  ]);

  it('but a bomb behind the last row, or in a text, is never inflated', async () => {
    const rows = new Uint8Array(2 ** 28);
    const bomb = png(pngHeader(28, 28, 8, 0), rows);
    const made = process.resourceUsage().maxRSS;
    await decodePicture(bomb, FILE).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'picture-damaged' });
    });
    // In KiB, a quarter of what it holds.
    expect(process.resourceUsage().maxRSS - made).toBeLessThan(64 * 1024);
  });
});

const jpeg = fixture('baseline.jpg');
const frame = indexOf(jpeg, '\xff\xc0');
const scan = indexOf(jpeg, '\xff\xda');
const progressive = fixture('progressive.jpg');

/** A progressive picture that goes over its first scan, the darkest detail, a thousand times. */
function manyScans(): Uint8Array {
  const begin = indexOf(progressive, '\xff\xda');
  const again = Buffer.from(progressive).lastIndexOf('\xff\xda', undefined, 'latin1');
  const last = progressive.slice(again, -2);
  return joined(
    progressive.slice(0, begin),
    progressive.slice(begin, -2),
    ...Array<Uint8Array>(1000).fill(last),
    progressive.slice(-2),
  );
}

describe('JPEG is refused:', () => {
  // prettier-ignore
  refusesAll([
    ['its beginning alone', () => jpeg.slice(0, 3), 'picture-truncated', 'is cut short'],
    ['half of it', () => cut(jpeg, 0.5), 'picture-truncated', 'is cut short'],
    ['within its pixels', () => jpeg.slice(0, -100), 'picture-truncated', 'bytes, before its end marker'],
    ['without its end marker', () => jpeg.slice(0, -2), 'picture-truncated', 'before its end marker'],
    ['its pixels cut out', () => joined(jpeg.slice(0, scan + 40), jpeg.slice(-2)), 'picture-damaged', 'its pixels cannot be decoded'],
    ['no scan', () => joined(jpeg.slice(0, scan), jpeg.slice(-2)), 'picture-damaged', 'it has no picture between its header and its end'],
    ['65,535 x 65,535', () => changed(jpeg, frame + 5, 255, 255, 255, 255), 'picture-large', 'its header says 65535 x 65535 pixels, and the limit is 100,000,000 in all'],
    ['9,000 x 9,000', () => changed(jpeg, frame + 5, 0x23, 0x28, 0x23, 0x28), 'picture-large', 'which is no picture in only'],
    ['4,000 x 4,000', () => changed(jpeg, frame + 5, 0x0f, 0xa0, 0x0f, 0xa0), 'picture-damaged', 'bytes of compressed pixels cannot hold as many'],
    ['100 more rows', () => changed(jpeg, frame + 5, 0, 124), 'picture-damaged', 'its pixels cannot be decoded'],
    ['no rows', () => changed(jpeg, frame + 5, 0, 0), 'picture-unsupported', 'leaves the number of rows open'],
    ['no columns', () => changed(jpeg, frame + 7, 0, 0), 'picture-damaged', 'its header says 0 columns'],
    ['12 bits', () => changed(jpeg, frame + 4, 12), 'picture-unsupported', 'it has 12 bits a sample'],
    ['lossless', () => changed(jpeg, frame + 1, 0xc3), 'picture-unsupported', 'it is lossless JPEG'],
    ['arithmetic', () => changed(jpeg, frame + 1, 0xc9), 'picture-unsupported', 'it is arithmetically coded JPEG'],
    ['a wrong length', () => changed(jpeg, 4, 0, 0), 'picture-damaged', 'says that it has 0 bytes'],
    ['a segment beyond the end', () => changed(jpeg, 4, 255, 255), 'picture-truncated', 'goes on beyond the'],
    ['a thousand scans', manyScans, 'picture-damaged', 'its pixels cannot be decoded'],
    ['a header of another file within', () => joined(jpeg.slice(0, scan), jpeg), 'picture-damaged', 'its marker ffd8'],
    ['impossible sampling', () => changed(jpeg, frame + 11, 0x50), 'picture-damaged', 'impossible sampling'],
  ]);
});

const webp = fixture('lossless.webp');
const lossy = fixture('lossy.webp');
const animated = fixture('animated.webp');

describe('WebP is refused:', () => {
  // prettier-ignore
  refusesAll([
    ['its beginning alone', () => webp.slice(0, 12), 'picture-truncated', 'is cut short: it has only 12 bytes'],
    ['half of it', () => cut(webp, 0.5), 'picture-truncated', 'is cut short: its header says 86 bytes, and it has 43'],
    ['its pixels cut', () => changed(webp.slice(0, 60), 4, 52), 'picture-truncated', 'its chunk VP8L has'],
    ['pixels that end too early', () => changed(changed(webp.slice(0, 60), 4, 52), 16, 40), 'picture-damaged', 'its pixels cannot be decoded'],
    ['no chunk', () => joined(changed(webp.slice(0, 12), 4, 12), text('NONE\0\0\0\0')), 'picture-damaged', 'it holds no picture'],
    ['lossless without its sign', () => changed(webp, 20, 1), 'picture-damaged', 'does not begin as lossless WebP does'],
    ['lossy without its sign', () => changed(lossy, 23, 1), 'picture-damaged', 'does not begin as lossy WebP does'],
    ['16,384 x 16,384', () => changed(webp, 21, 255, 255, 255, 15), 'picture-large', '16384 x 16384 pixels, and the limit is'],
    ['a canvas of 2^24 x 2^24', () => changed(animated, 24, 255, 255, 255, 255, 255, 255), 'picture-large', '16777216 x 16777216 pixels'],
    ['another canvas', () => changed(animated, 24, 10), 'picture-damaged', 'its first frame, 40 x 24 pixels at 0, 0, is not within its 11 x 24'],
    ['a sound bomb of 64 megapixels', () => changed(webp, 21, 0xff, 0x1f + 0xc0, 0xff, 7), 'picture-large', 'which is no picture in only'],
  ]);
});
