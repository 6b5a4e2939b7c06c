// Pictures as browsers decode them: EXIF's rotation applied, alpha kept.
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../chromium.mjs';

const TYPES = { '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.webp': 'image/webp' };

/** Yields { width, height, data } for each file, in order. */
export async function* decode(files) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    for (const file of files) {
      const url = `data:${TYPES[extname(file).toLowerCase()]};base64,${readFileSync(file).toString('base64')}`;
      const [width, height, text] = await page.evaluate(async (source) => {
        const blob = await (await fetch(source)).blob();
        const bitmap = await createImageBitmap(blob, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        let bytes = '';
        for (let i = 0; i < data.length; i += 32768) bytes += String.fromCharCode(...data.subarray(i, i + 32768));
        return [canvas.width, canvas.height, btoa(bytes)];
      }, url);
      yield { width, height, data: new Uint8Array(Buffer.from(text, 'base64')) };
    }
  } finally {
    await browser.close();
  }
}
