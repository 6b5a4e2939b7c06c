import { expect, it } from 'vitest';
import type { Backend } from '../../src/engine/backend.js';
import type { Activation, DType, OpAttributes, OpName } from '../../src/engine/program/types.js';
import { Random, streams } from '../../src/numeric/philox.js';
import { runProgram } from './harness.js';
import type { Contract } from './suite.js';

export interface Given {
  /** With the batch axis, if batched. */
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly dtype?: DType;
  /** Default: true. */
  readonly batched?: boolean;
}

/** The outputs of a single op. */
export async function compute<N extends OpName>(
  backend: Backend,
  name: N,
  given: readonly Given[],
  attributes: OpAttributes[N],
): Promise<number[][]> {
  const { outputs } = await runProgram(backend, {
    capacity: given.find(({ batched }) => batched !== false)?.shape[0] ?? 1,
    inputs: Object.fromEntries(given.map(({ values }, i) => [`input ${i}`, values])),
    build(builder) {
      const inputs = given.map(({ shape, dtype = 'f32', batched = true }, i) =>
        builder.input(`input ${i}`, batched ? shape.slice(1) : shape, dtype, batched),
      );
      builder.emit(name, inputs, attributes).forEach((output, i) => builder.output(`${i}`, output));
    },
  });
  return Object.keys(outputs).map((_, i) => Array.from(outputs[`${i}`]!));
}

/** Equal NaN, infinities and zeros; other numbers to f32's rounding, which below 1e-38 is absolute. */
export function expectNumbers(values: ArrayLike<number>, truth: ArrayLike<number>, tolerance = 1e-6): void {
  const shown = `[${Array.from(values).join(', ')}] against [${Array.from(truth).join(', ')}]`;
  expect(values.length, shown).toBe(truth.length);
  for (let i = 0; i < truth.length; i++) {
    const [value, wanted] = [values[i]!, truth[i]!];
    if (Object.is(value, wanted) || value === wanted) continue;
    expect(Math.abs(value - wanted), `place ${i} of ${shown}`).toBeLessThanOrEqual(
      tolerance * Math.abs(wanted) + 3e-45,
    );
  }
}

const none = { top: 0, bottom: 0, left: 0, right: 0 };
const tiny = Math.fround(1e-40);
const row = (values: readonly number[]): Given => ({ shape: [1, values.length], values });
const rows = (...values: readonly (readonly number[])[]): Given => ({
  shape: [values.length, values[0]!.length],
  values: values.flat(),
});

/** Answers known beforehand: the edges of the number range, ties, places outside an image, masks. */
export function describeExactCases(get: () => Contract): void {
  describeActivations(get);
  describePooling(get);
  describeSubnormals(get);

  it('softmax and cross-entropy take logits of any size', async () => {
    const { backend } = get();
    const logits = rows([1000, 0, -1000], [2, 2, 2], [-1000, -1000, -1000]);
    const third = 1 / 3;
    const p = [1, 0, 0, third, third, third, third, third, third];
    expectNumbers((await compute(backend, 'softmax', [logits], {}))[0]!, p);
    const targets = rows([0, 0, 1], [1, 0, 0], [0, 1, 0]);
    const [loss, probabilities] = await compute(backend, 'softmaxCrossEntropy', [logits, targets], {
      labelSmoothing: 0,
    });
    expectNumbers(loss!, [2000, Math.log(3), Math.log(3)]);
    expectNumbers(probabilities!, p);
  });

  it('batch normalization keeps the variance of values far from 0', async () => {
    const values = Array.from({ length: 300 }, (_, i) => 1000 + (i % 3) - 1);
    const one = { shape: [1], values: [1], batched: false };
    const [y, mean, variance] = await compute(
      get().backend,
      'batchNormalization',
      [{ shape: [300, 1], values }, one, one],
      { epsilon: 1e-3 },
    );
    expectNumbers(mean!, [1000]);
    expectNumbers(variance!, [2 / 3], 1e-3);
    const deviation = Math.sqrt(2 / 3 + 1e-3);
    expectNumbers(y!.slice(0, 3), [1 - 1 / deviation, 1, 1 + 1 / deviation], 1e-3);
  });

  it('of equal scores the first counts', async () => {
    const scores = rows([1, 1, 0], [0, 1, 1], [-3, -1, -2], [5, 5, 5]);
    const targets = rows([1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]);
    expect(await compute(get().backend, 'correctPredictions', [scores, targets], {})).toEqual([[3]]);
  });

  it('a label outside the classes has no 1 anywhere', async () => {
    const { backend } = get();
    const signed: Given = { shape: [5], values: [-1, 0, 3, 2, 2 ** 31 - 1], dtype: 'i32' };
    const expected = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];
    expect(await compute(backend, 'oneHot', [signed], { classes: 3 })).toEqual([expected]);
    const bytes: Given = { shape: [2], values: [255, 1], dtype: 'u8' };
    expect(await compute(backend, 'oneHot', [bytes], { classes: 3 })).toEqual([[0, 0, 0, 0, 1, 0]]);
  });

  it('dropout keeps what its words of the Philox stream say, and drops NaN', async () => {
    const { backend } = get();
    const [seed, step, stream, rate] = [2 ** 40 + 77, 12345, 9, 0.3];
    const key = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
    const size = 3 * 37;
    const run = async (values: Float64Array, at: number) => {
      const random: Given = { shape: [3], values: [...key, at], dtype: 'u32', batched: false };
      const [y] = await compute(backend, 'dropout', [{ shape: [3, 37], values }, random], { rate, stream });
      return y!;
    };
    const words = new Random(seed, streams.dropout, stream, step);
    const kept = Array.from({ length: size }, () => words.uniform() >= rate);
    const y = await run(new Float64Array(size).fill(7), step);
    expectNumbers(
      y,
      kept.map((is) => (is ? 7 / (1 - rate) : 0)),
    );
    const ofNaN = await run(new Float64Array(size).fill(NaN), step);
    expectNumbers(
      ofNaN,
      kept.map((is) => (is ? NaN : 0)),
    );
    expect(await run(new Float64Array(size).fill(7), step + 1)).not.toEqual(y);
  });
}

