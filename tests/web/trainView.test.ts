import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from '../../src/runs/runRecord.js';
import { chromium, type Served, servePage, Visit } from './site.js';

const root = join(import.meta.dirname, '../..');
/** A training of a few seconds. */
const search = '?view=train&images=1000&epochs=3';

let served: Served;
beforeAll(async () => void (served = await servePage()));
afterAll(() => served.close());

/** As long as a busy machine may take. */
const soon = { timeout: 30_000 };
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const standing = (page: Page) => page.locator('.train-progress b');
const where = (page: Page) => page.locator('.train-progress span').first();

describe(`the Train view ${chromium.name}`, chromium.options, () => {
  it('stands still, goes a step and an epoch, by keys too, and is all there after drawing', async () => {
    await using visit = await Visit.open(served.url, { search });
    const { page } = visit;
    await button(page, 'Begin, step by step').click();
    await expect.poll(() => standing(page).innerText(), soon).toBe('Ready');
    expect(await violations(page)).toEqual([]);
    await button(page, 'One step').click();
    await expect.poll(() => where(page).innerText(), soon).toBe('Epoch 1 of 3, step 1 of 8');
    await button(page, 'One epoch').click();
    await expect.poll(() => where(page).innerText(), soon).toBe('Epoch 1 of 3, step 8 of 8');
    await expect.poll(() => standing(page).innerText(), soon).toBe('Paused');

    const chart = page.getByRole('slider', { name: 'Loss, step by step' });
    await chart.focus();
    await page.keyboard.press('Home');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^step 1: about \d/);
    await expect.poll(() => page.locator('.train-kernels canvas').count(), soon).toBe(24);
    await expect.poll(() => page.locator('.train-mistakes canvas').count(), soon).toBe(12);

    await page.getByRole('link', { name: 'Draw' }).click();
    await page.getByRole('heading', { level: 1, name: 'Draw' }).waitFor();
    await page.getByRole('link', { name: 'Train' }).click();
    expect(await where(page).innerText()).toBe('Epoch 1 of 3, step 8 of 8');
    await page.keyboard.press('k');
    await expect.poll(() => standing(page).innerText(), soon).toBe('Done');
  });

  it('goes on after a reload to the same weights, and deletes a run only when asked twice', async () => {
    await using visit = await Visit.open(served.url, { search });
    const { page } = visit;
    await button(page, 'Begin, step by step').click();
    await button(page, 'One epoch').click();
    await expect.poll(() => where(page).innerText(), soon).toBe('Epoch 1 of 3, step 8 of 8');
    await expect.poll(() => standing(page).innerText(), soon).toBe('Paused');

    await page.reload();
    const offer = page.locator('.train-go-on');
    await offer.getByText('1 of 3 epochs done, saved at step 8').waitFor();
    await offer.getByRole('button', { name: 'Go on' }).click();
    const result = page.locator('.train-result');
    await result.waitFor({ timeout: 60_000 });
    const command = 'cifra train --recipe fast --dataset synthetic --limit 1000 --epochs 3 --seed 1';
    expect(await result.locator('code[title]').getAttribute('title')).toBe(await hashOf(command));
    expect(await violations(page)).toEqual([]);

    await button(page, 'Close').click();
    const runs = page.locator('.train-kept > ul > li');
    await runs.getByRole('button', { name: 'Delete' }).click();
    await button(page, 'Keep it').click();
    expect(await runs.count()).toBe(1);
    await runs.getByRole('button', { name: 'Delete' }).click();
    await runs.getByRole('button', { name: 'for good' }).click();
    await expect.poll(() => runs.count(), soon).toBe(0);
  });

  it('says at the field what is wrong, and begins nothing', async () => {
    await using visit = await Visit.open(served.url, { search });
    const { page } = visit;
    const rate = page.getByRole('textbox', { name: 'Learning rate' });
    await rate.fill('fast');
    await button(page, 'Begin').click();
    expect(await rate.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByText('This must be a number above 0, up to 10, such as 0.001.').waitFor();
    await rate.fill('0.002');
    await expect.poll(() => new URL(page.url()).searchParams.get('rate'), soon).toBe('0.002');
    expect(await page.getByText('This must be').count()).toBe(0);
  });
});

/** Of the weights that a command of Node trains. */
async function hashOf(command: string): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'cifra-train-view-'));
  try {
    const out = join(folder, 'run');
    const options = [...command.split(' ').slice(1), '--no-report', '--out', out];
    execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...options], { stdio: 'pipe' });
    return readRecord(await readFile(join(out, 'run.json')), 'run.json').result?.weightsSha256;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds that is serious. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axe, 'utf8'));
  const found: unknown = await page.evaluate(
    "axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0].html}`))",
  );
  return found as string[];
}
