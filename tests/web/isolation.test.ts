import { describe, expect, it } from 'vitest';
import { answerOf, drawLines } from '../../scripts/hand.mjs';
import { syntheticStrokes } from '../../src/data/synthetic/index.js';
import { chromium, servePage, Visit } from './site.js';

const three = syntheticStrokes({ seed: 8_000_001, index: 0, digit: 3 }).strokes;

describe(`hosts ${chromium.name}`, chromium.options, () => {
  it.each([
    { isolated: true, path: '/' },
    { isolated: false, path: '/' },
    { isolated: true, path: '/some/path/' },
    { isolated: false, path: '/some/path/' },
  ])('the page reads, isolated: $isolated, at $path', async ({ isolated, path }) => {
    const served = await servePage({ isolated, path });
    {
      await using visit = await Visit.open(served.url);
      const { page } = visit;
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
      await drawLines(page, three, { quick: true });
      expect(await answerOf(page)).toMatchObject({ status: 'ok', digit: '3' });
    }
    await served.close();
  });
});
