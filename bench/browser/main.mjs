// The same engine in Chromium and in this Node, side by side: training of the seed network at batch 128, strict numerics,
// windows in turn (Node, Chromium, Node, ...). `npm run bench:browser`, or with the number of rounds:
// `npm run bench:browser -- 15`.
//
//   isolated      two threads, in a page with cross-origin isolation
//   not isolated  one thread, there being no shared memory: a worker that trains, or the page itself
import { CHROMIUM, buildSite, hasChromium, openSite, removeSite } from '../../scripts/chromium.mjs';
import { BATCH } from '../seedNetwork.mjs';
import { format, table } from '../text.mjs';
import { inTurn, median, spreadOfRates } from '../windows.mjs';
import { trainer } from './trainer.mjs';

const BAR = 0.85;
const SECONDS = 0.7;
const MOST = 64 * BATCH;
const rounds = Number(process.argv[2] ?? 9);
if (!hasChromium) {
  console.error(`There is no Chromium at ${CHROMIUM}; CHROMIUM_PATH takes a path.`);
  process.exit(2);
}

const site = await buildSite(new URL('page.mjs', import.meta.url));
const rows = [['', 'Node, images/s', 'Chromium, images/s', 'ratio', 'of rounds', 'longest pause of the page']];
let version;
for (const [name, isolated, threads, prepare] of [
  ['isolated, 2 threads', true, 2, 'prepareHere'],
  ['not isolated, a worker', false, 1, 'prepareWorker'],
  ['not isolated, the page', false, 1, 'prepareHere'],
]) {
  const here = await trainer(threads, MOST);
  const browser = await openSite(site, isolated);
  version = browser.version;
  const ask = (call) => browser.page.evaluate(call);
  await ask(`${prepare}(${threads}, ${MOST})`);
  // Both warm, and windows of about equal time.
  await here.rate(8 * BATCH);
  await ask(`rate(${8 * BATCH})`);
  const speed = await here.rate(4 * BATCH);
  const images = BATCH * Math.min(MOST / BATCH, Math.max(4, Math.round((SECONDS * speed) / BATCH)));
  const [node, chromium] = await inTurn([() => here.rate(images), () => ask(`rate(${images})`)], rounds);
  const pause = await ask(`longestPause(${images})`);
  await browser.close();
  await here.dispose();
  const ratio = median(chromium) / median(node);
  const ofRounds = median(chromium.map((rate, i) => rate / node[i]));
  const mark = ratio >= BAR ? '✔' : '✘';
  rows.push([
    name,
    words(node),
    words(chromium),
    `${format(ratio, 2)} ${mark}`,
    format(ofRounds, 2),
    `${format(pause)} ms`,
  ]);
}
await removeSite(site);
console.log(`Seed network, batch ${BATCH}, strict numerics: Node ${process.versions.node}, Chromium ${version}`);
console.log(`Median (slowest to fastest) of ${rounds} windows in turn; the ratio is to be ${BAR} at least.\n`);
for (const line of table(rows)) console.log(line);

function words(windows) {
  const { median: middle, slowest, fastest } = spreadOfRates(windows);
  return `${format(middle)} (${format(slowest)} to ${format(fastest)})`;
}
