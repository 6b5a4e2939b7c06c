// The page as someone meets it, in Chromium: `npm run bench:web`, about ten minutes; `-- --quick` takes one or two;
// `-- --only sizes,opening,drawing` measures these alone. What is measured:
//
//   sizes    what a visitor's browser fetches of scripts, WebAssembly and styles, as gzip and as Brotli have it
//   opening  from the moment a browser that has nothing kept goes to the page, to the answer to a digit that a hand begins
//            to draw as soon as there is something to draw on
//   drawing  500 digits by the strokes of the synthetic generator, drawn with the mouse in any size and place: how many
//            are read right, and for each movement of the hand the time from its event to its answer in the page
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { siteListener } from '../dist/cli/web/answer.js';
import { close, listen, urlOf } from '../dist/cli/web/listen.js';
import { readSite } from '../dist/cli/web/site.js';
import { syntheticStrokes } from '../dist/data/synthetic/index.js';
import { Random, streams } from '../dist/numeric/philox.js';
import { CHROMIUM, hasChromium, launchChromium } from '../scripts/chromium.mjs';
import { answerOf, anySquare, drawLines, sheet, watchHand } from '../scripts/hand.mjs';
import { format, percent, table } from './text.mjs';

/** Of the generator: no training and no test has it. */
const SEED = 8_000_002;
const BUDGET = 250_000;
const FIRST_ANSWER = 1000;
const STROKE = 16;
const RIGHT = 0.95;
const VIEWPORT = { width: 1280, height: 900 };

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: 'sizes,opening,drawing' },
    json: { type: 'string', default: '.cache/bench/web.json' },
  },
});
if (!hasChromium) {
  console.error(`There is no Chromium at ${CHROMIUM}; CHROMIUM_PATH takes a path.`);
  process.exit(2);
}

const server = await listen(siteListener(await readSite(), true), { host: '127.0.0.1', firstPort: 7840 });
const url = urlOf(server);
const results = {};
const sections = { sizes, opening, drawing };
for (const name of options.only.split(',')) {
  if (!Object.hasOwn(sections, name)) throw new Error(`There is no section "${name}".`);
  results[name] = await sections[name]();
}
await close(server);
const machine = { cpu: cpus()[0]?.model.trim(), cores: availableParallelism(), node: process.version };
await mkdir(dirname(options.json), { recursive: true });
await writeFile(options.json, `${JSON.stringify({ machine, quick: options.quick, ...results }, null, 1)}\n`);
console.log(`\nEverything: ${options.json}`);

// ------------------------------------------------------------------------------------------------------------- sizes

async function sizes() {
  const folder = join(import.meta.dirname, '../web/dist');
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|css|wasm|html)$/.test(name));
  const files = [];
  for (const name of names.sort()) {
    const bytes = await readFile(join(folder, name));
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    files.push({ name, bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli });
  }
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  const total = { name: 'all', bytes: sum('bytes'), gzip: sum('gzip'), brotli: sum('brotli') };
  say('Scripts, WebAssembly (in the scripts) and styles, bytes', [
    ['', 'as they are', 'gzip', 'Brotli'],
    ...[...files, total].map(({ name, bytes, gzip, brotli }) => [name, ...[bytes, gzip, brotli].map((n) => format(n))]),
  ]);
  verdict(`${format(total.gzip)} bytes with gzip`, total.gzip <= BUDGET, `at most ${format(BUDGET)}`);
  return { files, total };
}

// ----------------------------------------------------------------------------------------------------------- opening

async function opening() {
  const rounds = options.quick ? 3 : 10;
  const browser = await launchChromium();
  const times = [];
  for (let round = -1; round < rounds; round++) {
    const time = await openOnce(browser, Math.max(0, round));
    // The browser itself is no longer starting after the first.
    if (round >= 0) times.push(time);
  }
  await browser.close();
  const names = {
    script: 'the first script is here',
    sheet: 'the sheet is here',
    stroke: 'the stroke begins',
    answer: 'an answer is shown',
    digit: 'the whole digit is drawn and answered',
  };
  say(`From going to the page with nothing kept, ms (${rounds} visitors)`, [
    ['', 'median', 'fastest', 'slowest'],
    ...Object.entries(names).map(([name, words]) => [
      words,
      ...spread(times.map((time) => time[name])).map((value) => format(value)),
    ]),
  ]);
  const [median, , slowest] = spread(times.map(({ answer }) => answer));
  verdict(
    `first answer after ${format(median)} ms, at worst ${format(slowest)}`,
    slowest <= FIRST_ANSWER,
    `${FIRST_ANSWER} ms at most`,
  );
  return { times };
}

