// Cifra beside other packages, measured in one run: `npm run bench:peers`, and with options `npm run bench:peers -- --help`.
//
// The seed network in f32, with the same weights and images and as many threads for everyone. Each side is a process of
// its own, and they take turns (A B C A B C ...): while one works, the others wait. The first round warms up and does not
// count; of the others the medians are compared. Before that, all sides must give the same probabilities.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { picture } from './picture.mjs';
import { MissingPeer, SideProcess } from './sideProcess.mjs';
import { BATCH, measures, sides } from './sides.mjs';
import { tables } from './tables.mjs';
import { writeWork } from './work.mjs';

const TOLERANCE = 1e-5;
/** Between windows, in ms: threads that spin before they sleep are asleep then. */
const PAUSE = 250;

const help = `Usage: npm run bench:peers -- [options]

  --threads N           threads of each side (default 2)
  --rounds N            windows that count, of each side and measure (default 7)
  --seconds S           how long a window is (default 2)
  --only NAME[,NAME]    these sides alone: ${sides.map(({ name }) => name).join(', ')};
                        or all that begin with a word: pytorch
  --numerics MODE       Cifra with strict numerics, relaxed, or both (default)
  --json FILE           where the figures go (default .cache/bench/peers.json)
  --picture FILE        where the picture goes (default .cache/bench/peers.svg)
`;

function readArguments() {
  const text = (value) => ({ type: 'string', default: value });
  const { values } = parseArgs({
    options: {
      threads: text('2'),
      rounds: text('7'),
      seconds: text('2'),
      only: text(''),
      numerics: text('both'),
      json: text('.cache/bench/peers.json'),
      picture: text('.cache/bench/peers.svg'),
      help: { type: 'boolean', default: false },
    },
  });
  const [threads, rounds, seconds] = [values.threads, values.rounds, values.seconds].map(Number);
  if (!(Number.isInteger(threads) && threads >= 1)) throw new Error(`--threads must be a whole number from 1 up.`);
  if (!(Number.isInteger(rounds) && rounds >= 1)) throw new Error(`--rounds must be a whole number from 1 up.`);
  if (!(seconds > 0)) throw new Error('--seconds must be a number above 0.');
  if (!['strict', 'relaxed', 'both'].includes(values.numerics)) {
    throw new Error('--numerics must be strict, relaxed or both.');
  }
  const words = values.only.split(',').filter(Boolean);
  const isMeant = (name, word) => name === word || name.startsWith(`${word}-`);
  for (const word of words) {
    if (!sides.some(({ name }) => isMeant(name, word))) throw new Error(`--only: there is no side "${word}".`);
  }
  const chosen = sides.filter(
    ({ name, isCifra, settings }) =>
      (words.length === 0 || words.some((word) => isMeant(name, word))) &&
      (!isCifra || values.numerics === 'both' || values.numerics === settings.numerics),
  );
  if (chosen.length === 0) throw new Error('--only and --numerics together leave no side.');
  return { ...values, threads, rounds, seconds, chosen };
}

/** Starts the sides; those that are not installed, or fail, are named. */
async function startAll(chosen, common) {
  const running = [];
  const absent = [];
  for (const side of chosen) {
    try {
      const process = await SideProcess.start(side, common);
      const { mark } = process.about;
      const title = mark ? `${side.title} (${mark})` : side.title;
      running.push({ ...side, ...process.about, title, process, results: {} });
    } catch (error) {
      absent.push({ ...side, reason: error.message, isMissing: error instanceof MissingPeer });
    }
  }
  return { running, absent };
}

