/* global OffscreenCanvas */
// The letters of the command line's pictures, from DejaVu Sans, drawn by Chromium:
//   node scripts/glyphs.mjs   writes src/cli/sheets/glyphs.ts
// ASCII and Latin-1 and a few more, 32 pixels a line, four bits a pixel, deflated.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { CHROMIUM } from './chromium.mjs';

const SIZE = 32;
const HEIGHT = 40;
const BASELINE = 30;
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i));
const letters = [
  ...range(0x20, 0x7e),
  ...range(0xa1, 0xff),
  '‘',
  '’',
  '“',
  '”',
  '…',
  '–',
  '—',
  '×',
  '→',
  '\ufffd',
].filter((letter, i, all) => letter !== '\u00ad' && all.indexOf(letter) === i);

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
const glyphs = await page.evaluate(
  ([letters, size, height, baseline]) => {
    const canvas = new OffscreenCanvas(2 * size, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.font = `${size}px "DejaVu Sans"`;
    return letters.map((letter) => {
      const advance = context.measureText(letter).width;
      context.fillStyle = 'white';
      context.fillRect(0, 0, canvas.width, height);
      context.fillStyle = 'black';
      context.fillText(letter, 0, baseline);
      const width = Math.ceil(advance) + 2;
      const { data } = context.getImageData(0, 0, width, height);
      return { advance, width, values: Array.from({ length: width * height }, (_, i) => (255 - data[4 * i]) >> 4) };
    });
  },
  [letters, SIZE, HEIGHT, BASELINE],
);
await browser.close();

const nibbles = glyphs.flatMap(({ values }) => values);
const bytes = new Uint8Array(Math.ceil(nibbles.length / 2));
nibbles.forEach((value, i) => (bytes[i >> 1] |= i % 2 === 0 ? value << 4 : value));
const quoted = (text) => JSON.stringify(text);
const lines = [
  '/** Made by scripts/glyphs.mjs from DejaVu Sans, whose licence allows it: see there. */',
  'export const glyphs = {',
  '  /** Pixels from line to line, and from the top of a glyph to its baseline. */',
  `  size: ${SIZE},`,
  `  height: ${HEIGHT},`,
  `  baseline: ${BASELINE},`,
  `  letters: ${quoted(letters.join(''))},`,
  '  /** How far the pen moves for each letter, in 64ths of a pixel. */',
  `  advances: [${glyphs.map(({ advance }) => Math.round(64 * advance)).join(', ')}],`,
  '  /** Each ceil(advance) + 2 pixels wide, four bits of ink a pixel, one after the other; deflated, base64. */',
  `  ink: ${quoted(deflateRawSync(bytes, { level: 9 }).toString('base64'))},`,
  '} as const;',
];
writeFileSync(join(import.meta.dirname, '../src/cli/sheets/glyphs.ts'), `${lines.join('\n')}\n`);
