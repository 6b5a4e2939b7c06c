import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { syntheticDigits } from '../../data/synthetic/index.js';
import type { Backend } from '../../engine/backend.js';
import { referenceBackend } from '../../engine/reference/backend.js';
import { wasmBackend } from '../../engine/wasm/backend.js';
import { modelFromBytes } from '../../models.js';
import {
  activation,
  activations,
  averagePooling2d,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
  type Layer,
  layerOutput,
  layersProgram,
  maxPooling2d,
  Network,
  sequential,
} from '../../nn/index.js';
import { layerTypes } from '../../nn/layers/index.js';
import { Random } from '../../numeric/philox.js';
import { sizeOf, type Tensor } from '../../numeric/tensor.js';
import { Model } from '../../train/model.js';
import { arithmetic, featureMaps, type LayerValues, receptiveField } from '../index.js';
import { placeOf } from './layerInput.js';

const made: Model[] = [];
afterEach(async () => {
  for (const model of made.splice(0)) await model.dispose();
});

/** With biases and statistics as if it had been trained. */
function modelOf(network: Network, makeBackend: () => Backend = referenceBackend): Model {
  const model = new Model(network, makeBackend, { seed: 5 });
  const random = new Random(8, 0);
  const weights = model.getWeights();
  for (const [name, values] of weights) {
    if (name.endsWith('/kernel')) continue;
    const low = name.endsWith('variance') || name.endsWith('gamma') ? 0.5 : -0.3;
    values.forEach((_, i) => (values[i] = random.uniform(low, low + 0.8)));
  }
  model.setWeights(weights);
  made.push(model);
  return model;
}

function anImage(inputShape: readonly number[]): Tensor<Uint8Array> {
  const random = new Random(3, 0);
  const data = Uint8Array.from({ length: sizeOf(inputShape) }, () => Math.max(0, random.uniform(-150, 255)));
  return { data, shape: [1, ...inputShape], divisor: 255 };
}

/** What the reference backend computes, with all its digits. */
async function exactMaps(model: Model, { data, shape, divisor = 1 }: Tensor): Promise<LayerValues[]> {
  const backend = referenceBackend();
  const executable = await backend.compile(layersProgram(model.network, { capacity: 1, images: { dtype: 'f32' } }));
  for (const [name, values] of model.getWeights()) executable.writeState(name, values);
  executable.input('images').set(Float32Array.from(data, (value) => value / divisor));
  await executable.run(1);
  const maps = model.network.layers.map((layer) => ({
    layer,
    data: executable.readOutput(layerOutput(layer.name)),
    shape: [shape[0]!, ...layer.outputShape],
  }));
  await backend.dispose();
  return maps;
}

/** Some places of a layer, its first and last among them. */
function somePlaces(shape: readonly number[], count: number): number[][] {
  const random = new Random(count, sizeOf(shape));
  const size = sizeOf(shape);
  const inner = Array.from({ length: count }, () => Math.floor(random.uniform(0, size)));
  return [0, size - 1, ...inner].map((position) => placeOf(shape, position));
}

function valueIn({ data, shape }: Tensor, at: readonly number[]): number {
  return data[at.reduce((sum, index, axis) => sum * shape[axis + 1]! + index, 0)]!;
}

/** Each place's arithmetic gives what the reference backend gives: from its maps exactly, from a model's own nearly. */
async function checkArithmetic(model: Model, image: Tensor, placesEach: number): Promise<void> {
  const exact = await exactMaps(model, image);
  const own = await featureMaps(model, image);
  model.network.layers.forEach(({ name, outputShape }, i) => {
    const expected = exact[i]!;
    const scale = Math.max(1e-3, ...Array.from(expected.data, Math.abs));
    for (const at of somePlaces(outputShape, placesEach)) {
      const value = valueIn(expected, at);
      const place = `${name} ${at.join()}`;
      expect(Math.abs(valueIn(own[i]!, at) - value), `map of ${place}`).toBeLessThanOrEqual(1e-5 * scale);
      const shown = arithmetic(model, image, exact, { layer: name, at });
      expect(Math.abs(shown.value - value), place).toBeLessThanOrEqual(1e-9 * Math.abs(value) + 1e-13 * scale);
      const fromOwn = arithmetic(model, image, own, { layer: name, at });
      expect(Math.abs(fromOwn.value - value), `${place}, from float32`).toBeLessThanOrEqual(1e-5 * scale);
    }
  });
}

const activationNames = Object.keys(activations) as (keyof typeof activations)[];
const anActivation = fc.option(fc.constantFrom(...activationNames), { nil: 'linear' as const });
const aSize = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
const aPadding = fc.constantFrom('valid' as const, 'same' as const);

const aConvolution = fc
  .record({
    filters: fc.integer({ min: 1, max: 4 }),
    kernelSize: aSize,
    strides: aSize,
    padding: aPadding,
    activation: anActivation,
    useBias: fc.boolean(),
  })
  .map(conv2d);
const aPooling = fc.record({ poolSize: aSize, strides: aSize, padding: aPadding });
const aNormalization = fc
  .record({ center: fc.boolean(), scale: fc.boolean(), epsilon: fc.constantFrom(1e-3, 0.1) })
  .map(batchNormalization);
