import { createHash } from 'node:crypto';
import type { EpochLog } from '../../../../src/train/logs.js';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  originDifference,
  type StoredCheckpoint,
} from '../../../../src/train/checkpointFile.js';
import { CifraError } from '../../../../src/numeric/errors.js';
import type { Random } from '../../../../src/numeric/philox.js';
import { joined, mutateBytes, pick } from '../bytes.js';
import { FILE, type Format } from '../run.js';
import { type JsonText, jsonText, mutateJson } from '../text.js';

const SEAL = '"sha256":"';
const DIGITS = 64;
const log = { loss: 0.5, learningRate: 1e-3, imagesPerSecond: 1000.5, seconds: 60 };

const checkpoints: readonly StoredCheckpoint[] = [
  {
    origin: {
      recipe: { name: 'seed', phases: [{ epochs: 3, batchSize: 128, augmentation: null }] },
      seed: 1,
      dataset: { name: 'mnist', hash: 'abc', trainCount: 60_000, testCount: 10_000 },
      engine: { version: '0.1.0', kernels: '0123', numerics: 'strict' },
    },
    seconds: 12.5,
    checkpoint: {
      phase: 2,
      progress: { epoch: 3, step: 41, images: 5248, lossSum: 0.1 + 0.2, correct: 5100, seconds: 3.25 },
      learningRate: 1e-4,
      history: [
        { epoch: 1, ...log, accuracy: 0.75 },
        { epoch: 2, ...log, valLoss: 0.125, valAccuracy: 1 },
      ],
      model: {
        steps: 509,
        epochs: 2,
        tensors: new Map([
          ['dense/kernel', Float32Array.of(1, -2.5, 1e-30, -0)],
          ['optimizer/m/dense/kernel', Float32Array.of(0, 0.1, 3, 1e38)],
        ]),
      },
    },
  },
  {
    // Texts that look like the seal must not be taken for it.
    origin: {
      recipe: `${SEAL}${'0'.repeat(DIGITS)}"`,
      seed: 0,
      dataset: { name: '', hash: 'é', trainCount: 0, testCount: 1 },
      engine: { version: '', kernels: '', numerics: 'relaxed' },
    },
    seconds: 0,
    checkpoint: {
      phase: 1,
      progress: { epoch: 1, step: 0, images: 0, lossSum: -1, correct: 0, seconds: 0 },
      history: [],
      model: {
        steps: 0,
        epochs: 0,
        tensors: new Map([
          ['10', Float32Array.of(1)],
          ['empty', Float32Array.of()],
          [`${SEAL}${'f'.repeat(DIGITS)}"`, Float32Array.of(2, 3)],
        ]),
      },
    },
  },
];

/** A sound file, and what it consists of. */
interface Sample {
  readonly bytes: Uint8Array;
  readonly header: JsonText;
  /** The text under `checkpoint` in the metadata, and what is before and behind it in the header. */
  readonly content: JsonText;
  readonly before: string;
  readonly after: string;
  readonly data: Uint8Array;
  /** Where the fields of the file begin: its length and its checksum. */
  readonly places: readonly number[];
}

const samples = await Promise.all(checkpoints.map(async (stored) => sampleOf(await encodeCheckpoint(stored))));

function sampleOf(bytes: Uint8Array): Sample {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd();
  const { __metadata__: metadata } = JSON.parse(text) as { __metadata__: { checkpoint: string } };
  const quoted = JSON.stringify(metadata.checkpoint);
  const at = text.indexOf(quoted);
  return {
    bytes,
    header: jsonText(text),
    content: jsonText(metadata.checkpoint),
    before: text.slice(0, at),
    after: text.slice(at + quoted.length),
    data: bytes.subarray(8 + length),
    places: [0, 1, 2, 3, 4, 5, 6, 7, 8, sealPlace(bytes)!],
  };
}

/** Where the digits of the checksum begin, found without the code that is tested; undefined where there is none. */
function sealPlace(bytes: Uint8Array): number | undefined {
  if (bytes.length < 8) return undefined;
  const length = Buffer.from(bytes.buffer, bytes.byteOffset).readBigUInt64LE();
  const text = Buffer.from(bytes.slice(8, 8 + Number(length))).toString('latin1');
  const at = text.lastIndexOf(SEAL);
  return at < 0 || text[at + SEAL.length + DIGITS] !== '"' ? undefined : 8 + at + SEAL.length;
}

/** The file with the checksum that it should have, where there is a place for one. */
function sealed(bytes: Uint8Array): Uint8Array {
  const at = sealPlace(bytes);
  if (at === undefined) return bytes;
  const result = bytes.slice().fill(0x30, at, at + DIGITS);
  result.set(new TextEncoder().encode(createHash('sha256').update(result).digest('hex')), at);
  return result;
}

function fileOf(header: string, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return sealed(joined(length, text, data));
}

