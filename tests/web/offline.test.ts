import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { answerOf, drawLines } from '../../scripts/hand.mjs';
import { syntheticStrokes } from '../../src/data/synthetic/index.js';
import { builtPage, chromium, PATIENT, servePage, Visit } from './site.js';

const folder = mkdtempSync(join(tmpdir(), 'cifra-offline-'));
afterAll(() => rmSync(folder, { recursive: true }));

const five = syntheticStrokes({ seed: 8_000_001, index: 0, digit: 5 }).strokes;

/** The name of the changed build's cache. */
const NEXT = 'cifra-page-0123456789abcdef';

/** Until the browser has kept the page. */
const kept = (page: Page): Promise<unknown> => page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
const keptBuilds = (page: Page): Promise<string[]> => page.evaluate(() => caches.keys());
/** Whether a new build is kept and waits for the old page to be closed. */
const waiting = (page: Page): Promise<boolean> =>
  page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting));

describe(`without a network ${chromium.name}`, chromium.options, () => {
  it.each([{ path: '/' }, { path: '/some/path/' }])(
    'the page at $path is there again, isolated as before, and reads',
    async ({ path }) => {
      const served = await servePage({ path });
      await using visit = await Visit.open(served.url);
      await kept(visit.page);
      await served.close();
      for (const search of ['', '?view=train', '?theme=dark']) {
        const page = await visit.another(served.url + search);
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
        if (search === '?view=train') await page.getByRole('heading', { level: 1 }).waitFor();
        else {
          await drawLines(page, five, { quick: true });
          expect(await answerOf(page)).toMatchObject({ digit: '5' });
        }
        await page.close();
      }
    },
  );

  it('a new build is seen at once, what an open page still needs stays until it is closed, and then goes', async () => {
    const port = 0;
    const old = join(folder, 'old');
    const next = join(folder, 'next');
    for (const place of [old, next]) cpSync(builtPage(), place, { recursive: true });
    changeBuild(next);

    const first = await servePage({ folder: old, port });
    await using visit = await Visit.open(first.url);
    await kept(visit.page);
    expect(await keptBuilds(visit.page)).toHaveLength(1);
    await first.close();

    const second = await servePage({ folder: next, port: Number(new URL(first.url).port) });
    const page = await visit.another(second.url);
    expect(await page.title()).toBe('The next build');
    // The new build waits, with its files beside the old ones.
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update();
    });
    await expect.poll(() => waiting(page), PATIENT).toBe(true);
    expect(await keptBuilds(page)).toHaveLength(2);
    await second.close();
    // What the old page loads only now.
    await visit.page.getByRole('link', { name: 'Train' }).click();
    await visit.page.getByRole('heading', { level: 1, name: 'Train' }).waitFor();

    const third = await servePage({ folder: next, port: Number(new URL(first.url).port) });
    await page.close();
    await visit.page.goto('about:blank');
    const last = await visit.another(third.url);
    await expect.poll(() => keptBuilds(last), PATIENT).toEqual([NEXT]);
    await third.close();
  });
});

/** A build with another page, as the build itself would make it. */
function changeBuild(place: string): void {
  const page = join(place, 'index.html');
  writeFileSync(page, readFileSync(page, 'utf8').replace(/<title>.*<\/title>/, '<title>The next build</title>'));
  const worker = join(place, 'serviceWorker.js');
  writeFileSync(worker, readFileSync(worker, 'utf8').replaceAll(/cifra-page-\w+/g, NEXT));
}
