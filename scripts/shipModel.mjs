// Makes a trained run the model that comes with Cifra: models/digits.safetensors in half precision, with what must be
// known of it in its metadata, and the figures of its card, models/README.md.
//   npm run build && node scripts/shipModel.mjs RUN_DIR [--commit HASH] [--data-dir DIR]
//   node scripts/shipModel.mjs --verify RUN_DIR     holds a run against the model: the same weights, bit for bit?
// --commit: of the code that trained it (default: HEAD). --draft: ships what is not fit to be shipped, for development.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { loadModel, modelFromBytes, modelToBytes, version, wasmBackend, weightsSha256 } from 'cifra';
import { loadData } from '../dist/cli/loadData.js';
import { writeChart } from '../dist/cli/probabilityQuality.js';
import { Output } from '../dist/cli/terminal/output.js';
import { testModel } from '../dist/cli/testResult.js';
import { folderRuns } from '../dist/runs/folderRuns.node.js';
import { decodeModel } from '../dist/runs/modelFile.js';
import { card } from './modelCard.mjs';

const root = join(import.meta.dirname, '..');
const MODEL = join(root, 'models/digits.safetensors');
const CARD = join(root, 'models/README.md');
const CHART = join(root, 'docs/images/digits.svg');
const LARGEST = 1_000_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    verify: { type: 'boolean', default: false },
    draft: { type: 'boolean', default: false },
    commit: { type: 'string' },
    'data-dir': { type: 'string' },
  },
});
const [folder] = positionals;
if (!folder) throw new Error('Usage: node scripts/shipModel.mjs [--verify] RUN_DIR');
await (values.verify ? verify(folder) : ship(folder));

async function ship(place) {
  const { record } = await folderRuns().openRun(place);
  const trained = decodeModel(await readFile(join(place, 'model.safetensors')), place);
  const model = await loadModel(place);
  const single = await weightsSha256(model.getWeights());
  const commit = git('rev-parse', values.commit ?? 'HEAD');
  refuse(problems(record, single, commit));

  const weights = {
    commit,
    command: commandOf(record),
    engine: { version: record.cifraVersion, kernels: record.backend.kernels, numerics: record.backend.numerics },
    node: record.nodeVersion,
    seconds: record.result.seconds,
    singleSha256: single,
    halfSha256: await weightsSha256(halved(model).getWeights()),
    ...(values.draft && { draft: true }),
  };
  const training = { ...trained.metadata.training, shipped: weights };
  const bytes = modelToBytes(model, { precision: 'half', training, classNames: trained.metadata.classNames });
  if (bytes.length > LARGEST) throw new Error(`It has ${bytes.length} bytes, and ${LARGEST} are the most.`);
  await mkdir(join(root, 'models'), { recursive: true });
  await writeFile(MODEL, bytes);
  console.log(`${MODEL}: ${bytes.length} bytes`);
  await describe(record);
}

/** Measures the shipped file and writes the card's figures and the picture. */
async function describe(record) {
  const bytes = await readFile(MODEL);
  const { metadata } = decodeModel(bytes, MODEL);
  const output = new Output(false);
  const options = { dataset: 'mnist', 'data-dir': values['data-dir'] };
  const { dataset } = await loadData(options, { train: 1 }, output);
  const model = modelFromBytes(bytes);
  model.compile({ loss: metadata.training.recipe.loss, metrics: ['accuracy'] });
  const test = await testModel(model, dataset.test, metadata.training.recipe);
  await model.dispose();
  await rm(CHART, { force: true });
  const words = { model: 'The model that comes with Cifra', images: 'test images of MNIST' };
  await writeChart(CHART, test, words, output);
  const { size } = await stat(MODEL);
  const old = existsSync(CARD) ? await readFile(CARD, 'utf8') : undefined;
  const text = card(old, { training: metadata.training, size, test, record, network: model.network });
  const style = await resolveConfig(CARD);
  await writeFile(CARD, await format(text, { ...style, parser: 'markdown' }));
  console.log(`${CARD}: ${test.errors} errors on ${test.count} test images in half precision`);
}

/** Why a run is not fit to be shipped. */
function problems(record, single, commit) {
  const { result, backend, cifraVersion } = record;
  const clean = git('status', '--porcelain', '--untracked-files=no', 'src') === '';
  const engine = wasmBackend({ numerics: backend.numerics });
  return [
    !result && 'it has not come to its end',
    result && result.weightsSha256 !== single && 'its weights are not those that were trained',
    !result?.calibration && 'it is not calibrated',
    backend.numerics !== 'strict' && `its numerics are ${backend.numerics}: other machines come to other weights`,
    record.dataset.name !== 'mnist' && `it was trained on ${record.dataset.name}`,
    record.dataset.trainCount !== 60_000 && `it was trained on ${record.dataset.trainCount} images`,
    cifraVersion !== version && `version ${cifraVersion} trained it, and this is ${version}`,
    backend.kernels !== engine.kernels && 'other kernels trained it than those of this build',
    values.commit === undefined && !clean && 'src has changes that are in no commit: give --commit',
    !commit && 'no commit is known: give --commit',
  ].filter((problem) => problem !== false && problem !== undefined);
}

function refuse(found) {
  if (found.length === 0) return;
  if (!values.draft)
    throw new Error(`This run cannot be shipped: ${found.join('; ')}. (--draft ships it all the same.)`);
  console.warn(`A draft: ${found.join('; ')}.`);
}

/** Exits with status 1 unless the run has the weights that the shipped model was made of. */
async function verify(place) {
  const { metadata } = decodeModel(await readFile(MODEL), MODEL);
  const { shipped } = metadata.training;
  const model = await loadModel(place);
  const shippedModel = await loadModel(MODEL);
  const found = {
    'float32 weights of the run': [await weightsSha256(model.getWeights()), shipped.singleSha256],
    'the same in half precision': [await weightsSha256(halved(model).getWeights()), shipped.halfSha256],
    'weights of the shipped file': [await weightsSha256(shippedModel.getWeights()), shipped.halfSha256],
  };
  for (const [what, [sha256, expected]] of Object.entries(found)) {
    console.log(`${sha256 === expected ? 'equal    ' : 'DIFFERENT'}  ${what}: sha256 ${sha256}`);
    if (sha256 !== expected) process.exitCode = 1;
  }
  console.log(`Trained at commit ${shipped.commit} by: ${shipped.command}`);
}

function halved(model) {
  return modelFromBytes(modelToBytes(model, { precision: 'half' }));
}

/** The command without what the result does not depend on: places, threads, forms of output. */
function commandOf({ command, seed }) {
  const withValue = ['--data-dir', '--out', '--threads', '--checkpoint-steps', '--ensemble'];
  const words = [];
  for (let i = 0; i < command.length; i++) {
    const [name] = command[i].split('=');
    if (withValue.includes(name)) i += command[i].includes('=') ? 0 : 1;
    else if (!['--json', '--offline'].includes(name)) words.push(command[i]);
  }
  // A recipe's file is found elsewhere on another machine.
  const recipe = words.indexOf('--recipe') + 1;
  if (recipe > 0) words[recipe] = basename(words[recipe]);
  // A member of an ensemble has a seed of its own.
  const at = words.indexOf('--seed');
  if (at >= 0) words[at + 1] = String(seed);
  else words.push('--seed', String(seed));
  return words.join(' ');
}

function git(...words) {
  try {
    return execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
