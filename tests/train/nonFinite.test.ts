import { afterAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/engine/backend.js';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { adam, batchNormalization, conv2d, dense, dropout, flatten, sequential, sgd } from '../../src/nn/index.js';
import type { Tensor } from '../../src/numeric/tensor.js';
import { Model } from '../../src/train/model.js';
import { columns } from './small.js';

const SIZE = 6;
const bytes = columns(20, 3, SIZE);
const y = bytes.y;
const clean = (): Tensor<Float32Array> => ({
  data: Float32Array.from(bytes.x.data, (value) => value / 255),
  shape: bytes.x.shape,
});

const network = () =>
  sequential([
    conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [SIZE, SIZE, 1] }),
    batchNormalization(),
    flatten(),
    dropout({ rate: 0.25 }),
    dense({ units: SIZE, activation: 'softmax' }),
  ]);

/** The model's state, as numbers that can be compared. */
const state = (model: Model) => [...model.getWeights()].map(([name, values]) => [name, [...values]] as const);

const threads = wasmBackend({ threads: 2 });
afterAll(() => threads.dispose());
const backends: [string, () => Backend][] = [
  ['wasm', () => threads],
  ['reference', referenceBackend],
];

function compiled(makeBackend: () => Backend, optimizer = adam()): Model {
  const model = new Model(network(), makeBackend, { seed: 4 });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const lookAtData = '\n  Look at the images and targets: they must be finite numbers.';
const lowerRate = '\n  Lower the learning rate, or look at the data: values far outside 0 to 1 do this.';

describe.each(backends)('a loss that is not finite, on %s,', (_, makeBackend) => {
  it.each([NaN, Infinity])(
    'from %d in an image names the step and the input; the step changes nothing',
    async (value) => {
      const model = compiled(makeBackend);
      const x = clean();
      x.data[36 * 9 + 17] = value;
      const states: ReturnType<typeof state>[] = [];
      const callbacks = [{ onBatchEnd: () => void states.push(state(model)) }];
      // Image 9 is in the third batch of 4.
      const fitting = model.fit(x, y, { batchSize: 4, shuffle: false, callbacks });
      await expect(fitting).rejects.toMatchObject({
        name: 'CifraError',
        code: 'non-finite',
        message: `The loss became NaN at step 3 of epoch 1 (2 steps in all). It is in the input "images".${lookAtData}`,
      });
      expect(states).toHaveLength(2);
      expect(state(model)).toEqual(states[1]);
      expect(model.steps).toBe(2);

      // It goes on as if the step had not been tried.
      const untouched = compiled(makeBackend);
      await untouched.fit(clean(), y, { batchSize: 4, shuffle: false, stepsPerEpoch: 2 });
      await untouched.fit(clean(), y, { batchSize: 4, shuffle: false });
      model.epochs = 1;
      await model.fit(clean(), y, { batchSize: 4, shuffle: false });
      expect(state(model)).toEqual(state(untouched));
    },
  );

  it.each(['conv2d/kernel', 'batch_normalization/beta', 'dense/bias'])(
    'from a NaN in the weight %s names the weight',
    async (name) => {
      const model = compiled(makeBackend);
      await model.fit(bytes.x, y);
      const weights = model.getWeights();
      weights.get(name)![1] = NaN;
      model.setWeights(weights);
      const before = state(model);
      await expect(model.fit(bytes.x, y)).rejects.toMatchObject({
        code: 'non-finite',
        message: `The loss became NaN at step 1 of epoch 1 (1 steps in all). It is in the state "${name}": the update of the step before, or setWeights, left it so.${lowerRate}`,
      });
      expect(state(model)).toEqual(before);
    },
  );
});

describe('weights that overflow', () => {
  it('are told of at the next step, by name', async () => {
    const model = compiled(() => threads, sgd({ learningRate: 3e38 }));
    let after: ReturnType<typeof state> | undefined;
    const callbacks = [{ onBatchEnd: () => void (after = state(model)) }];
    await expect(model.fit(bytes.x, y, { batchSize: 8, callbacks })).rejects.toMatchObject({
      code: 'non-finite',
      message: expect.stringMatching(
        /^The loss became NaN at step 2 of epoch 1 \(1 steps in all\)\. It .*Lower the learning rate/s,
      ),
    });
    expect(state(model)).toEqual(after);
  });

  it('while they are finite, as the layer whose values overflow', async () => {
    const model = compiled(() => threads);
    const weights = model.getWeights();
    weights.get('conv2d/kernel')!.fill(1e30);
    model.setWeights(weights);
    const x = clean();
    for (let i = 0; i < x.data.length; i++) x.data[i]! *= 1e10;
    const before = state(model);
    await expect(model.fit(x, y, { batchSize: 8 })).rejects.toMatchObject({
      message: `The loss became NaN at step 1 of epoch 1 (0 steps in all). It comes from layer "conv2d" (op conv2d).${
        lowerRate
      }`,
    });
    expect(state(model)).toEqual(before);
  });

  it('in the last step of an epoch do not pass silently', async () => {
    const model = compiled(() => threads, sgd({ learningRate: 3e38 }));
    const weights = model.getWeights();
    // So that the gradient of what follows is above 1.
    weights.get('batch_normalization/gamma')!.fill(1000);
    model.setWeights(weights);
    await expect(model.fit(bytes.x, y, { batchSize: 20 })).rejects.toMatchObject({
      code: 'non-finite',
      message: expect.stringMatching(
        /^The weight "[a-z0-9_]+\/[a-z_]+" is no longer finite after step 1 of epoch 1 \(1 steps in all\)\.\n {2}Lower the learning rate/,
      ),
    });
  });
});