const values = [NaN, Infinity, -Infinity, -0, 1e-45];
function mutateData(data: Uint8Array, random: Random): Uint8Array {
  const changed = data.slice();
  const view = new DataView(changed.buffer);
  const at = 4 * random.below(data.length / 4);
  if (random.below(2) === 0) view.setFloat32(at, pick(random, values), true);
  else view.setUint32(at, random.uint32(), true);
  return changed;
}

/** Files that were changed after they were sealed: none of these may be read. */
const unsealed = new WeakSet<Uint8Array>();

export const checkpoint: Format = {
  name: 'training checkpoint',
  make(random) {
    const { bytes, header, content, before, after, data, places } = pick(random, samples);
    switch (random.below(10)) {
      case 0:
      case 1:
      case 2: {
        const changed = mutateBytes(bytes, random, places);
        if (Buffer.compare(changed, bytes) !== 0) unsealed.add(changed);
        return changed;
      }
      case 3:
        return sealed(mutateBytes(bytes, random, places));
      case 4:
        return fileOf(header.text, mutateData(data, random));
      case 5:
      case 6:
      case 7:
        return fileOf(before + JSON.stringify(mutateJson(content, random)) + after, data);
      default:
        return fileOf(mutateJson(header, random), data);
    }
  },
  async read(bytes) {
    const read = await decodeCheckpoint(bytes, FILE).catch((error: unknown) => {
      if (!(error instanceof CifraError)) throw error;
      const { code } = error;
      if (code === 'checkpoint-damaged' || (code === 'checkpoint-version' && !unsealed.has(bytes))) throw error;
      throw new Error(`it is refused with ${code}`, { cause: error });
    });
    if (unsealed.has(bytes)) throw new Error('it is read, though its checksum is not that of its bytes');
    checkSound(read);
    // What was read can be written, and read again.
    const again = await decodeCheckpoint(await encodeCheckpoint(read), FILE);
    if (jsonOf(again) !== jsonOf(read)) throw new Error('it reads differently after it was written again');
    for (const { origin } of checkpoints) checkDifference(originDifference(read.origin, origin));
  },
};

/** That every part is what its type promises, each found by name and nothing besides. */
function checkSound({
  checkpoint: { phase, progress, learningRate, history, model },
  origin,
  seconds,
}: StoredCheckpoint) {
  const { epoch, step, images, lossSum, correct, seconds: epochSeconds, ...noProgress } = progress;
  const { steps, epochs, tensors, ...noModel } = model;
  const { recipe, seed, dataset, engine, ...noOrigin } = origin;
  const { name, hash, trainCount, testCount, ...noDataset } = dataset;
  const { version, kernels, numerics, ...noEngine } = engine;
  expectThat(
    'counts',
    [phase - 1, epoch - 1, step, images, correct, steps, epochs, seed, trainCount, testCount].every(isCount),
  );
  expectThat('numbers', [lossSum, epochSeconds, seconds].every(Number.isFinite) && epochSeconds >= 0 && seconds >= 0);
  expectThat('the learning rate', learningRate === undefined || (Number.isFinite(learningRate) && learningRate >= 0));
  expectThat(
    'texts',
    [name, hash, version, kernels, numerics].every((text) => typeof text === 'string'),
  );
  expectThat('the recipe', JSON.stringify(recipe) !== undefined);
  expectThat('the history', Array.isArray(history) && history.every(isLog));
  expectThat('more than its type', [noProgress, noModel, noOrigin, noDataset, noEngine].every(isEmpty));
  for (const [tensor, data] of tensors) {
    expectThat(`tensor ${tensor}`, data instanceof Float32Array && data.every(Number.isFinite));
  }
}

function isLog(given: EpochLog): boolean {
  const {
    epoch,
    loss,
    accuracy = 0,
    valLoss = 0,
    valAccuracy = 0,
    learningRate,
    imagesPerSecond,
    seconds,
    ...more
  } = given;
  const sizes = [accuracy, valAccuracy, learningRate, imagesPerSecond, seconds];
  const finite = [loss, valLoss, ...sizes].every(Number.isFinite);
  const shares = accuracy <= 1 && valAccuracy <= 1;
  return isCount(epoch - 1) && finite && sizes.every((size) => size >= 0) && shares && isEmpty(more);
}

function checkDifference(words: string | undefined): void {
  // eslint-disable-next-line no-control-regex -- these are what must not be there
  const fits = words === undefined || (words.length < 1000 && !/[\0-\x1f\x7f-\x9f]/.test(words));
  expectThat(`the difference from another training, ${words?.slice(0, 1000)},`, fits);
}

function expectThat(what: string, sound: boolean): void {
  if (!sound) throw new Error(`${what}: not sound in what was read`);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

/** Everything in it; tensors by their bits. */
function jsonOf(stored: StoredCheckpoint): string {
  const { tensors, ...counts } = stored.checkpoint.model;
  const bits = [...tensors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { buffer }]) => [name, Buffer.from(buffer)]);
  return JSON.stringify([{ ...stored, checkpoint: { ...stored.checkpoint, model: counts } }, bits]);
}
