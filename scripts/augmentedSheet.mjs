// A sheet of training digits as an augmentation changes them, as a PNG: each row an image, as it is and in several epochs.
//   npm run build && node scripts/augmentedSheet.mjs sheet.png '{"rotationRange":10,"elastic":{"alpha":34}}'
// Also says how wide the strokes of 2,000 digits are before and after, and what an image takes one thread.
import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { imageDataGenerator, ProgramBuilder, resolveDataset, wasmBackend } from 'cifra';
import { augmentedSamples } from '../dist/cli/tenSteps/augmentedSamples.js';
import { augment } from '../dist/nn/index.js';
import { augmentationOf, augmentationWriter } from '../dist/train/augmentation.js';

const SEED = 1;
const EPOCHS = 11;
const IMAGES = 10;
const SCALE = 3;
const MEASURED = 2000;
const REPEATS = 20;
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
const before = await changed({});
const after = await changed(JSON.parse(options));
await backend.dispose();
writeFileSync(file, greyPng(sheet, width, height));
console.log(`${file}: ${IMAGES} images of ${dataset.source}, as they are and in epochs 1 to ${EPOCHS}`);
console.log(`width of line: ${widths(before.pixels)}; augmented: ${widths(after.pixels)}`);
console.log(`the map alone ${before.time} microseconds an image; augmented ${after.time}`);

/** The first digits as training sees them, and the microseconds that the program takes for each. */
async function changed(given) {
  const generator = imageDataGenerator(given);
  const builder = new ProgramBuilder(MEASURED);
  const input = builder.input('images', [28, 28, 1], 'u8', true);
  builder.output('changed', augment(builder, input, 255, augmentationOf(generator)));
  const executable = await backend.compile(builder.build());
  const write = augmentationWriter(executable, generator);
  const count = Math.min(MEASURED, images.shape[0]);
  executable.input('images').set(images.data.subarray(0, count * 784));
  for (let image = 0; image < count; image++) write(image, { seed: SEED, epoch: 0, image, height: 28, width: 28 });
  const times = [];
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    await executable.run(count);
    times.push((1000 * (performance.now() - start)) / count);
  }
  const pixels = executable.readOutput('changed', count).slice();
  executable.dispose();
  return { pixels, time: Math.min(...times).toFixed(1) };
}

/** Area over half the outline, in pixels. */
function widths(pixels) {
  const found = [];
  for (let first = 0; first < pixels.length; first += 784) {
    let [area, outline] = [0, 0];
    for (let at = 0; at < 784; at++) {
      const ink = pixels[first + at];
      const left = at % 28 === 0 ? 0 : pixels[first + at - 1];
      const above = at < 28 ? 0 : pixels[first + at - 28];
      area += ink;
      outline += Math.hypot(ink - left, ink - above);
    }
    if (outline > 0) found.push((2 * area) / outline);
  }
  found.sort((a, b) => a - b);
  const quantile = (share) => found[Math.floor(share * (found.length - 1))].toFixed(2);
  return `10% ${quantile(0.1)}, median ${quantile(0.5)}, 90% ${quantile(0.9)} pixels`;
}

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
