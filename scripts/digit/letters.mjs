// Letters of the machine's fonts as pictures, drawn by Chromium: { letter, font, width, height, data } each.
import { Buffer } from 'node:buffer';
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../chromium.mjs';

/** Letters that no digit looks like. Left out: O I l S Z B b g q o s z. */
export const LETTERS = 'ACDEFGHJKLMNPQRTUVWXYacdefhijkmnprtuvwxy';
export const FONTS = [
  'DejaVu Sans',
  'DejaVu Serif',
  'DejaVu Sans Mono',
  'Liberation Sans',
  'Liberation Serif',
  'Liberation Mono',
];
export const STYLES = ['normal', 'bold', 'italic'];
const SIDE = 96;

/** Every letter in every font and style, in a picture of 96 x 96 pixels, black on white, 56 pixels a line. */
export async function drawLetters(letters = LETTERS, fonts = FONTS, styles = STYLES) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage();
  const cells = [...letters].flatMap((letter) =>
    fonts.flatMap((font) => styles.map((style) => ({ letter, font, style }))),
  );
  const bytes = await page.evaluate(
    ([cells, side]) => {
      const canvas = new globalThis.OffscreenCanvas(side, side);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      let text = '';
      for (const { letter, font, style } of cells) {
        context.fillStyle = 'white';
        context.fillRect(0, 0, side, side);
        context.fillStyle = 'black';
        context.font = `${style} 56px "${font}"`;
        context.textAlign = 'center';
        context.fillText(letter, side / 2, side * 0.68);
        const { data } = context.getImageData(0, 0, side, side);
        for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i]);
      }
      return globalThis.btoa(text);
    },
    [cells, SIDE],
  );
  await browser.close();
  const grey = Buffer.from(bytes, 'base64');
  return cells.map((cell, k) => {
    const data = new Uint8ClampedArray(SIDE * SIDE * 4).fill(255);
    for (let i = 0; i < SIDE * SIDE; i++) data.fill(grey[k * SIDE * SIDE + i], 4 * i, 4 * i + 3);
    return { ...cell, width: SIDE, height: SIDE, data };
  });
}
