// Draws docs/images/report.png: parts of a run's report, as Chromium shows them in light and in dark.
//   npm run build && node scripts/reportPicture.mjs RUN_DIR     (a run of recipe seed: node dist/cli/main.js train)
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { CHROMIUM } from './chromium.mjs';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node scripts/reportPicture.mjs RUN_DIR');
const url = pathToFileURL(join(resolve(folder), 'report.html')).href;
const SIZE = { width: 1060, height: 1320 };

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
const shown = [];
for (const [colorScheme, section] of [
  ['light', '#curves'],
  ['dark', '#kernels'],
]) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme });
  await page.goto(url);
  await page.locator(section).evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
  shown.push(await page.screenshot());
}
await browser.close();

const out = fileURLToPath(new URL('../docs/images/report.png', import.meta.url));
await sharp({ create: { ...SIZE, width: 2 * SIZE.width, channels: 3, background: '#fff' } })
  .composite(shown.map((input, i) => ({ input, left: i * SIZE.width, top: 0 })))
  .png({ palette: true, colours: 128 })
  .toFile(out);