const anyShape = fc.oneof(
  aNormalization,
  fc.constant(dropout({ rate: 0.3 })),
  anActivation.map((kind) => activation({ activation: kind })),
);
const forImages = fc.oneof(
  { weight: 3, arbitrary: aConvolution },
  aPooling.map(maxPooling2d),
  aPooling.map(averagePooling2d),
  anyShape,
);
const forUnits = fc.oneof(
  fc.record({ units: fc.integer({ min: 1, max: 6 }), activation: anActivation, useBias: fc.boolean() }).map(dense),
  anyShape,
);
const aNetwork = fc
  .tuple(
    fc.array(forImages, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(flatten(), globalAveragePooling2d()),
    fc.array(forUnits, { minLength: 1, maxLength: 3 }),
    fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 }), fc.integer({ min: 1, max: 3 })),
  )
  .map(([images, bridge, units, inputShape]) => {
    const first = { ...images[0]!, inputShape };
    try {
      return sequential([first, ...images.slice(1), bridge, ...units]);
    } catch {
      return undefined; // A window larger than what is left of the image.
    }
  })
  .filter((network) => network !== undefined);

describe('arithmetic', () => {
  it('equals the reference backend, on random networks', { timeout: 180_000 }, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(aNetwork, async (network) => {
        network.layers.forEach(({ layer }) => seen.add(layer.type));
        await checkArithmetic(modelOf(network), anImage(network.inputShape), 12);
      }),
      { numRuns: 60, seed: 8 },
    );
    // A layer that is new is to be covered here, and explained.
    expect([...seen].sort()).toEqual(Object.keys(layerTypes).sort());
  });

  it('equals the reference backend, from what the kernels give', async () => {
    const layers: readonly Layer[] = [
      conv2d({ filters: 6, kernelSize: 5, strides: 2, padding: 'same', activation: 'relu', inputShape: [13, 12, 2] }),
      batchNormalization(),
      maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
      conv2d({ filters: 5, kernelSize: 3, padding: 'same', activation: 'elu' }),
      averagePooling2d({ padding: 'same' }),
      dropout({ rate: 0.5 }),
      flatten(),
      dense({ units: 10, activation: 'softmax' }),
    ];
    await checkArithmetic(
      modelOf(sequential(layers), () => wasmBackend({ threads: 1 })),
      anImage([13, 12, 2]),
      40,
    );
  });

  it('equals the reference backend, on the shipped model and a synthetic digit', { timeout: 180_000 }, async () => {
    const bytes = await readFile(new URL('../../../models/digits.safetensors', import.meta.url));
    const model = modelFromBytes(bytes, { threads: 1 });
    made.push(model);
    const { images } = syntheticDigits({ count: 1, seed: 77 });
    await checkArithmetic(model, { ...images, divisor: 255 }, 25);
  });

  it('shows every number that went into it', () => {
    const model = modelOf(
      sequential([
        conv2d({ filters: 2, kernelSize: [2, 3], padding: 'same', activation: 'relu', inputShape: [4, 4, 1] }),
        maxPooling2d(),
        flatten(),
        dense({ units: 3, activation: 'softmax' }),
      ]),
    );
    model.setWeights(
      new Map([
        ['conv2d/kernel', Float32Array.of(1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0)],
        ['conv2d/bias', Float32Array.of(-100, 0.5)],
        ['dense/kernel', Float32Array.from({ length: 24 }, (_, i) => (i % 3) - 1)],
        ['dense/bias', Float32Array.of(0, 0, 0)],
      ]),
    );
    const image = { data: Float32Array.from({ length: 16 }, (_, i) => i + 1), shape: [1, 4, 4, 1] };
    const map = (name: string, data: number[], shape: number[]): LayerValues => ({
      layer: { name },
      data: Float32Array.from(data),
      shape,
    });
    // Odd rows to add are at the end: row 3 sees rows 3 and 4, column 0 sees columns -1 to 1.
    expect(arithmetic(model, image, [], { layer: 'conv2d', at: [3, 0, 0] })).toMatchObject({
      kind: 'conv2d',
      layer: { name: 'conv2d', type: 'Conv2D' },
      window: { top: 3, left: -1, height: 2, width: 3, inside: [false, true, true, false, false, false] },
      channels: [
        {
          inputs: Float64Array.of(0, 13, 14, 0, 0, 0),
          kernel: Float64Array.of(1, 2, 3, 4, 5, 6),
          products: Float64Array.of(0, 26, 42, 0, 0, 0),
          sum: 68,
        },
      ],
      sum: 68,
      bias: -100,
      before: -32,
      activation: { kind: 'relu', input: -32 },
      value: 0,
    });
    const first = map('conv2d', [...Array(32).keys()], [1, 4, 4, 2]);
    expect(arithmetic(model, image, [first], { layer: 'max_pooling2d', at: [1, 0, 1] })).toMatchObject({
      kind: 'maxPooling2d',
      window: { top: 2, left: 0, height: 2, width: 2 },
      inputs: Float64Array.of(17, 19, 25, 27),
      winner: 3,
      activation: undefined,
      value: 27,
    });
    const pooled = map('max_pooling2d', [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
    expect(arithmetic(model, image, [pooled], { layer: 'flatten', at: [5] })).toMatchObject({
      kind: 'flatten',
      source: [1, 0, 1],
      value: 6,
    });
    const units = map('flatten', [0.5, 0, 0, 0, 0, 0, 0, 0], [1, 8]);
    const last = arithmetic(model, image, [units], { layer: 'dense', at: [2] });
    expect(last).toMatchObject({ kind: 'dense', sum: 0.5, bias: 0, before: 0.5 });
    expect(last.activation).toMatchObject({
      kind: 'softmax',
      inputs: Float64Array.of(-0.5, 0, 0.5),
      largest: 0.5,
      exponentials: Float64Array.of(Math.exp(-1), Math.exp(-0.5), 1),
      index: 2,
    });
    expect(last.value).toBeCloseTo(1 / (1 + Math.exp(-1) + Math.exp(-0.5)), 12);
  });

  it('names what is not there', () => {
    const model = modelOf(sequential([conv2d({ filters: 2, kernelSize: 3, inputShape: [5, 6, 1] }), flatten()]));
    const image = anImage([5, 6, 1]);
    const at =
      (layer: string, ...place: number[]) =>
      () =>
        arithmetic(model, image, [], { layer, at: place });
    expect(at('conv2', 0, 0, 0)).toThrow('Did you mean "conv2d"?');
    for (const place of [
      [3, 0, 0],
      [0, 4, 0],
      [0, 0, 2],
      [0, -1, 0],
      [0, 0.5, 0],
      [0, 0],
      [0, 0, 0, 0],
    ]) {
      expect(at('conv2d', ...place)).toThrow(expect.objectContaining({ code: 'pixel-place' }));
    }
    expect(at('flatten', 24)).toThrow('Give [unit], whole numbers from 0 to [23].');
    expect(at('flatten', 23)).toThrow('What layer "conv2d" gives is needed for "flatten"');
    const two = { ...image, shape: [2, 5, 6, 1] };
    const ofTwo = () => arithmetic(model, two, [], { layer: 'conv2d', at: [0, 0, 0] });
    expect(ofTwo).toThrow(expect.objectContaining({ code: 'input-shape' }));
  });

  it('says so where a layer is of a type that it does not know', () => {
    const strange = { ...flatten(), type: 'strange', inputShape: [2, 2, 1] };
    const model = modelOf(new Network([strange], 'strange'));
    const asked = () => arithmetic(model, anImage([2, 2, 1]), [], { layer: 'strange', at: [0] });
    expect(asked).toThrow(expect.objectContaining({ code: 'no-arithmetic' }));
  });
});

