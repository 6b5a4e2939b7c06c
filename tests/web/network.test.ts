import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, drawLines, sheet } from '../../scripts/hand.mjs';
import { syntheticStrokes } from '../../src/data/synthetic/index.js';
import { type FeatureMap, featureMaps, Model, referenceBackend, shippedModel } from '../../src/index.js';
import { alone, percent } from '../../web/src/network/numbers.js';
import { chromium, type Served, servePage, Visit } from './site.js';

const SEED = 8_000_002;
const SIDE = 28;

let served: Served;
beforeAll(async () => void (served = await servePage()));
afterAll(() => served.close());

async function drawDigit(page: Page, index: number): Promise<void> {
  await sheet(page).scrollIntoViewIfNeeded();
  await drawLines(page, syntheticStrokes({ seed: SEED, index }).strokes);
  await answerOf(page);
  // It opens where it is seen.
  await page.locator('.net').evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
}

const maps = (page: Page, layer: string) => page.getByRole('application', { name: new RegExp(`^${layer},`) });
const value = (page: Page) => page.locator('.net-value');

/** The network's input, as it is painted: the amount of ink is the colour's. */
async function paintedInk(page: Page): Promise<Uint8Array> {
  await maps(page, 'The drawing').scrollIntoViewIfNeeded();
  await expect.poll(() => maps(page, 'The drawing').locator('canvas').getAttribute('width')).not.toBe('300');
  const ink = await maps(page, 'The drawing')
    .locator('canvas')
    .evaluate((element, side) => {
      const canvas = element as HTMLCanvasElement;
      const scale = canvas.width / side;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: side * side }, (_, i) => {
        const [row, column] = [Math.floor(i / side), i % side];
        return data[4 * (Math.floor((row + 0.5) * scale) * canvas.width + Math.floor((column + 0.5) * scale))]!;
      });
    }, SIDE);
  return Uint8Array.from(ink);
}

/** What the reference backend makes of it. */
async function referenceMaps(ink: Uint8Array): Promise<FeatureMap[]> {
  await using shipped = await shippedModel({ threads: 1 });
  await using model = new Model(shipped.network, () => referenceBackend());
  model.setWeights(shipped.getWeights());
  return await featureMaps(model, { data: ink, shape: [1, SIDE, SIDE, 1], divisor: 255 });
}

/** Goes there as a link does. */
async function goTo(page: Page, place: string): Promise<void> {
  await page.evaluate((at) => {
    history.replaceState(null, '', `?at=${at}`);
    dispatchEvent(new PopStateEvent('popstate'));
  }, place);
}

describe(`the network, opened, ${chromium.name}`, chromium.options, () => {
  it('shows the numbers of the reference backend', { timeout: 120_000 }, async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    await drawDigit(page, 1);
    const layers = await referenceMaps(await paintedInk(page));
    for (const { layer, data, shape } of layers) {
      const [, ...sizes] = shape;
      const largest = data.indexOf(data.reduce((most, number) => Math.max(most, number)));
      for (const position of [largest, data.length >> 1]) {
        const at =
          sizes.length === 1
            ? [position]
            : [
                Math.floor(position / sizes[2]! / sizes[1]!),
                Math.floor(position / sizes[2]!) % sizes[1]!,
                position % sizes[2]!,
              ];
        await goTo(page, `${at.join('.')}-${layer.name}`);
        const written = layer.name === layers.at(-1)!.layer.name ? percent : alone;
        // Float32 may differ where the last digit is rounded, and in what is nearly nothing.
        const near = [-1, 0, 1].map((by) => written(data[position]! * (1 + by * 2e-5)));
        await expect.poll(() => value(page).textContent(), { message: `${layer.name} ${at.join()}` }).toBeOneOf(near);
      }
    }
  });

  it('is walked from the answer to the ink, and follows the drawing', { timeout: 120_000 }, async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    await drawDigit(page, 2);
    await page.locator('.net-shares button[data-top]').click();
    await expect.poll(() => page.getByRole('heading', { name: 'Softmax', exact: true }).count()).toBe(1);
    // Each number leads to the one that it was made of.
    const seen: string[] = [];
    for (let step = 0; step < 30; step++) {
      const at = new URL(page.url()).searchParams.get('at')!;
      seen.push(at.replace(/^[\d.]+-?/, ''));
      if (!at.includes('-')) break;
      await page.locator('.net-sum td .net-origin, .net-sum .net-grid td button').first().click();
      await expect.poll(() => page.url()).not.toContain(`at=${at}`);
      await expect.poll(() => value(page).textContent()).not.toBe('');
    }
    expect(seen).toHaveLength(18);
    expect(seen.slice(0, 3)).toEqual(['dense_1', 'dropout_2', 'batch_normalization_4']);
    expect(seen.slice(-3)).toEqual(['batch_normalization', 'conv2d', '']);
    await page.goBack();
    await expect.poll(() => page.locator('.net-result code').textContent()).toBe('conv2d');

    await page.getByRole('button', { name: /strongest pixel/ }).click();
    await expect.poll(() => value(page).textContent()).not.toBe('0');
    const before = await value(page).textContent();
    const place = page.url();
    await sheet(page).scrollIntoViewIfNeeded();
    await drawLines(page, [
      [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
    ]);
    await page.locator('.net').scrollIntoViewIfNeeded();
    await expect.poll(() => value(page).textContent()).not.toBe(before);
    expect(page.url()).toBe(place);
  });

  it('is used with the keyboard, and kept in the address', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    await drawDigit(page, 3);
    await maps(page, 'Layer conv2d_1').focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'PageDown', 'Enter']) await page.keyboard.press(key);
    expect(new URL(page.url()).searchParams.get('at')).toBe('2.1.1-conv2d_1');
    const status = page.locator('.net-sum').getByRole('status');
    await expect.poll(() => status.textContent()).toMatch(/^conv2d_1, map 1, row 2, column 1: [−\d.]+$/);
    await page.getByRole('button', { name: 'next row' }).click();
    await expect.poll(() => status.textContent()).toMatch(/^conv2d_1, map 1, row 3, column 1: /);
    await page.reload();
    await drawDigit(page, 3);
    await expect.poll(() => page.locator('.net-result code').textContent()).toBe('conv2d_1');
    await page.getByRole('button', { name: 'Close' }).click();
    expect(new URL(page.url()).searchParams.has('at')).toBe(false);
  });

  it('has room on a phone', async () => {
    await using visit = await Visit.open(served.url, {
      viewport: { width: 360, height: 740 },
      search: '?at=3.3.3-conv2d',
    });
    const { page } = visit;
    await drawDigit(page, 4);
    await page.locator('.net').scrollIntoViewIfNeeded();
    await expect.poll(() => value(page).count()).toBe(1);
    const tooWide = await page
      .locator('.net')
      .evaluate((element) =>
        [...element.querySelectorAll('*:not(.net-grid-area *)')]
          .filter((part) => part.getBoundingClientRect().right > innerWidth)
          .map((part) => part.outerHTML.slice(0, 80)),
      );
    expect(tooWide).toEqual([]);
    await goTo(page, '7.7.7-no_such_layer');
    await expect.poll(() => value(page).count()).toBe(0);
  });
});