function describeActivations(get: () => Contract): void {
  const seluScale = 1.0507009873554805;
  const seluFloor = -seluScale * 1.6732632423543772;
  const x = [NaN, Infinity, -Infinity, 0, 1000, -1000, tiny];
  const expected: [Activation, number[]][] = [
    [{ kind: 'relu' }, [NaN, Infinity, 0, 0, 1000, 0, tiny]],
    [{ kind: 'leakyRelu', alpha: 0.1 }, [NaN, Infinity, -Infinity, 0, 1000, -100, tiny]],
    [{ kind: 'elu', alpha: 0.5 }, [NaN, Infinity, -0.5, 0, 1000, -0.5, tiny]],
    [{ kind: 'selu' }, [NaN, Infinity, seluFloor, 0, 1000 * seluScale, seluFloor, seluScale * tiny]],
    [{ kind: 'sigmoid' }, [NaN, 1, 0, 0.5, 1, 0, 0.5]],
    [{ kind: 'tanh' }, [NaN, 1, -1, 0, 1, -1, tiny]],
    [{ kind: 'softplus' }, [NaN, Infinity, 0, Math.LN2, 1000, 0, Math.LN2]],
  ];
  it.each(expected)('%o of NaN, the infinities, 0, +-1000 and a subnormal', async (activation, y) => {
    expectNumbers((await compute(get().backend, 'activation', [row(x)], activation))[0]!, y);
  });

  it("relu's derivative is 0 at 0 and 1 at the smallest number above", async () => {
    const y = row([0, -0, tiny, Infinity]);
    const [dx] = await compute(get().backend, 'activationGradient', [y, row([5, 5, 5, 5])], { kind: 'relu' });
    expectNumbers(dx!, [0, 0, 5, 5]);
  });
}

function describePooling(get: () => Contract): void {
  const image = (values: number[]): Given => ({ shape: [1, 2, values.length / 2, 1], values });
  const windows = { poolSize: [2, 2], strides: [2, 2], padding: none } as const;

  it('max pooling keeps infinities and NaN', async () => {
    const x = image([-Infinity, -Infinity, 1, Infinity, 1, NaN, -Infinity, -Infinity, 2, 3, Infinity, 2]);
    expectNumbers((await compute(get().backend, 'maxPool2d', [x], windows))[0]!, [-Infinity, Infinity, NaN]);
  });

  it('the gradient of a window of equal values goes to the first, even of -Infinity', async () => {
    const x = image([-Infinity, -Infinity, 2, 2, -Infinity, -Infinity, 2, 2]);
    const [, first] = await compute(get().backend, 'maxPool2d', [x], windows);
    expect(first).toEqual([0, 0]);
    const places: Given = { shape: [1, 1, 2, 1], values: first!, dtype: 'u8' };
    const dy: Given = { shape: [1, 1, 2, 1], values: [5, 7] };
    const attributes = { ...windows, inputShape: x.shape };
    const [dx] = await compute(get().backend, 'maxPool2dGradient', [places, dy], attributes);
    expectNumbers(dx!, [5, 0, 7, 0, 0, 0, 0, 0]);
  });

  it('where a window holds NaN there is no largest place', async () => {
    const { backend } = get();
    const [, places] = await compute(backend, 'maxPool2d', [image([1, NaN, 3, 4, 5, 6, 7, 4])], windows);
    expect(places).toEqual([255, 2]);
    const wide: Given = { shape: [1, 16, 16, 1], values: Array.from({ length: 256 }, (_, i) => (i === 99 ? NaN : i)) };
    const whole = { ...windows, poolSize: [16, 16] } as const;
    expect((await compute(backend, 'maxPool2d', [wide], whole))[1]).toEqual([-1]);
    const rising = { ...wide, values: Array.from({ length: 256 }, (_, i) => i) };
    expect((await compute(backend, 'maxPool2d', [rising], whole))[1]).toEqual([255]);
  });

  it('places outside the image do not count', async () => {
    const { backend } = get();
    const x = image([-4, -3, -2, -1]);
    const padded = {
      poolSize: [2, 2],
      strides: [2, 2],
      padding: { top: 1, bottom: 1, left: 1, right: 1 },
    } as const;
    expectNumbers((await compute(backend, 'maxPool2d', [x], padded))[0]!, [-4, -3, -2, -1]);
    expectNumbers((await compute(backend, 'averagePool2d', [x], padded))[0]!, [-4, -3, -2, -1]);
    const wide = { ...padded, poolSize: [3, 3] } as const;
    expectNumbers((await compute(backend, 'averagePool2d', [x], wide))[0]!, [-2.5]);
  });
}

