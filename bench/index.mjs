// How fast Cifra is on this machine, and why: `npm run bench`, about five minutes. `npm run bench -- --quick` has short
// windows and takes less than one; `--only throughput,kernels` measures these sections alone. Tables go to the terminal,
// everything to a JSON file (--json FILE), and a picture to an SVG file (--svg FILE).
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { CifraError, version, wasmBackend } from 'cifra';
import * as balance from './balance.mjs';
import * as coldStart from './coldStart.mjs';
import * as kernels from './kernels.mjs';
import * as ladder from './ladder.mjs';
import * as memory from './memory.mjs';
import * as peaks from './peaks.mjs';
import { drawPicture } from './picture.mjs';
import * as scaling from './scaling.mjs';
import { format } from './text.mjs';
import * as throughput from './throughput.mjs';

/** Each has a `title`, `measure(context)`, whose result goes into the JSON, and `lines(result)` for the terminal. */
const sections = { throughput, peaks, kernels, ladder, coldStart, memory, scaling, balance };

const { quick, only, json, svg } = optionsOf(process.argv.slice(2));
const chosen = only.length > 0 ? only : Object.keys(sections);
const cores = Math.min(availableParallelism(), 64);
const results = {};
const context = {
  quick,
  cores,
  /** 1, 2, 4, ... and all. */
  threads: [...[1, 2, 4, 8, 16, 32].filter((count) => count < cores), cores],
  numerics: (await hasRelaxed()) ? ['strict', 'relaxed'] : ['strict'],
  results,
  progress,
};
const machine = {
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  v8: process.versions.v8,
};

const begun = new Date();
console.log(
  `Cifra ${version}, Node ${machine.node}, ${machine.cpu}, ${cores} cores, ${machine.memoryGb} GB${quick ? ', short windows' : ''}`,
);
for (const name of chosen) {
  const { title, measure, lines } = sections[name];
  results[name] ??= await measure(context);
  progress();
  console.log(`\n${title}`);
  for (const line of lines(results[name])) console.log(line && `  ${line}`);
}

const seconds = (Date.now() - begun) / 1000;
const report = { cifra: version, begun: begun.toISOString(), seconds, quick, machine, ...results };
await save(json, `${JSON.stringify(report, null, 1)}\n`);
const picture = drawPicture(report);
if (picture) await save(svg, picture);
console.log(`\n${format(seconds)} s. Everything: ${json}${picture ? `, picture: ${svg}` : ''}`);

function optionsOf(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', default: '' },
        json: { type: 'string', default: '.cache/bench.json' },
        svg: { type: 'string', default: '.cache/bench.svg' },
      },
    });
    const only = values.only.split(',').filter((name) => name !== '');
    const unknown = only.find((name) => !Object.hasOwn(sections, name));
    if (unknown !== undefined) throw new Error(`There is no section "${unknown}".`);
    return { ...values, only };
  } catch (error) {
    const names = Object.keys(sections).join(',');
    console.error(`${error.message}\nnpm run bench -- [--quick] [--only ${names}] [--json FILE] [--svg FILE]`);
    return process.exit(2);
  }
}

/** Switches relaxed SIMD on where it is behind a flag. */
async function hasRelaxed() {
  try {
    await wasmBackend({ threads: 1, numerics: 'relaxed' }).dispose();
    return true;
  } catch (error) {
    if (error instanceof CifraError) return false;
    throw error;
  }
}

/** What is being measured, on a line that the next one replaces. */
function progress(what) {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\u001b[K${what === undefined ? '' : `Measuring ${what} …`}`);
}

async function save(path, text) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
