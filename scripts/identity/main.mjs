// Trains the networks of src/train/identity.ts in this Node, in another, and in headless Chromium, with 1 to 4 threads,
// and killed and resumed, and holds the last weights against the hashes that are checked in: `npm run test:identity`.
// `-- --renew` checks the hashes in anew, after a kernel has changed bits on purpose; `-- --only small,seed` trains these.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CifraError, identityTrainings, loadDataset } from 'cifra';
import { inChromium, killed, otherNode, thisNode } from './places.mjs';

const HASHES = new URL('../../src/train/identityHashes.ts', import.meta.url);
const { renew, only } = parseArgs({
  options: { renew: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
}).values;
const chosen = only === '' ? Object.keys(identityTrainings) : only.split(',');
const unknown = chosen.find((name) => !Object.hasOwn(identityTrainings, name));
if (unknown !== undefined)
  fail(`There is no training "${unknown}", only ${Object.keys(identityTrainings).join(', ')}.`);

const noMnist = await whyNoMnist();
if (renew && noMnist) fail(`The hashes are renewed together, and MNIST is not here: ${noMnist}`);
if (renew && only !== '') fail('The hashes are renewed together: leave out --only.');
const trainings = chosen.filter((name) => name !== 'mnist' || !noMnist);

const places = [...thisNode(), ...killed(), ...(await otherNode()), ...(await inChromium(!noMnist))];
const rows = [];
for (const training of trainings) {
  const expected = renew ? undefined : identityTrainings[training].expected;
  for (const place of places) {
    if (place.skipped !== undefined) continue;
    progress(`${training} in ${place.name}, threads ${place.threads}`);
    const result = await place.train(training).catch((error) => ({ problem: String(error.message) }));
    rows.push({ training, place: place.name, threads: place.threads, ...result, wanted: expected });
  }
}
for (const { close } of places) await close?.();
progress();

// To be renewed, all must agree with each other.
for (const row of rows) row.wanted ??= rows.find(({ training }) => training === row.training).hash;
for (const row of rows) row.same = row.hash !== undefined && row.hash === row.wanted;
printTable();
const differing = rows.filter(({ same }) => !same);
for (const like of new Set(differing.map(keyOf))) {
  const alike = differing.filter((row) => keyOf(row) === like);
  const [{ training, hash, wanted, problem }] = alike;
  console.log(`\n✘ ${training} in ${alike.map(({ place, threads }) => `${place} (${threads})`).join(', ')}`);
  console.log(problem === undefined ? `  expected ${wanted}\n  found    ${hash}` : `  ${problem}`);
}
if (differing.length > 0) console.log(`\n${advice()}`);
else if (renew) await writeHashes();
else console.log(`\nThe same bits ${rows.length} times.`);
process.exitCode = differing.length > 0 ? 1 : 0;

/** Differences alike are told of together. */
function keyOf({ training, hash, problem }) {
  return `${training} ${hash ?? problem}`;
}

function advice() {
  const everywhere = trainings.every((name) => {
    const found = new Set(rows.filter(({ training }) => training === name).map(({ hash }) => hash));
    return found.size === 1 && !found.has(undefined);
  });
  return everywhere && !renew
    ? 'All places agree with each other, and not with what is checked in: a kernel, the order of a sum or a stream of\n' +
        'random numbers has changed. If that was meant, npm run test:identity -- --renew checks the new hashes in.'
    : 'The places do not agree with each other: the bits depend on the machine, the number of threads, the engine or on\n' +
        'being resumed. That is an error; docs/reproducibility.md says what keeps them equal. Nothing was renewed.';
}

function printTable() {
  const cells = rows.map(({ training, place, threads, numerics = '', seconds, hash = 'failed', note = '', same }) => [
    ...[training, place, String(threads), numerics, seconds?.toFixed(1) ?? '', hash.slice(0, 16), same ? '✔' : '✘'],
    note,
  ]);
  const table = [['training', 'place', 'threads', 'numerics', 'seconds', 'hash', '', ''], ...cells];
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)));
  for (const row of table)
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    );
  if (noMnist && chosen.includes('mnist')) console.log(`mnist: skipped, ${noMnist}`);
  for (const { name, skipped } of places) if (skipped !== undefined) console.log(`${name}: skipped, ${skipped}`);
}

async function whyNoMnist() {
  try {
    await loadDataset('mnist', { limit: 1, download: false });
    return undefined;
  } catch (error) {
    if (error instanceof CifraError) return error.message.split('\n', 1)[0];
    throw error;
  }
}

async function writeHashes() {
  const lines = trainings.map((name) => `  ${name}: '${rows.find(({ training }) => training === name).hash}',\n`);
  const text = `/**
 * What the trainings of \`identity.ts\` come to, everywhere: \`weightsSha256\` of their last weights. A kernel that changes a
 * bit on purpose changes these too; \`npm run test:identity -- --renew\` then writes this file.
 */
export const identityHashes = {
${lines.join('')}} as const;
`;
  if (trainings.every((name) => text.includes(`'${identityTrainings[name].expected}'`))) {
    console.log('\nThe hashes are as they were.');
    return;
  }
  await writeFile(HASHES, text);
  console.log(`\nWritten to src/train/identityHashes.ts. Say in the change why the bits are others.`);
}

function progress(what) {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\u001b[K${what === undefined ? '' : `Training ${what} …`}`);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
