import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawLines, shownAnswer } from '../../scripts/hand.mjs';
import { syntheticStrokes } from '../../src/data/synthetic/index.js';
import { cifra, workFolder } from '../cli/command.js';
import { chromium, PATIENT, type Served, servePage, Visit } from './site.js';

const folder = workFolder();
let served: Served;
beforeAll(async () => void (served = await servePage()));
afterAll(() => served.close());

/** Small enough for a test: a few dozen steps. */
const SETTINGS = '?view=train&recipe=fast&images=1000&epochs=2&seed=5';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const progress = (page: Page) => page.getByRole('progressbar', { name: 'Training' });
/** How many steps were made, as the page tells it. */
const place = (page: Page): Promise<string | null> => progress(page).getAttribute('aria-valuetext');
const done = (page: Page): Promise<void> =>
  page.getByRole('heading', { name: /^It reads [\d.]+% of the test images right$/ }).waitFor({ timeout: 120_000 });
const weightsSha256 = (page: Page): Promise<string | null> =>
  page.locator('.train-hash code[title]').getAttribute('title');

let trainedInNode: Promise<string> | undefined;
/** What the command that the page shows comes to. */
const inNode = (page: Page): Promise<string> =>
  (trainedInNode ??= (async () => {
    const command = await page.locator('.train-hash code', { hasText: 'cifra train' }).textContent();
    const [, ...words] = command!.split(' ');
    const { status, events, stderr } = await cifra(folder, [...words, '--json', '--no-report']);
    expect(status, stderr).toBe(0);
    return events().findLast((event) => 'weightsSha256' in event)!['weightsSha256'] as string;
  })());

describe(`training ${chromium.name}`, chromium.options, () => {
  it.each([true, false])(
    'comes to the weights of Node, isolated: %s',
    async (isolated) => {
      const host = await servePage({ isolated });
      {
        await using visit = await Visit.open(host.url, { search: SETTINGS });
        const { page } = visit;
        await button(page, 'Begin').click();
        await done(page);
        expect(await weightsSha256(page)).toBe(await inNode(page));
        const hint = page.getByText('One thread computes here.');
        expect(await hint.isVisible()).toBe(!isolated);
      }
      await host.close();
    },
    180_000,
  );

  it('goes step by step, plays, pauses, and comes to the same weights all the same', async () => {
    await using visit = await Visit.open(served.url, { search: SETTINGS });
    const { page } = visit;
    await button(page, 'Begin, step by step').click();
    await page.getByText('Ready', { exact: true }).waitFor();
    await button(page, 'One step').click();
    await expect.poll(() => place(page), PATIENT).toMatch(/^Epoch 1 of 2, step 1 of /);
    await button(page, 'One step').click();
    await expect.poll(() => place(page), PATIENT).toMatch(/^Epoch 1 of 2, step 2 of /);
    // By its key, and back.
    await page.keyboard.press('k');
    await button(page, 'Pause').waitFor();
    await page.keyboard.press('k');
    await button(page, 'Play').waitFor();
    const where = await place(page);
    await drawLines(page, syntheticStrokes({ seed: 8_000_001, index: 1 }).strokes, { quick: true });
    await expect.poll(async () => (await shownAnswer(page)).status, PATIENT).not.toBe('blank');
    expect(await place(page)).toBe(where);
    if (where?.startsWith('Epoch 1')) {
      await button(page, 'One epoch').click();
      await expect.poll(() => place(page), PATIENT).toMatch(/^Epoch 1 of 2, step (\d+) of \1$/);
      await page.getByText('Paused', { exact: true }).waitFor();
    }
    await button(page, 'Play').click();
    await done(page);
    expect(await weightsSha256(page)).toBe(await inNode(page));
  }, 180_000);
});