/** A visitor with an empty cache, who draws as soon as there is a sheet. Milliseconds since they went to the page. */
async function openOnce(browser, index) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  await watchHand(page);
  await page.addInitScript(() => {
    const { document, MutationObserver } = globalThis;
    // The first answer that is not that of an empty sheet.
    new MutationObserver((_, observer) => {
      const shown = document.querySelector('.answers');
      if (!shown || shown.dataset.status === 'blank') return;
      globalThis.firstAnswer = performance.now();
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true, attributes: true });
    addEventListener('pointerdown', ({ timeStamp }) => (globalThis.strokeBegun ??= timeStamp), { capture: true });
  });
  const { strokes } = syntheticStrokes({ seed: SEED, index });
  await page.goto(url, { waitUntil: 'commit' });
  await sheet(page).waitFor();
  const there = await page.evaluate(() => performance.now());
  await drawLines(page, strokes, { quick: true });
  await answerOf(page);
  const times = await page.evaluate(() => {
    const scripts = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'));
    const { startTime, duration } = performance.getEntriesByName('stroke-answered').at(-1);
    const { strokeBegun: stroke, firstAnswer: answer } = globalThis;
    return { script: scripts[0].responseEnd, stroke, answer, digit: startTime + duration };
  });
  await context.close();
  return { ...times, sheet: there };
}

// ----------------------------------------------------------------------------------------------------------- drawing

async function drawing() {
  const count = options.quick ? 50 : 500;
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: VIEWPORT });
  await watchHand(page);
  await page.addInitScript(() => {
    // When the events of the hand came, to hold the answers' times against.
    globalThis.handEvents = [];
    const note = ({ buttons, timeStamp }) => {
      if (buttons !== 0) globalThis.handEvents.push(timeStamp);
    };
    for (const type of ['pointerdown', 'pointermove']) addEventListener(type, note, { capture: true });
  });
  await page.goto(url);
  await page.waitForLoadState('load');
  const clear = page.getByRole('button', { name: 'Clear' });
  const perDigit = Array.from({ length: 10 }, () => ({ drawn: 0, right: 0 }));
  const wrong = [];
  const latencies = [];
  let events = 0;
  for (let index = 0; index < count; index++) {
    const { digit, strokes } = syntheticStrokes({ seed: SEED, index });
    const random = new Random(SEED, streams.synthetic, index, 2);
    await drawLines(
      page,
      strokes,
      anySquare((low, high) => random.uniform(low, high)),
    );
    const answer = await answerOf(page);
    perDigit[digit].drawn++;
    if (answer.digit === String(digit)) perDigit[digit].right++;
    else wrong.push({ index, drawn: digit, ...answer });
    const measured = await page.evaluate(() => {
      const moved = globalThis.handEvents.splice(0);
      const all = performance
        .getEntriesByName('stroke-answered')
        .map(({ startTime, duration }) => ({ startTime, duration }));
      performance.clearMeasures('stroke-answered');
      // An answer is to the newest event before the moment that the page says it is to.
      return { moved, all };
    });
    events += measured.moved.length;
    for (const { startTime, duration } of measured.all) {
      const event = measured.moved.findLast((time) => time <= startTime + 0.01);
      if (event !== undefined) latencies.push(startTime + duration - event);
    }
    await clear.click();
    await page.waitForFunction(() => globalThis.document.querySelector('.answers')?.dataset.status === 'blank');
    await page.evaluate(() => {
      globalThis.handEvents.length = 0;
      performance.clearMeasures('stroke-answered');
    });
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${index + 1} of ${count} digits`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  await browser.close();

  const right = perDigit.reduce((sum, digit) => sum + digit.right, 0);
  say('Digits drawn with the mouse', [
    ['digit', 'drawn', 'read right', ''],
    ...perDigit.map((digit, i) => [
      String(i),
      format(digit.drawn),
      format(digit.right),
      percent(digit.right / digit.drawn, 1),
    ]),
    ['all', format(count), format(right), percent(right / count, 1)],
  ]);
  verdict(`${percent(right / count, 1)} read right`, right / count >= RIGHT, `${percent(RIGHT)} at least`);
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))];
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(at);
  say(
    `From a movement's event to its answer in the page, ms: ${format(latencies.length)} answers to ${format(events)} events`,
    [
      ['', 'p50', 'p95', 'p99', 'slowest'],
      ['', ...[p50, p95, p99, latencies.at(-1)].map((value) => format(value, 1))],
    ],
  );
  verdict(`p95 ${format(p95, 1)} ms`, p95 <= STROKE, `${STROKE} ms at most`);
  return { count, right, perDigit, wrong, events, answers: latencies.length, p50, p95, p99, slowest: latencies.at(-1) };
}

// -------------------------------------------------------------------------------------------------------------- words

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return [median, sorted[0], sorted.at(-1)];
}

function say(title, rows) {
  console.log(`\n${title}`);
  for (const line of table(rows)) console.log(`  ${line}`);
}

function verdict(what, holds, bar) {
  console.log(`  ${holds ? '✔' : '✘'} ${what} (${bar})`);
}
