import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cifra, workFolder } from '../cli/command.js';
import { write } from '../cli/pictureFiles.js';
import { choose } from './files.js';
import { chromium, PATIENT, type Served, servePage, Visit } from './site.js';

const folder = workFolder();
let served: Served;
beforeAll(async () => void (served = await servePage()));
afterAll(() => served.close());

const SETTINGS = '?view=train&recipe=fast&images=2000&epochs=6&seed=5';
const COMMAND = 'train --recipe fast --dataset synthetic --limit 2000 --epochs 6 --seed 5 --no-report --json';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** Where the run stands, as the page tells it. */
const place = (page: Page): Promise<string | null> =>
  page.getByRole('progressbar', { name: 'Training' }).getAttribute('aria-valuetext');

describe(`a run that moves ${chromium.name}`, chromium.options, () => {
  it('begins in the page, goes on in Node, ends in the page, with the weights of one that stayed', async () => {
    await using visit = await Visit.open(served.url, { search: SETTINGS });
    const { page } = visit;
    await button(page, 'Begin, step by step').click();
    await button(page, 'One epoch').click();
    await expect.poll(() => place(page), PATIENT).toMatch(/^Epoch 1 of 6, step (\d+) of \1$/);
    await page.getByText('Paused', { exact: true }).waitFor();

    await page.getByText('Take it elsewhere').click();
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'The run (.zip)').click()]);
    await download.saveAs(join(folder, 'run.zip'));
    const files = unzipSync(readFileSync(join(folder, 'run.zip')), { filter: ({ name }) => !name.endsWith('/') });
    write(folder, files);
    const run = Object.keys(files)[0]!.split('/')[0]!;

    // Some epochs there, and Ctrl-C.
    const interrupted = await cifra(folder, ['train', '--resume', run, '--json', '--no-report'], (child) =>
      child.stdout!.on('data', (text: string) => text.includes('"event":"epoch"') && child.kill('SIGINT')),
    );
    expect(interrupted.status, interrupted.stderr).toBe(130);
    expect(interrupted.events()).toContainEqual(expect.objectContaining({ event: 'epoch', epoch: 2 }));

    const back = zipSync(filesIn(run));
    await using other = await Visit.open(served.url, { search: '?view=train' });
    await choose(other.page, 'Choose files', { name: 'run.zip', mimeType: 'application/zip', bytes: back });
    await expect.poll(() => place(other.page), PATIENT).toMatch(/^Epoch [2-6] of 6/);
    await button(other.page, 'Play').click();
    await other.page
      .getByRole('heading', { name: /^It reads [\d.]+% of the test images right$/ })
      .waitFor({ timeout: 60_000 });

    const { status, events, stderr } = await cifra(folder, [...COMMAND.split(' '), '--out', 'stayed']);
    expect(status, stderr).toBe(0);
    const { weightsSha256 } = events().findLast((event) => 'weightsSha256' in event)!;
    expect(await other.page.locator('.train-hash code[title]').getAttribute('title')).toBe(weightsSha256);
  }, 180_000);
});

/** The files of a run's folder, by their names in it. */
function filesIn(run: string): Record<string, Uint8Array> {
  const names = readdirSync(join(folder, run), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    names.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path)];
    }),
  );
}
