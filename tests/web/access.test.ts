import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawLines, shownAnswer } from '../../scripts/hand.mjs';
import { syntheticStrokes } from '../../src/data/synthetic/index.js';
import { chromium, PATIENT, type Served, servePage, Visit } from './site.js';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let served: Served;
beforeAll(async () => void (served = await servePage()));
afterAll(() => served.close());

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds that is serious or worse. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => null))));
  // As the page's policy allows: a script of its own origin.
  await page.route('**/axe.min.js', (route) => route.fulfill({ path: axe, contentType: 'text/javascript' }));
  await page.addScriptTag({ url: './axe.min.js' });
  const found = await page.evaluate(async () => {
    const { axe: tester } = window as typeof window & { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await tester.run()).violations;
  });
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
    );
}

/** Everything is laid out within the screen's width. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [360, 1280].map((width) => ({ colorScheme, width })),
);

describe(`for everyone ${chromium.name}`, chromium.options, () => {
  it.each(looks)(
    'every view in $colorScheme, $width px wide',
    async ({ colorScheme, width }) => {
      await using visit = await Visit.open(served.url, { colorScheme, viewport: { width, height: 900 } });
      const { page } = visit;
      expect(await violations(page)).toEqual([]);
      await drawLines(page, syntheticStrokes({ seed: 8_000_001, index: 0, digit: 3 }).strokes, { quick: true });
      await expect.poll(async () => (await shownAnswer(page)).digit, PATIENT).toBe('3');
      expect(await overflow(page)).toBe(0);
      expect(await violations(page)).toEqual([]);

      await page.goto(`${served.url}?view=train&images=500&epochs=1`);
      await page.getByRole('button', { name: 'Begin', exact: true }).waitFor();
      expect(await overflow(page)).toBe(0);
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Begin, step by step', exact: true }).click();
      await page.getByText('Ready', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'One step', exact: true }).click();
      await expect
        .poll(() => page.getByRole('progressbar').getAttribute('aria-valuetext'), PATIENT)
        .toMatch(/step 1 of/);
      expect(await overflow(page)).toBe(0);
      expect(await violations(page)).toEqual([]);
    },
    120_000,
  );

  it('is used with the keyboard alone: what is focused is seen, and everything is reached', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    const reached: string[] = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return undefined;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const { width, height } = element.getBoundingClientRect();
        const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
        return { name, seen: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 && width * height > 1 };
      });
      if (!focused) break;
      expect(focused).toEqual({ name: focused.name, seen: true });
      reached.push(focused.name);
    }
    for (const name of ['To the content', 'Draw', 'Train', 'Sheet to draw on', 'Pen', 'Eraser', 'Test digit']) {
      expect(reached).toContain(name);
    }
  });

  it('says a result once the hand rests, and moves nothing where that is not wanted', async () => {
    await using visit = await Visit.open(served.url, { reducedMotion: 'reduce' });
    const { page } = visit;
    await drawLines(page, syntheticStrokes({ seed: 8_000_001, index: 0, digit: 3 }).strokes, { quick: true });
    await expect
      .poll(() => page.getByRole('status').allTextContents(), PATIENT)
      .toContainEqual(expect.stringMatching(/^Read as 3, [\d.]+% sure\.$/));
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element);
          return animationName !== 'none' || transitionDuration.split(',').some((text) => parseFloat(text) > 0.01);
        }).length,
    );
    expect(moving).toBe(0);
  });
});
