import axe from 'axe-core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, hasChromium } from '../../scripts/chromium.mjs';
import { type ReportData, reportPage } from '../../src/report/index.js';
import { trainedReport } from './fixture.js';

let data: ReportData;
beforeAll(async () => {
  data = await trainedReport({ train: 1000, test: 500, epochs: [1, 2] });
}, 180_000);

const MOST_BYTES = 3_000_000;
const EVIL = `"><script>document.title = 'owned'</script><img src=x onerror=alert(1)>'&`;

describe('the page of a report', () => {
  it('is one small file that asks for nothing', () => {
    const page = reportPage(data);
    expect(page.length).toBeLessThan(MOST_BYTES);
    // The only addresses are names of SVG and pictures within.
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page.match(/<script>/g)).toHaveLength(1);
  });

  it('is the same text for the same data', () => {
    expect(reportPage(data)).toBe(reportPage(JSON.parse(JSON.stringify(data)) as ReportData));
  });

  it('gives the figures of the data', () => {
    const page = reportPage(data);
    const { accuracy, errors, confusion, classes } = data.test!;
    expect(page).toContain(`<strong>${(100 * accuracy).toFixed(2)}%</strong>`);
    expect(page).toContain(`<strong>${errors}</strong>`);
    confusion.forEach((row, label) =>
      row.forEach((count, predicted) => {
        const cell = new RegExp(`data-label="${label}"\\s+data-predicted="${predicted}"\\s+data-count="${count}"`);
        expect(page).toMatch(cell);
      }),
    );
    for (const { recall } of classes) expect(page).toContain(`${(100 * recall).toFixed(2)}%`);
  });

  it('says of each part that is missing that it is, and shows the rest', () => {
    const { name, record, dataset } = data;
    const page = reportPage({ name, record, dataset, missing: ['The model is damaged.'], epochs: [], phases: [] });
    expect(page).toContain('The model is damaged.');
    expect(page.match(/class="absent"/g)).toHaveLength(11);
    expect(page).toContain('<strong>');
    const optional = ['network', 'test', 'progress', 'featureMaps', 'augmentation', 'robustness'] as const;
    for (const part of optional) {
      const { [part]: _, ...rest } = data;
      expect(reportPage(rest), part).toContain('class="absent"');
    }
    const { result: _, finishedAt: __, ...unfinished } = record;
    expect(reportPage({ name, record: unfinished, dataset, missing: [], epochs: [], phases: [] })).toContain(
      'Not finished',
    );
  });

  it('shows names and commands as they are, whatever is in them', () => {
    const names = data.dataset.classNames.map((name) => name + EVIL);
    const page = reportPage({
      ...data,
      name: EVIL,
      record: { ...data.record, command: ['cifra', EVIL], note: EVIL },
      dataset: { title: EVIL, classNames: names },
      missing: [EVIL],
      test: { ...data.test!, classes: data.test!.classes.map((one, i) => ({ ...one, name: names[i]! })) },
    });
    expect(page).not.toContain('<script>document');
    expect(page).not.toContain('<img src=x');
    const evilSprite = { ...data.test!.sprite, png: `https://example.org/x.png);}</style>` };
    expect(reportPage({ ...data, test: { ...data.test!, sprite: evilSprite } })).not.toContain('example.org');
  });
});

