import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, anySquare, drawLines, sheet, shownAnswer, type Square } from '../../scripts/hand.mjs';
import { syntheticStrokes } from '../../src/data/synthetic/index.js';
import { shippedGate, shippedModel } from '../../src/index.js';
import { Random, streams } from '../../src/numeric/philox.js';
import { DigitReader } from '../../src/reading/index.js';
import { rasterize } from '../../web/src/draw/raster.js';
import type { Scene } from '../../web/src/draw/scene.js';
import { cifra, workFolder } from '../cli/command.js';
import { png, write } from '../cli/pictureFiles.js';
import { choose, drop, paste } from './files.js';
import { chromium, PATIENT, type Served, servePage, Visit } from './site.js';

/** Nothing was trained with it. */
const SEED = 8_000_001;

const folder = workFolder();
let served: Served;
beforeAll(async () => void (served = await servePage()));
afterAll(() => served.close());

/** What the page's pen has, as a share of the sheet. */
const PEN = 0.05;
type Strokes = ReturnType<typeof syntheticStrokes>['strokes'];
const strokesOf = (digit: number): Strokes => syntheticStrokes({ seed: SEED, index: 0, digit }).strokes;
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** The answer that it comes to. */
const answered = (page: Page, digit: string) =>
  expect.poll(async () => (await shownAnswer(page)).digit, PATIENT).toBe(digit);

describe(`drawing ${chromium.name}`, chromium.options, () => {
  it('is read as its strokes are in Node, whatever the digit, its size and its place', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    const reader = new DigitReader({ model: await shippedModel(), gate: await shippedGate() });
    const told: string[] = [];
    let [right, alike] = [0, 0];
    const COUNT = 50;
    for (let index = 0; index < COUNT; index++) {
      const { digit, strokes } = syntheticStrokes({ seed: SEED, index });
      const random = new Random(SEED, streams.synthetic, index, 2);
      const square = anySquare((low, high) => random.uniform(low, high));
      await drawLines(page, strokes, { ...square, quick: true });
      const answer = await answerOf(page);
      const [expected] = await reader.readAll([rasterize(sceneOf(strokes, square))], { paper: 'white' });
      if (answer.digit === String(digit)) right++;
      if (answer.digit === String(expected!.label ?? '?')) alike++;
      else told.push(`${index}: a ${digit} as ${answer.digit}, in Node as ${expected!.label} (${answer.words})`);
      await button(page, 'Clear').click();
    }
    // A screen's pixels move some points a little: an answer at the edge may be another.
    expect(alike, told.join('\n')).toBeGreaterThanOrEqual(0.94 * COUNT);
    expect(right, told.join('\n')).toBeGreaterThanOrEqual(0.9 * COUNT);
  }, 180_000);

  it('can be undone, done again, erased and cleared, and survives a reload', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    expect(await shownAnswer(page)).toMatchObject({ status: 'blank', words: 'Draw a digit.' });
    expect(await button(page, 'Undo').isDisabled()).toBe(true);
    await drawLines(page, strokesOf(7), { quick: true });
    await answered(page, '7');
    await page.keyboard.press('Control+z');
    for (let left = strokesOf(7).length - 1; left > 0; left--) await button(page, 'Undo').click();
    await answered(page, '');
    while (await button(page, 'Redo').isEnabled()) await button(page, 'Redo').click();
    await answered(page, '7');

    await button(page, 'Eraser').click();
    const whole = Array.from({ length: 9 }, (_, i) => [
      { x: -0.1, y: i / 8 },
      { x: 1.1, y: i / 8 },
    ]);
    await page.getByLabel('Width').fill('20');
    await drawLines(page, whole, { quick: true });
    await answered(page, '');
    for (let i = 0; i < whole.length; i++) await page.keyboard.press('Control+z');
    await answered(page, '7');

    // What the next visit finds, once it is kept.
    const next = await visit.another(served.url);
    await expect
      .poll(async () => {
        await next.reload();
        await next.waitForFunction(() => document.querySelector('.answers-digit')?.textContent === '7', null, {
          timeout: 5000,
        });
        return true;
      }, PATIENT)
      .toBe(true);
    await next.close();
    await button(page, 'Clear').click();
    await answered(page, '');
    await page.keyboard.press('Control+z');
    await answered(page, '7');
  });

  it('can be done with the keyboard alone', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    await sheet(page).focus();
    const press = async (key: string, times: number): Promise<void> => {
      for (let i = 0; i < times; i++) await page.keyboard.press(key);
    };
    await press('ArrowUp', 9);
    await page.keyboard.press('Space');
    await press('ArrowDown', 18);
    await page.keyboard.press('Space');
    await answered(page, '1');
    await expect
      .poll(() => page.getByRole('status').allTextContents(), PATIENT)
      .toContainEqual(expect.stringMatching(/^Read as 1, [\d.]+% sure\.$/));
  });

  it('may be a picture: chosen, dropped, pasted, or of the test set', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    const seven = { name: 'seven.png', mimeType: 'image/png', bytes: await png('seven') };
    for (const bring of [
      () => choose(page, 'Choose picture', seven),
      () => drop(page, seven),
      () => paste(page, seven),
    ]) {
      await bring();
      await answered(page, '7');
      await page.keyboard.press('Control+z');
      await answered(page, '');
    }
    await button(page, 'Test digit').click();
    await expect.poll(async () => (await shownAnswer(page)).status, PATIENT).not.toBe('blank');
  });

  it('is corrected, and the corrections are a folder that cifra evaluate reads', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    for (const [digit, truth] of [
      [3, '5'],
      [1, '7'],
    ] as const) {
      await drawLines(page, strokesOf(digit), { quick: true });
      await answered(page, String(digit));
      await page.getByRole('button', { name: `It is a ${truth}` }).click();
      await button(page, 'Clear').click();
      await answered(page, '');
    }
    await page.reload();
    await page.getByText('2 corrections kept in this browser').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the folder' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    const zip = join(folder, 'corrections.zip');
    await download.saveAs(zip);
    const files = unzipSync(readFileSync(zip), { filter: ({ name }) => !name.endsWith('/') });
    write(join(folder, 'unpacked'), files);
    const [labels] = Object.keys(files).filter((name) => name.endsWith('labels.csv'));
    const place = join('unpacked', labels!.replace(/\/?labels\.csv$/, ''));
    const { status, events } = await cifra(folder, ['evaluate', '--images', place, '--json']);
    expect(status).toBe(0);
    expect(events().at(-1)).toMatchObject({ count: 2, errors: 2 });
  });
});

/** What the hand leaves on the sheet. */
function sceneOf(lines: Strokes, { left, top, side }: Square): Scene {
  const points = lines.map((line) => line.flatMap(({ x, y }) => [left + side * x, top + side * y]));
  return { strokes: points.map((of) => ({ tool: 'pen', width: PEN, points: of })) };
}
