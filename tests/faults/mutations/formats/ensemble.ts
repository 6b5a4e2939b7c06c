import { type EnsembleRecord, formatEnsemble, readEnsemble } from '../../../../src/runs/ensembleRecord.js';
import { record } from '../../../runs/sampleRecord.js';
import { mutateBytes, pick } from '../bytes.js';
import { FILE, type Format } from '../run.js';
import { jsonText, mutateJson } from '../text.js';

const member = { weightsSha256: 'ab', testAccuracy: 0.99, testErrors: 100 };
const { result: _result, resumed: _resumed, note: _note, ...start } = record;
const begun: EnsembleRecord = { ...start, size: 2, members: [] };
const finished: EnsembleRecord = {
  ...begun,
  members: [
    { seed: 1, folder: 'seed-1', ...member },
    { seed: 2, folder: 'seed-2', ...member },
  ],
  finishedAt: '2026-08-05T14:20:00.000Z',
  result: { testAccuracy: 0.99, testErrors: 100, testCount: 10_000, interval: [0.98, 1], loss: 0.02, ece: 0.001 },
};
const texts = [begun, finished].map((value) => jsonText(formatEnsemble(value)));
const files = texts.map(({ text }) => new TextEncoder().encode(text));

export const ensemble: Format = {
  name: 'ensemble.json',
  make(random) {
    if (random.below(3) === 0) return mutateBytes(pick(random, files), random);
    return new TextEncoder().encode(mutateJson(pick(random, texts), random));
  },
  read(bytes) {
    const read = readEnsemble(bytes, FILE);
    const again = readEnsemble(new TextEncoder().encode(formatEnsemble(read)), FILE);
    if (JSON.stringify(again) !== JSON.stringify(read)) {
      throw new Error('it reads differently after it was written again');
    }
    // No member leads out of the folder.
    for (const { folder } of read.members) if (!/^seed-\d+$/.test(folder)) throw new Error(`folder ${folder}`);
  },
};
