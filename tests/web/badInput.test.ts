import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawLines, shownAnswer } from '../../scripts/hand.mjs';
import { syntheticStrokes } from '../../src/data/synthetic/index.js';
import { joined } from '../faults/mutations/bytes.js';
import { chunk, end, pngHeader, SIGNATURE } from '../pictures/png.js';
import { choose, drop } from './files.js';
import { chromium, PATIENT, type Served, servePage, Visit } from './site.js';

/** What goes wrong is said, and what was drawn and trained is still there. */

let served: Served;
beforeAll(async () => void (served = await servePage()));
afterAll(() => served.close());

const three = syntheticStrokes({ seed: 8_000_001, index: 0, digit: 3 }).strokes;
const shipped = readFileSync(join(import.meta.dirname, '../../models/digits.safetensors'));
const TRAIN = '?view=train&recipe=fast&images=1000&epochs=3';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const answered = (page: Page, digit: string) =>
  expect.poll(async () => (await shownAnswer(page)).digit, PATIENT).toBe(digit);
/** What the page says that needs attention. */
const alerts = (page: Page) => page.getByRole('alert').allTextContents();
const told = (page: Page, what: RegExp) =>
  expect.poll(() => alerts(page), PATIENT).toContainEqual(expect.stringMatching(what));

async function drawn(page: Page): Promise<void> {
  await drawLines(page, three, { quick: true });
  await answered(page, '3');
}

/** 100 megapixels of white in a few kilobytes. */
function hundredMegapixels(): Uint8Array {
  const side = 10_000;
  const rows = Buffer.alloc(side * (1 + side / 8), 255);
  for (let y = 0; y < side; y++) rows[y * (1 + side / 8)] = 0;
  return joined(SIGNATURE, pngHeader(side, side, 1, 0), chunk('IDAT', deflateSync(rows)), end);
}

describe(`what goes wrong ${chromium.name}`, chromium.options, () => {
  it('a file that is no picture, or too large a picture', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    await drawn(page);
    await choose(page, 'Choose picture', {
      name: 'letter.png',
      mimeType: 'image/png',
      bytes: Buffer.from('Dear all,'),
    });
    await told(page, /^letter\.png .*not a picture/i);
    await answered(page, '3');
    const huge = { name: 'huge.png', mimeType: 'image/png', bytes: hundredMegapixels() };
    await drop(page, huge);
    await told(page, /^huge\.png .*pixels/);
    await answered(page, '3');
    await button(page, 'Close this message').click();
    expect(await alerts(page)).toEqual([]);
  });

  it('a model that is damaged, of a newer version, or none', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    await drawn(page);
    const newer = Buffer.from(shipped.toString('latin1').replace(/("formatVersion":\s*")\d/, '$19'), 'latin1');
    for (const [name, bytes, message] of [
      ['damaged.safetensors', shipped.subarray(0, 100_000), /cut short/],
      ['newer.safetensors', newer, /format version "9"/],
      ['letter.safetensors', Buffer.from('Dear all,'), /no sound \.safetensors file/],
    ] as const) {
      await choose(page, /^Read with a model of yours/, { name, mimeType: 'application/octet-stream', bytes });
      await told(page, message);
      await answered(page, '3');
    }
    await choose(page, /^Read with a model of yours/, { name: 'good', mimeType: '', bytes: shipped });
    await expect.poll(() => alerts(page), PATIENT).toEqual([]);
    await answered(page, '3');
  });

  it('a browser that keeps nothing', async () => {
    await using visit = await Visit.open(served.url, {
      before: (page) => page.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined })),
    });
    const { page } = visit;
    await drawn(page);
    await page.getByText('This browser does not let the page keep anything').waitFor();
    await answered(page, '3');
  });

  it('storage that is full', async () => {
    await using visit = await Visit.open(served.url, {
      async before(page) {
        const session = await page.context().newCDPSession(page);
        await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(served.url).origin, quotaSize: 1 });
      },
    });
    const { page } = visit;
    await drawn(page);
    await page.getByText('This browser has no room left for the page').waitFor();
    await answered(page, '3');
  });

  it('a worker that dies', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    await drawn(page);
    // One that dies right after it was started is not started again by itself.
    await page.waitForFunction(() => performance.now() > 3000);
    await endWorkers(page);
    await drawLines(
      page,
      [
        [
          { x: 0, y: 1.1 },
          { x: 0.02, y: 1.1 },
        ],
      ],
      { quick: true },
    );
    await page.getByRole('button', { name: 'Undo' }).click();
    await answered(page, '3');
    await expect.poll(() => alerts(page), PATIENT).toEqual([]);
  });

  it('a worker that dies while it trains', async () => {
    await using visit = await Visit.open(served.url, { search: TRAIN });
    const { page } = visit;
    await button(page, 'Begin').click();
    await expect.poll(() => page.getByRole('progressbar').getAttribute('aria-valuetext'), PATIENT).toMatch(/^Epoch/);
    await endWorkers(page);
    await told(page, /has stopped/);
    await page.getByRole('button', { name: /^(Go on from there|Begin it again)$/ }).click();
    await page.getByRole('heading', { name: /^It reads/ }).waitFor({ timeout: 60_000 });
  }, 120_000);

  it('memory that is refused', async () => {
    await using visit = await Visit.open(served.url, {
      before: (page) =>
        page.context().route('**/assets/engine.worker*.js', async (route) => {
          const answer = await route.fetch();
          const refuse = 'WebAssembly.Memory = class { constructor() { throw new RangeError("no memory"); } };';
          await route.fulfill({ response: answer, body: refuse + (await answer.text()) });
        }),
    });
    const { page } = visit;
    await drawLines(page, three, { quick: true });
    await told(page, /memory/i);
  });

  it('a tab in the background goes on training', async () => {
    await using visit = await Visit.open(served.url, { search: TRAIN });
    const { page } = visit;
    await button(page, 'Begin').click();
    await expect.poll(() => page.getByRole('progressbar').getAttribute('aria-valuetext'), PATIENT).toMatch(/^Epoch/);
    const other = await visit.context.newPage();
    await other.bringToFront();
    await page.getByRole('heading', { name: /^It reads/ }).waitFor({ timeout: 60_000 });
  }, 120_000);
});

/** As the browser does where it needs their memory: without a word to them. */
async function endWorkers(page: Page): Promise<void> {
  await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.close()).catch(() => undefined)));
}