describe.skipIf(!hasChromium)(`the page in Chromium (${CHROMIUM})`, () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    folder = await mkdtemp(join(tmpdir(), 'cifra-report-'));
    await writeFile(join(folder, 'report.html'), reportPage(data));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** The report, and what it asked for and complained about. */
  async function open(options: Parameters<Browser['newPage']>[0] = {}, file = 'report.html') {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const wrong: string[] = [];
    const address = pathToFileURL(join(folder, file)).href;
    page.on('request', (request) => {
      const url = request.url();
      if (url !== address && !url.startsWith('data:')) wrong.push(`asked for ${url}`);
    });
    page.on('console', (message) => void wrong.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => void wrong.push(error.message));
    await page.goto(address);
    return { page, wrong };
  }

  /** What axe finds that is serious or worse. */
  async function violations(page: Page): Promise<string[]> {
    // As a debugger does, past the policy of the page.
    await page.evaluate(`${axe.source};0`);
    const found = await page.evaluate<axe.AxeResults>('axe.run()');
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join('\n')}`);
  }

  const looks = {
    light: { colorScheme: 'light' },
    dark: { colorScheme: 'dark' },
    'light on a phone': { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true },
    'dark on a phone': { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
    'on a narrow phone': { viewport: { width: 320, height: 600 } },
    'on a 4K screen': { viewport: { width: 3840, height: 2160 } },
    'with reduced motion': { reducedMotion: 'reduce' },
    'with forced colours': { forcedColors: 'active' },
  } as const;
  for (const [name, options] of Object.entries(looks)) {
    it(`opens ${name}: no request, no complaint, no scrolling sideways, nothing for axe`, async () => {
      const { page, wrong } = await open(options);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      for (const details of await page.locator('details > summary').all()) await details.click();
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(await violations(page)).toEqual([]);
      expect(wrong).toEqual([]);
      await page.close();
    });
  }

  it('prints with everything open, without what only works on a screen, and light', async () => {
    const { page, wrong } = await open({ colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await page.locator('details:not([open])').count()).toBe(0);
    for (const hidden of ['.contents', '#play', '#epoch', '#theme', '.choice']) {
      expect(await page.locator(hidden).isVisible(), hidden).toBe(false);
    }
    expect(await page.locator('.map:visible').count()).toBe(data.featureMaps!.length);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
    expect(await page.locator('details[open]').count()).toBe(0);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('shows the images of a cell of the confusion matrix, by mouse and by keyboard', async () => {
    const { page } = await open();
    const { confusion, images } = data.test!;
    const [label, predicted] = confusion
      .flatMap((row, i) => row.map((n, j) => [i, j, n]))
      .find(([i, j, n]) => i !== j && n! > 0)!;
    const own = images.filter((image) => image.label === label && image.predicted === predicted);
    const cell = page.locator(`td[data-label="${label}"][data-predicted="${predicted}"] button`);
    await cell.click();
    const panel = page.locator('#cell-images');
    expect(await panel.locator('h3').textContent()).toBe(`${label} read as ${predicted}`);
    const cards = await panel.locator('.card').allTextContents();
    expect(cards.length).toBe(own.length);
    const worst = [...own].sort((a, b) => b.loss - a.loss)[0]!;
    for (const part of [
      `#${worst.index}`,
      `loss ${worst.loss.toFixed(2)}`,
      `${(100 * worst.top[2]!.probability).toFixed(1)}%`,
    ]) {
      expect(cards[0]).toContain(part);
    }
    expect(await cell.getAttribute('aria-pressed')).toBe('true');

    // By keyboard: one stop, arrows to the next cell that has images, Enter.
    expect(await page.locator('#matrix button[tabindex="0"]').count()).toBe(1);
    const next = confusion[label!]!.findIndex((n, j) => j > predicted! && n > 0);
    const key = next >= 0 ? 'ArrowRight' : 'ArrowLeft';
    await cell.focus();
    await page.keyboard.press(key);
    const focused = await page.evaluate<string>('document.activeElement.getAttribute("aria-label")');
    expect(focused).toMatch(new RegExp(`^${label} read (as|right)`));
    await page.keyboard.press('Enter');
    expect(await page.locator('#cell-told').textContent()).toContain(focused);
    expect(focused).toContain((await panel.locator('h3').textContent())!);
    await page.close();
  });

  it('shows counts or percent of each row', async () => {
    const { page } = await open();
    const cell = page.locator('td[data-label="0"][data-predicted="0"]');
    const row = data.test!.confusion[0]!;
    expect(await cell.locator('.count').isVisible()).toBe(true);
    await page.locator('[name="confusion-as"][value="counts"]').focus();
    await page.keyboard.press('ArrowRight');
    expect(await cell.locator('.count').isVisible()).toBe(false);
    const all = row.reduce((sum, n) => sum + n, 0);
    expect(Number(await cell.locator('.share').textContent())).toBeCloseTo((100 * row[0]!) / all, 1);
    await page.close();
  });

  it('goes through the epochs by keyboard, and plays', async () => {
    const { page } = await open();
    const kernels = async () => (await page.locator('#kernel-pictures').innerHTML()).trim();
    const last = await kernels();
    await page.locator('#epoch').focus();
    await page.keyboard.press('Home');
    expect(await page.locator('#moment').textContent()).toContain('Before training');
    expect(await page.locator('#epoch').getAttribute('aria-valuetext')).toBe('Before training');
    expect(await kernels()).not.toBe(last);
    const { probabilities } = data.progress!.snapshots[0]!;
    const shown = await page.locator('#predictions .card .quiet').allTextContents();
    expect(shown).toEqual(probabilities.map((row) => `${(100 * Math.max(...row)).toFixed(1)}% sure`));
    await page.locator('#play').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#play').textContent()).toContain('Pause');
    await expect.poll(() => page.locator('#play').textContent(), { timeout: 20_000 }).toContain('Play');
    expect(await kernels()).toBe(last);
    await page.close();
  });

  it('moves an epoch at a time where motion is unwelcome', async () => {
    const { page } = await open({ reducedMotion: 'reduce' });
    const epochs = data.progress!.snapshots.length;
    for (let i = 0; i <= epochs; i++) {
      await page.locator('#play').press('Enter');
      expect(Number(await page.locator('#epoch').inputValue())).toBe(i % epochs);
    }
    await page.close();
  });

  it('shows the feature maps of the image that is chosen', async () => {
    const { page } = await open();
    await page.locator('#map-0').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.map-0').isVisible()).toBe(false);
    expect(await page.locator('.map-1').isVisible()).toBe(true);
    await page.close();
  });

  it('changes between light and dark', async () => {
    const { page } = await open({ colorScheme: 'light' });
    const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await paper();
    await page.locator('#theme').press('Enter');
    expect(await paper()).not.toBe(light);
    expect(await violations(page)).toEqual([]);
    await page.locator('#theme').press('Enter');
    expect(await paper()).toBe(light);
    await page.close();
  });

  it('stands without its script', async () => {
    const { page, wrong } = await open({ javaScriptEnabled: false });
    for (const there of ['#matrix', '#mistakes .card', '#kernel-pictures svg', '.chart svg', '.map-0']) {
      expect(await page.locator(there).filter({ visible: true }).count(), there).toBeGreaterThan(0);
    }
    for (const useless of await page.locator('.needs-script').all()) expect(await useless.isVisible()).toBe(false);
    await page.locator('label[for="map-1"]').click();
    expect(await page.locator('.map-1').isVisible()).toBe(true);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('runs nothing that came with the data', async () => {
    const record = { ...data.record, command: ['cifra', EVIL], recipe: { name: EVIL } };
    const evil = {
      ...data,
      name: EVIL,
      record,
      dataset: { title: EVIL, classNames: data.dataset.classNames.map(() => EVIL) },
    };
    await writeFile(join(folder, 'evil.html'), reportPage(evil));
    const { page, wrong } = await open({}, 'evil.html');
    await page.locator('#matrix button[tabindex="0"]').click();
    await page.locator('#play').click();
    expect(await page.title()).toBe(`${EVIL} · Cifra`);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(wrong).toEqual([]);
    await page.close();
  });
});

it.runIf(!hasChromium)(`is not opened: there is no Chromium at ${CHROMIUM} (CHROMIUM_PATH says where)`, () => {
  expect(hasChromium).toBe(false);
});