function describeSubnormals(get: () => Contract): void {
  const subnormals = [1e-40, -3e-42, 7e-39, 1.5e-45, -2e-41].map(Math.fround);
  const large = [2e34, 1e35, -3e33, 1e30, 5e34].map(Math.fround);
  const product = subnormals.reduce((sum, value, i) => sum + value * large[i]!, 0);

  it('are full numbers in products', async () => {
    const { backend } = get();
    const column: Given = { shape: [5, 1], values: large, batched: false };
    const transposes = { transposeA: false, transposeB: false };
    expectNumbers((await compute(backend, 'matmul', [row(subnormals), column], transposes))[0]!, [product]);
    const x: Given = { shape: [1, 1, 1, 5], values: subnormals };
    const kernel: Given = { shape: [1, 1, 5, 1], values: large, batched: false };
    const windows = { strides: [1, 1], padding: none } as const;
    expectNumbers((await compute(backend, 'conv2d', [x, kernel], windows))[0]!, [product]);
    const scaled = await compute(
      backend,
      'scaleByScalar',
      [row(subnormals), { shape: [1], values: [2 ** 100], batched: false }],
      { factor: 2 ** 20 },
    );
    expectNumbers(
      scaled[0]!,
      subnormals.map((value) => value * 2 ** 120),
    );
  });

  it('pass through max pooling, relu and add', async () => {
    const { backend } = get();
    const x: Given = { shape: [1, 1, 5, 1], values: subnormals };
    const windows = { poolSize: [1, 2], strides: [1, 1], padding: none } as const;
    const pooled = [1e-40, 7e-39, 7e-39, 1.5e-45].map(Math.fround);
    expectNumbers((await compute(backend, 'maxPool2d', [x], windows))[0]!, pooled, 0);
    const positive = subnormals.map((value) => Math.max(value, 0));
    expectNumbers((await compute(backend, 'activation', [row(subnormals)], { kind: 'relu' }))[0]!, positive, 0);
    const doubled = subnormals.map((value) => 2 * value);
    expectNumbers((await compute(backend, 'add', [row(subnormals), row(subnormals)], {}))[0]!, doubled, 0);
  });

  it.each([NaN, Infinity, -Infinity, 3])(
    'a run stops at %d unless it is finite, and what comes after is left out',
    async (value) => {
      const { state } = await runProgram(get().backend, {
        inputs: { x: [value], g: [1, 2] },
        state: { before: [1, 1], after: [1, 1] },
        build(builder) {
          const x = builder.input('x', [1], 'f32', false);
          const g = builder.input('g', [2], 'f32', false);
          builder.emit('updateMovingAverage', [builder.state('before', [2]), g], { momentum: 0 });
          builder.emit('stopUnlessFinite', [x], {});
          builder.emit('updateMovingAverage', [builder.state('after', [2]), g], { momentum: 0 });
        },
      });
      expect([...state['before']!]).toEqual([1, 2]);
      expect([...state['after']!]).toEqual(value === 3 ? [1, 2] : [1, 1]);
    },
  );

  it("Adam's moments below 1e-30 become 0", async () => {
    const gradients = [0, 0, 0, 1e-40, 1e-17, 0];
    const { state } = await runProgram(get().backend, {
      inputs: { g: gradients, scalars: [1e-3, 0] },
      state: {
        w: [1, 2, 3, 4, 5, 6],
        m: [1e-30, -1e-30, 2e-30, 0, 0, 1],
        v: [1e-30, 1.1e-30, 0, 0, 0, 1],
      },
      build(builder) {
        const [w, m, v] = ['w', 'm', 'v'].map((name) => builder.state(name, [6]));
        const g = builder.input('g', [6], 'f32', false);
        const scalars = builder.input('scalars', [2], 'f32', false);
        const hyper = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
        builder.emit('adam', [w!, g, m!, v!, scalars], hyper);
      },
    });
    expectNumbers(state['m']!, [0, 0, 1.8e-30, 0, 1e-18, 0.9]);
    expectNumbers(state['v']!, [0, 1.0989e-30, 0, 0, 0, 0.999]);
  });
}