describe('receptiveField', () => {
  it('is what a number depends on: pixels beyond it change nothing', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(aNetwork, fc.nat(), async (network, pick) => {
        const model = modelOf(network);
        const { name, outputShape } = network.layers[pick % network.layers.length]!;
        const at = placeOf(outputShape, pick % sizeOf(outputShape));
        const { top, left, bottom, right } = receptiveField(model, { layer: name, at })!;
        const image = anImage(network.inputShape);
        const [, columns, channels] = network.inputShape as [number, number, number];
        const changed = image.data.map((value, i) => {
          const row = Math.floor(i / channels / columns);
          const column = Math.floor(i / channels) % columns;
          return row >= top && row <= bottom && column >= left && column <= right ? value : 255 - value;
        });
        const valueOf = async (picture: Tensor): Promise<number> =>
          valueIn(
            (await exactMaps(model, picture)).find(({ layer }) => layer.name === name)!,
            at,
          );
        expect(await valueOf({ ...image, data: changed })).toBe(await valueOf(image));
      }),
      { numRuns: 80, seed: 9 },
    );
  });

  it('grows from layer to layer', () => {
    const model = modelOf(
      sequential([
        conv2d({ filters: 2, kernelSize: 3, inputShape: [12, 12, 1] }),
        maxPooling2d(),
        conv2d({ filters: 2, kernelSize: 3, padding: 'same' }),
        flatten(),
        batchNormalization(),
        dense({ units: 10 }),
      ]),
    );
    const field = (layer: string, ...at: number[]) => receptiveField(model, { layer, at });
    expect(field('conv2d', 4, 5, 0)).toEqual({ top: 4, left: 5, bottom: 6, right: 7 });
    expect(field('max_pooling2d', 1, 2, 0)).toEqual({ top: 2, left: 4, bottom: 5, right: 7 });
    expect(field('conv2d_1', 0, 2, 1)).toEqual({ top: 0, left: 2, bottom: 5, right: 9 });
    expect(field('batch_normalization', 5)).toEqual(field('conv2d_1', 0, 2, 1));
    expect(field('dense', 3)).toEqual({ top: 0, left: 0, bottom: 11, right: 11 });
    expect(() => field('dense', 10)).toThrow(expect.objectContaining({ code: 'pixel-place' }));
  });
});