/** How far each side's probabilities are from Cifra's strict ones. @throws Error if one of them is too far */
async function compare(running, expected) {
  for (const side of running) {
    const { value } = await side.process.ask({ measure: 'probabilities' });
    const differences = value.map((each, i) => Math.abs(each - expected[i]));
    side.difference = value.length === expected.length ? differences.reduce((a, b) => Math.max(a, b)) : Infinity;
    // A value that is not a number is a difference too.
    if (Number.isNaN(side.difference)) side.difference = Infinity;
    console.log(`  ${side.title.padEnd(24)} ${side.difference.toExponential(1)}`);
  }
  const wrong = running.filter(({ difference }) => difference > TOLERANCE);
  if (wrong.length > 0) {
    const names = wrong.map(({ title }) => title).join(', ');
    throw new Error(
      `Not the same network: the probabilities of ${names} differ by more than ${TOLERANCE.toExponential()}.`,
    );
  }
}

/** Windows of all sides in turn. */
async function measureAll(running, { name, title }, { rounds, seconds }) {
  const taking = [];
  for (const side of running) {
    const lacks = side.lacks?.[name];
    side.results[name] = lacks ? { lacks } : { windows: [], note: side.notes?.[name] };
    if (!lacks) taking.push(side);
  }
  console.log(`${title}: ${rounds} x ${taking.length} windows of ${seconds} s`);
  for (let round = 0; round <= rounds; round++) {
    for (const side of taking) {
      const result = side.results[name];
      if (result.lacks || round > (side.windows ?? rounds)) continue;
      await wait(PAUSE);
      try {
        const { value } = await side.process.ask({ measure: name, seconds });
        if (round > 0) result.windows.push(value);
      } catch (error) {
        side.results[name] = { lacks: `none, ${error.message.split('\n')[0]}` };
      }
    }
  }
  for (const side of taking) {
    const { windows } = side.results[name];
    if (windows?.length > 0) side.results[name].median = median(windows);
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function machine() {
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryGb: memory,
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    /** Of the last minute, before the run. */
    load: Math.round(loadavg()[0] * 100) / 100,
  };
}

async function write(path, text) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function bench(given, folder) {
  const { threads, rounds, seconds, chosen } = given;
  const host = machine();
  const { probabilities, parameters } = await writeWork(folder, threads);
  console.log(`The seed network (${parameters.toLocaleString('en')} values), batch ${BATCH}, ${threads} threads, f32`);
  console.log(`${host.cpu}, ${host.cores} cores, ${host.memoryGb} GB, ${host.platform}, Node ${host.node}`);
  if (host.load > 0.5) console.log(`Others are at work here (load ${host.load}): the figures are worth little.`);

  const { running, absent } = await startAll(chosen, { threads, folder });
  try {
    for (const { title } of absent) console.log(`${title}: not there, see the end.`);
    for (const { title, note } of running) if (note) console.log(`${title}: ${note}`);
    console.log("\nLargest difference of a probability from Cifra's strict ones:");
    await compare(running, probabilities);
    console.log('');
    for (const measure of measures) await measureAll(running, measure, { rounds, seconds });
  } finally {
    for (const { process } of running) process.stop();
  }

  const records = running.map(({ name, title, isCifra, version, note, difference, results }) => {
    return { name, title, isCifra: isCifra === true, version, note, difference, results };
  });
  const missing = absent.map(({ name, title, reason, isMissing, install }) => {
    return { name, title, reason, ...(isMissing && { install }) };
  });
  const date = new Date().toISOString();
  const report = { date, machine: host, threads, batch: BATCH, rounds, seconds, sides: records, missing };
  console.log(`\n${tables(report)}`);
  await write(given.json, `${JSON.stringify(report, null, 2)}\n`);
  await write(given.picture, picture(report));
  console.log(`\nWritten: ${given.json}, ${given.picture}`);
  // A peer that is not there is no failure; one that breaks is.
  if (absent.some(({ isMissing }) => !isMissing)) process.exitCode = 1;
}

let given;
try {
  given = readArguments();
} catch (error) {
  console.error(`${error.message}\n\n${help}`);
  process.exit(2);
}
if (given.help) {
  console.log(help);
  process.exit(0);
}
const folder = await mkdtemp(join(tmpdir(), 'cifra-peers-'));
try {
  await bench(given, folder);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true });
}
