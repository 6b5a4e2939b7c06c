// Draws docs/images/page.png, the page's two views as Chromium shows them in light and in dark, and page-inside.png, the
// network opened.
//   npm run build && node scripts/pagePicture.mjs
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { siteListener } from '../dist/cli/web/answer.js';
import { close, listen } from '../dist/cli/web/listen.js';
import { readSite } from '../dist/cli/web/site.js';
import { launchChromium } from './chromium.mjs';
import { drawLines } from './hand.mjs';

const SIZE = { width: 1200, height: 1400 };
/** A three, in shares of the pad's side. */
const three = smooth([
  [0.3, 0.27],
  [0.42, 0.19],
  [0.58, 0.19],
  [0.67, 0.29],
  [0.62, 0.41],
  [0.46, 0.48],
  [0.63, 0.52],
  [0.71, 0.64],
  [0.63, 0.77],
  [0.46, 0.82],
  [0.3, 0.75],
]);

/** Points on the curve through others (Catmull and Rom 1974). */
function smooth(points) {
  const between = (a, b, c, d, t) =>
    b + (t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))) / 2;
  return points.slice(1).flatMap((end, i) => {
    const four = [points[i - 1] ?? points[i], points[i], end, points[i + 2] ?? end];
    return [0, 0.25, 0.5, 0.75, 1].map((t) => ({
      x: between(...four.map(([x]) => x), t),
      y: between(...four.map(([, y]) => y), t),
    }));
  });
}

execFileSync(process.execPath, [fileURLToPath(new URL('build.mjs', import.meta.url)), '--page'], { stdio: 'inherit' });
const server = await listen(siteListener(await readSite(), true), { host: '127.0.0.1', port: 0, firstPort: 0 });
const url = `http://127.0.0.1:${server.address().port}/`;
const browser = await launchChromium();

async function open(colorScheme, search) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme });
  await page.goto(url + search);
  return page;
}

const draw = await open('light', '');
await drawLines(draw, [three], { left: 0, top: 0, side: 1 });
await draw.mouse.move(0, 0);
await draw.waitForTimeout(1000);
const desk = await draw.screenshot();
await draw.locator('.net').scrollIntoViewIfNeeded();
await draw.getByRole('button', { name: 'Show the strongest' }).first().click();
await draw.locator('.net').evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
await draw.waitForTimeout(1000);
const inside = await draw.screenshot();

const train = await open('dark', '?view=train');
await train.getByRole('button', { name: 'Begin', exact: true }).click();
await train.getByText('Done', { exact: true }).waitFor({ timeout: 120_000 });
await train.waitForTimeout(1000);

const learning = await train.screenshot();
await browser.close();
await close(server);

await save('page', [desk, learning]);
await save('page-inside', [inside]);

function save(name, shown) {
  return sharp({ create: { ...SIZE, width: shown.length * SIZE.width, channels: 3, background: '#fff' } })
    .composite(shown.map((input, i) => ({ input, left: i * SIZE.width, top: 0 })))
    .png({ palette: true, colours: 160 })
    .toFile(fileURLToPath(new URL(`../docs/images/${name}.png`, import.meta.url)));
}
