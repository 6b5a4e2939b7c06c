import { conv2d, batchNormalization, dense, flatten, sequential } from '../../../../src/nn/index.js';
import type { Random } from '../../../../src/numeric/philox.js';
import { sizeOf } from '../../../../src/numeric/tensor.js';
import { decodeModel, encodeModel } from '../../../../src/runs/modelFile.js';
import { joined, mutateBytes, pick } from '../bytes.js';
import { FILE, type Format } from '../run.js';
import { type JsonText, jsonText, mutateJson } from '../text.js';

const networks = [
  sequential([dense({ units: 2, inputShape: [3] })]),
  sequential([dense({ units: 1, useBias: false, inputShape: [1], activation: 'softmax' })], { name: '10' }),
  sequential([
    conv2d({ filters: 2, kernelSize: 2, inputShape: [3, 3, 1], activation: 'relu' }),
    batchNormalization(),
    flatten(),
    dense({ units: 2, activation: 'softmax', kernelRegularizer: 'l2' }),
  ]),
];

/** A sound file, and what its header consists of. */
interface Sample {
  readonly bytes: Uint8Array;
  readonly header: JsonText;
  /** The texts under `__metadata__` that are JSON themselves, and what is before and behind them. */
  readonly inner: readonly { readonly json: JsonText; readonly before: string; readonly after: string }[];
  readonly data: Uint8Array;
}

const samples = networks.flatMap((network, i) =>
  [false, true].map((more) => {
    const weights = network.weights.map(({ name, shape }) => {
      return [name, { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, k) => k / 8 - i) }] as const;
    });
    const metadata = more
      ? { engine: '0.1.0', training: { seed: 1, a: [1, 2] }, classNames: ['0', 'é'] }
      : { engine: '1' };
    const precision = more && i !== 1 ? 'half' : 'single';
    return sampleOf(encodeModel({ network: network.toConfig(), weights: new Map(weights), metadata }, precision));
  }),
);

function sampleOf(bytes: Uint8Array): Sample {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd();
  const { __metadata__: metadata } = JSON.parse(text) as { __metadata__: Record<string, string> };
  const inner = ['network', 'training', 'classNames'].flatMap((key) => {
    const value = metadata[key];
    if (value === undefined) return [];
    const quoted = JSON.stringify(value);
    const at = text.indexOf(quoted);
    return [{ json: jsonText(value), before: text.slice(0, at), after: text.slice(at + quoted.length) }];
  });
  return { bytes, header: jsonText(text), inner, data: bytes.subarray(8 + length) };
}

function fileOf(header: string, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return joined(length, text, data);
}

const wrong = [NaN, Infinity, -Infinity, -0, 1e-45];
function mutateData(data: Uint8Array, random: Random): Uint8Array {
  const changed = data.slice();
  const view = new DataView(changed.buffer);
  const at = 4 * random.below(Math.floor(data.length / 4));
  if (random.below(2) === 0) view.setFloat32(at, pick(random, wrong), true);
  else view.setUint32(at, random.uint32(), true);
  return changed;
}

export const model: Format = {
  name: 'safetensors model file',
  make(random) {
    const { bytes, header, inner, data } = pick(random, samples);
    switch (random.below(8)) {
      case 0:
      case 1:
        return mutateBytes(bytes, random, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
      case 2:
        return fileOf(header.text, mutateData(data, random));
      case 3:
      case 4:
      case 5: {
        const { json, before, after } = pick(random, inner);
        return fileOf(before + JSON.stringify(mutateJson(json, random)) + after, data);
      }
      default:
        return fileOf(mutateJson(header, random), data);
    }
  },
  read(bytes) {
    const read = decodeModel(bytes, FILE);
    for (const [name, { shape, data }] of read.weights) {
      if (sizeOf(shape) !== data.length || !data.every(Number.isFinite)) throw new Error(`weight ${name}`);
      if (shape.some((size) => !Number.isSafeInteger(size) || size < 0)) throw new Error(`shape [${shape.join()}]`);
    }
    // What was read can be written, and read again.
    const again = decodeModel(encodeModel(read), FILE);
    if (JSON.stringify([again.network, again.metadata]) !== JSON.stringify([read.network, read.metadata])) {
      throw new Error('it reads differently after it was written again');
    }
  },
};
