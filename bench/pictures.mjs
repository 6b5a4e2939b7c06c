// How long pictures take: `npm run bench:pictures`. To decode, a photo of 12 megapixels made here, in each format, and one
// of 28 x 28 pixels; to normalize, photos of digits on paper, and images of 28 x 28. Other decoders are measured beside it where they are installed, by
// `npm install --no-save @jsquash/jpeg @jsquash/png @jsquash/webp jpeg-js fast-png @napi-rs/image`.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { normalizeDigit, syntheticDigits, syntheticStrokes } from 'cifra';
import { decodePicture } from 'cifra/pictures';
import sharp from 'sharp';
import { Random } from '../dist/numeric/philox.js';
import { pens } from '../scripts/digit/conditions.mjs';
import { toPicture } from '../scripts/digit/scene.mjs';
import { median } from './windows.mjs';

const [WIDTH, HEIGHT] = [4032, 3024];
const ROUNDS = Number(process.argv[2] ?? 7);
const require = createRequire(import.meta.url);
/** None of ours, so none that package.json names. */
const installed = (name) => import(name);

/** Large and small blots of colour, and grain. */
async function photo() {
  const blots = (width, height) =>
    sharp({
      create: { width, height, channels: 3, background: 'gray', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
    })
      .png()
      .toBuffer()
      .then((small) =>
        sharp(small).resize(WIDTH, HEIGHT, { kernel: 'cubic', fit: 'fill' }).png({ compressionLevel: 1 }).toBuffer(),
      );
  const [large, small] = await Promise.all([blots(80, 60), blots(800, 600)]);
  return sharp(large)
    .composite([{ input: small, blend: 'soft-light' }])
    .png({ compressionLevel: 1 })
    .toBuffer();
}

const pixels = sharp(await photo());
const small = pixels.clone().resize(28, 28);
const files = {
  '12 MP JPEG': await pixels.clone().jpeg({ quality: 90 }).toBuffer(),
  '12 MP JPEG, progressive': await pixels.clone().jpeg({ quality: 90, progressive: true }).toBuffer(),
  '12 MP JPEG, turned by Exif': await pixels.clone().withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer(),
  '12 MP JPEG, CMYK': await pixels.clone().toColourspace('cmyk').jpeg({ quality: 90 }).toBuffer(),
  '12 MP PNG': await pixels.clone().png().toBuffer(),
  '12 MP WebP': await pixels.clone().webp({ quality: 85 }).toBuffer(),
  '28 x 28 PNG': await small.clone().png().toBuffer(),
  '28 x 28 JPEG': await small.clone().jpeg().toBuffer(),
  '28 x 28 WebP': await small.clone().webp().toBuffer(),
};
const formatOf = (name) => /PNG|JPEG|WebP/.exec(name)[0].toLowerCase();

/** Each makes a function of a file and its format, or none of a format. */
const decoders = {
  cifra: async () => (bytes) => decodePicture(bytes, 'picture'),
  jsquash: async () => {
    globalThis.ImageData ??= function (data, width, height) {
      Object.assign(this, { data, width, height });
    };
    const parts = {
      jpeg: ['@jsquash/jpeg', 'codec/dec/mozjpeg_dec.wasm'],
      png: ['@jsquash/png', 'codec/pkg/squoosh_png_bg.wasm'],
      webp: ['@jsquash/webp', 'codec/dec/webp_dec.wasm'],
    };
    const decode = {};
    for (const [format, [name, wasm]] of Object.entries(parts)) {
      const part = await installed(`${name}/decode.js`);
      await part.init(new globalThis.WebAssembly.Module(readFileSync(require.resolve(`${name}/${wasm}`))));
      decode[format] = part.default;
    }
    return (bytes, format) => decode[format](bytes);
  },
  'jpeg-js and fast-png': async () => {
    const [{ default: jpeg }, png] = [await installed('jpeg-js'), await installed('fast-png')];
    const decode = { jpeg: (bytes) => jpeg.decode(bytes, { maxMemoryUsageInMB: 2048 }), png: png.decode };
    return (bytes, format) => decode[format](bytes);
  },
  '@napi-rs/image': async () => {
    const { Transformer } = await installed('@napi-rs/image');
    return (bytes) => new Transformer(bytes).rawPixels();
  },
};

for (const [name, load] of Object.entries(decoders)) {
  const decode = await load().catch(() => undefined);
  if (decode === undefined) continue;
  console.log(name);
  for (const [title, bytes] of Object.entries(files)) {
    const times = [];
    let problem;
    for (let round = 0; round <= ROUNDS && problem === undefined; round++) {
      const started = performance.now();
      try {
        await decode(bytes, formatOf(title));
      } catch (error) {
        problem = String(error.message).split('\n')[0];
      }
      if (round > 0) times.push(performance.now() - started);
    }
    const figure = problem === undefined ? `${median(times).toFixed(1)} ms` : `not read (${problem})`;
    console.log(`  ${title.padEnd(28)} ${(bytes.length / 1e6).toFixed(2).padStart(6)} MB  ${figure}`);
  }
}

// From a file to a normalized digit.
const { strokes } = syntheticStrokes({ seed: 5, index: 3 });
async function digitPhoto(condition) {
  const { width, height, data } = toPicture(pens[condition](strokes, new Random(6, 1100, 3)));
  return sharp(data, { raw: { width, height, channels: 4 } })
    .resize(WIDTH, HEIGHT, { kernel: 'cubic', fit: 'fill' })
    .removeAlpha()
    .jpeg({ quality: 90 })
    .toBuffer();
}
const { images } = syntheticDigits({ count: 100, seed: 5 });
const grey = (i) =>
  sharp(images.data.subarray(i * 784, (i + 1) * 784), { raw: { width: 28, height: 28, channels: 1 } });
const digits = {
  '12 MP JPEG, ballpoint': [await digitPhoto('ballpoint')],
  '12 MP JPEG, ruled, shaded': [await digitPhoto('ruled, in shadow')],
  '28 x 28 PNG': await Promise.all(Array.from({ length: 100 }, (_, i) => grey(i).png().toBuffer())),
};
console.log('decoded and normalized');
for (const [title, files] of Object.entries(digits)) {
  const times = { decode: [], normalize: [] };
  let first;
  for (let round = 0; round <= Math.max(ROUNDS, 2 * files.length); round++) {
    const started = performance.now();
    const picture = await decodePicture(files[round % files.length], 'picture');
    const decoded = performance.now();
    normalizeDigit(picture);
    const done = performance.now();
    if (round === 0) first = done - decoded;
    // The first hundred images warm up the compiler.
    if (round < files.length) continue;
    times.decode.push(decoded - started);
    times.normalize.push(done - decoded);
  }
  const [decode, normalize] = [median(times.decode), median(times.normalize)].map((time) => time.toFixed(1));
  console.log(
    `  ${title.padEnd(28)} decode ${decode} ms, normalize ${normalize} ms (the first ${first.toFixed(0)} ms)`,
  );
}

// What the first picture of a process costs: the decoder is loaded for it.
const first = `
  import { decodePicture } from 'cifra/pictures';
  const bytes = new Uint8Array(Buffer.from('${files['28 x 28 PNG'].toString('base64')}', 'base64'));
  const begin = performance.now();
  await decodePicture(bytes, 'picture');
  console.log(performance.now() - begin);
`;
const starts = Array.from({ length: ROUNDS }, () =>
  Number(execFileSync(process.execPath, ['--input-type=module', '--eval', first], { encoding: 'utf8' })),
);
console.log(`the first picture of a process, 28 x 28: ${median(starts).toFixed(0)} ms`);
