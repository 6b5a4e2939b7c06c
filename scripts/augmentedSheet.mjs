// A sheet of training digits as an augmentation changes them, as a PNG: each row an image, as it is and in several epochs.
//   npm run build && node scripts/augmentedSheet.mjs sheet.png '{"rotationRange":10,"elastic":{"alpha":34}}'
import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { resolveDataset, wasmBackend } from 'cifra';
import { augmentedSamples } from '../dist/cli/tenSteps/augmentedSamples.js';

const SEED = 1;
const EPOCHS = 11;
const IMAGES = 10;
const SCALE = 3;
const CELL = 30;

const [file, options] = process.argv.slice(2);
if (!file || !options) throw new Error(`Usage: node scripts/augmentedSheet.mjs sheet.png '{"rotationRange":10}'`);
const { dataset } = await resolveDataset('auto');
const { images } = dataset.train;

const [width, height] = [(EPOCHS + 1) * CELL * SCALE, IMAGES * CELL * SCALE];
const sheet = new Uint8Array(width * height).fill(64);
const backend = wasmBackend({ threads: 1 });
for (let image = 0; image < IMAGES; image++) {
  const place = { seed: SEED, image, epochs: Array.from({ length: EPOCHS }, (_, i) => i + 1) };
  const samples = await augmentedSamples(backend, dataset.train, JSON.parse(options), place);
  draw(image, 0, images.data.subarray(image * 784));
  for (let epoch = 0; epoch < EPOCHS; epoch++) draw(image, epoch + 1, samples.data.subarray(epoch * 784));
}
await backend.dispose();
writeFileSync(file, greyPng(sheet, width, height));
console.log(`${file}: ${IMAGES} images of ${dataset.source}, as they are and in epochs 1 to ${EPOCHS}`);

function draw(row, column, pixels) {
  for (let y = 0; y < 28 * SCALE; y++) {
    for (let x = 0; x < 28 * SCALE; x++) {
      const value = pixels[Math.floor(y / SCALE) * 28 + Math.floor(x / SCALE)];
      sheet[(row * CELL * SCALE + SCALE + y) * width + column * CELL * SCALE + SCALE + x] = Math.round(value);
    }
  }
}

/** Eight bits a pixel, without filters. */
function greyPng(pixels, width, height) {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  const lines = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', new Uint8Array(header.buffer)), chunk('IDAT', deflateSync(lines)), chunk('IEND', [])];
  return Buffer.concat([signature, ...parts]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data)]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
