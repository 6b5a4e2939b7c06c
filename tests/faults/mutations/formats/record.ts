import { formatRecord, readRecord, type RunRecord } from '../../../../src/runs/runRecord.js';
import { mutateBytes, pick } from '../bytes.js';
import { FILE, type Format } from '../run.js';
import { jsonText, mutateJson } from '../text.js';

const finished: RunRecord = {
  formatVersion: 1,
  cifraVersion: '0.1.0',
  nodeVersion: 'v20.19.0',
  command: ['cifra', 'train', '--seed', '7'],
  recipe: { name: 'seed', stages: [{ epochs: 3, augmentation: null, rate: 1e-3 }] },
  seed: 7,
  dataset: {
    name: 'synthetic',
    source: 'drawn by Cifra',
    hash: 'ab12',
    sha256: { 'train-images-idx3-ubyte': 'cd34', other: 'ef' },
    notice: 'These are not MNIST.',
    trainCount: 60_000,
    testCount: 10_000,
  },
  hardware: { cpu: 'A CPU', cores: 2, memoryGb: 7.8, platform: 'linux x64' },
  backend: { name: 'wasm', threads: 2, numerics: 'strict' },
  startedAt: '2026-08-05T14:03:22.123Z',
  finishedAt: '2026-08-05T14:20:00.000Z',
  result: { testAccuracy: 0.9921, testErrors: 79, testCount: 10_000, weightsSha256: 'ef56', seconds: 997.9 },
  note: 'for the README é',
};
const { result: _result, finishedAt: _finishedAt, note: _note, ...started } = finished;
const quality = { nll: 0.03, ece: 0.004 };
const calibrated: RunRecord = {
  ...finished,
  result: {
    ...finished.result!,
    calibration: { type: 'temperature', temperature: 0.8, images: 6000, before: quality, after: quality },
  },
};
const { nodeVersion: _node, command: _command, ...anywhere } = started;
const inBrowser: RunRecord = {
  ...anywhere,
  formatVersion: 2,
  browser: 'Mozilla/5.0',
  hardware: { cores: 2, platform: 'Linux' },
  resumed: [{ at: '2026-08-05T14:10:00.000Z', steps: 12, nodeVersion: 'v20.19.0' }],
};
const texts = [finished, started, calibrated, inBrowser].map((record) => jsonText(formatRecord(record)));
const files = texts.map(({ text }) => new TextEncoder().encode(text));

export const record: Format = {
  name: 'run.json',
  make(random) {
    if (random.below(3) === 0) return mutateBytes(pick(random, files), random);
    return new TextEncoder().encode(mutateJson(pick(random, texts), random));
  },
  read(bytes) {
    const read = readRecord(bytes, FILE);
    const again = readRecord(new TextEncoder().encode(formatRecord(read)), FILE);
    if (JSON.stringify(again) !== JSON.stringify(read))
      throw new Error('it reads differently after it was written again');
    // What the checks do not say themselves: these can be used as their types promise.
    read.command?.map((word) => word.length);
    new Date(read.startedAt).toISOString();
  },
};
