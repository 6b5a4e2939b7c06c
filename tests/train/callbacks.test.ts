import { beforeEach, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import { sgd } from '../../src/nn/index.js';
import type { Callback, Training } from '../../src/train/callbacks/callback.js';
import type { EpochLog } from '../../src/train/logs.js';
import { csvLogger } from '../../src/train/callbacks/csvLogger.js';
import { earlyStopping } from '../../src/train/callbacks/earlyStopping.js';
import { learningRateScheduler } from '../../src/train/callbacks/learningRateScheduler.js';
import { modelCheckpoint } from '../../src/train/callbacks/modelCheckpoint.js';
import { Model } from '../../src/train/model.js';
import { differing, numbered, perceptron, Recorder } from './small.js';

const { x, y } = numbered(10);

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder(referenceBackend());
});

function compiled(learningRate = 0.1, metrics: readonly 'accuracy'[] = ['accuracy']): Model {
  const model = new Model(perceptron(), () => recorder, { seed: 5 });
  model.compile({ optimizer: sgd({ learningRate }), loss: 'sparseCategoricalCrossentropy', metrics });
  return model;
}

const rates = () => recorder.inputs('scalars').map(([rate]) => rate);

describe('callbacks', () => {
  it('are called in order, one after the other, and training waits for each', async () => {
    const events: string[] = [];
    const later = () => new Promise<void>((resolve) => setImmediate(resolve));
    const noting = (name: string): Callback => {
      const note = async (event: string) => {
        await later();
        events.push(`${name} ${event} ${recorder.steps.length}`);
      };
      return {
        onTrainBegin: () => note('begin'),
        onEpochBegin: (epoch) => note(`epoch ${epoch}`),
        onBatchEnd: ({ step }) => note(`batch ${step}`),
        onEpochEnd: ({ epoch }) => note(`end of ${epoch}`),
        onTrainEnd: (logs) => note(`end after ${logs.length}`),
      };
    };
    await compiled().fit(x, y, { batchSize: 5, epochs: 2, callbacks: [noting('a'), {}, noting('b')] });
    const expected = [
      ...['begin 0', 'epoch 1 0', 'batch 1 1', 'batch 2 2', 'end of 1 2'],
      ...['epoch 2 2', 'batch 1 3', 'batch 2 4', 'end of 2 4', 'end after 2 4'],
    ];
    expect(events).toEqual(expected.flatMap((event) => [`a ${event}`, `b ${event}`]));
  });

  it('know the model, the epochs asked for and the rate', async () => {
    const model = compiled(0.25);
    const seen: [boolean, number, number][] = [];
    const onTrainBegin = (training: Training) =>
      void seen.push([training.model === model, training.epochs, training.learningRate]);
    await model.fit(x, y, { epochs: 4, callbacks: [{ onTrainBegin }] });
    expect(seen).toEqual([[true, 4, 0.25]]);
  });

  it('can stop the training after the epoch', async () => {
    let ended = 0;
    const callback: Callback = {
      onBatchEnd({ epoch, step }, training) {
        if (epoch === 2 && step === 1) training.stop();
      },
      onTrainEnd: (logs) => void (ended = logs.length),
    };
    const history = await compiled().fit(x, y, { batchSize: 4, epochs: 5, callbacks: [callback] });
    expect(recorder.steps).toHaveLength(6);
    expect(history.epochs).toHaveLength(2);
    expect(ended).toBe(2);
  });

  it('that throw end the training with what they threw, and the model goes on from there', async () => {
    const model = compiled();
    const problem = new Error('disk full');
    const failing: Callback = {
      onEpochEnd() {
        throw problem;
      },
    };
    await expect(model.fit(x, y, { callbacks: [failing] })).rejects.toBe(problem);
    await model.fit(x, y);
    expect(recorder.steps).toHaveLength(2);
    expect(recorder.steps[1]!.kernel).not.toEqual(recorder.steps[0]!.kernel);
  });

  it('can set weights, which the next step starts from', async () => {
    const model = compiled();
    const given = new Map([
      ['dense/kernel', Float32Array.from({ length: 12 }, (_, i) => i / 16)],
      ['dense/bias', Float32Array.of(1, 2, 3)],
    ]);
    const callback: Callback = {
      onBatchEnd({ step }, training) {
        if (step === 1) training.model.setWeights(given);
      },
    };
    await model.fit(x, y, { batchSize: 4, callbacks: [callback] });
    expect(recorder.steps[1]!.kernel).toEqual([...given.get('dense/kernel')!]);
    expect(recorder.steps[2]!.kernel).not.toEqual(recorder.steps[1]!.kernel);
    expect(recorder.steps[2]!.kernel).not.toEqual(recorder.steps[0]!.kernel);
  });

  it('can evaluate and predict at any step without disturbing the training', async () => {
    const [watched, alone] = [compiled(), compiled()];
    const look: Callback = {
      async onBatchEnd(_, { model }) {
        await model.evaluate(x, y);
        await model.predict(x, { batchSize: 3 });
        model.getWeights().get('dense/bias')!.fill(NaN);
      },
    };
    await watched.fit(x, y, { batchSize: 4, epochs: 2, callbacks: [look] });
    await alone.fit(x, y, { batchSize: 4, epochs: 2 });
    expect(differing(watched, alone)).toEqual([]);
  });
});

describe('learningRateScheduler', () => {
  it('sets the rate of each epoch, from the epoch’s number and the rate before', async () => {
    const asked: [number, number][] = [];
    const schedule = (epoch: number, rate: number) => {
      asked.push([epoch, rate]);
      return rate / 2;
    };
    const callbacks = [learningRateScheduler(schedule)];
    const history = await compiled(0.5).fit(x, y, { batchSize: 5, epochs: 3, callbacks });
    expect(asked).toEqual([
      [1, 0.5],
      [2, 0.25],
      [3, 0.125],
    ]);
    expect(rates()).toEqual([0.25, 0.25, 0.125, 0.125, 0.0625, 0.0625]);
    expect(history.epochs.map(({ learningRate }) => learningRate)).toEqual([0.25, 0.125, 0.0625]);
  });

  it('gets an error with the epoch for a rate that is none', async () => {
    const model = compiled();
    await expect(model.fit(x, y, { callbacks: [learningRateScheduler(() => NaN)] })).rejects.toMatchObject({
      code: 'learning-rate',
      message: expect.stringContaining('setLearningRate takes a number >= 0, and was given NaN in epoch 1.'),
    });
    expect(recorder.steps).toHaveLength(0);
  });
});

describe('Training.setLearningRate', () => {
  it.each([-0.1, NaN, Infinity])('refuses %d', async (rate) => {
    const callback: Callback = { onEpochBegin: (_, training) => training.setLearningRate(rate) };
    await expect(compiled(0.5).fit(x, y, { batchSize: 4, callbacks: [callback] })).rejects.toThrow(
      `setLearningRate takes a number >= 0, and was given ${rate} in epoch 1.`,
    );
  });

  it('holds from the next step on', async () => {
    const callback: Callback = {
      onBatchEnd({ step }, training) {
        if (step === 1) training.setLearningRate(0.0625);
      },
    };
    await compiled(0.5).fit(x, y, { batchSize: 4, callbacks: [callback] });
    expect(rates()).toEqual([0.5, 0.0625, 0.0625]);
  });
});

/** A validation that worsens and improves as told: the weights of each epoch are set, and learning is off. */
function scripted(...confidences: number[]): { model: Model; script: Callback; kernelOf: (epoch: number) => number } {
  const model = compiled(0);
  const kernelOf = (epoch: number) => confidences[epoch - 1]!;
  const script: Callback = {
    onEpochBegin(epoch) {
      // The bias towards class 0, the label of every validation image: the larger, the smaller the loss.
      const bias = Float32Array.of(kernelOf(epoch), 0, 0);
      model.setWeights(
        new Map([
          ['dense/kernel', new Float32Array(12)],
          ['dense/bias', bias],
        ]),
      );
    },
  };
  return { model, script, kernelOf };
}

const validationData = [x, new Uint8Array(10)] as const;
const biasOf = (model: Model) => model.getWeights().get('dense/bias')![0];

describe('earlyStopping', () => {
  it('ends when the loss has not improved for `patience` epochs in a row', async () => {
    // Epoch 4 is the best; 5 and 6 do not improve on it.
    const { model, script } = scripted(1, 2, 1.5, 3, 2.5, 2, 1, 9);
    const callbacks = [script, earlyStopping({ patience: 2 })];
    const { epochs } = await model.fit(x, y, { epochs: 8, validationData, callbacks });
    expect(epochs).toHaveLength(6);
    expect(biasOf(model)).toBe(2);
  });

  it.each([
    [undefined, 2],
    [0, 2],
    [1, 2],
    [3, 4],
  ])('with patience %s runs %i epochs where nothing improves, as Keras does', async (patience, expected) => {
    const { model, script } = scripted(1, 1, 1, 1, 1, 1);
    const callbacks = [script, earlyStopping(patience === undefined ? {} : { patience })];
    expect((await model.fit(x, y, { epochs: 6, validationData, callbacks })).epochs).toHaveLength(expected);
  });

  it('starts anew with every training', async () => {
    const callback = earlyStopping({ patience: 2, restoreBestWeights: true });
    const first = scripted(5, 4, 3);
    await first.model.fit(x, y, { epochs: 3, validationData, callbacks: [first.script, callback] });
    const second = scripted(1, 2, 0);
    const callbacks = [second.script, callback];
    expect((await second.model.fit(x, y, { epochs: 3, validationData, callbacks })).epochs).toHaveLength(3);
    expect(biasOf(second.model)).toBe(2);
  });

  it('gives the best epoch’s weights back if asked to, also where training ends by itself', async () => {
    const stopped = scripted(1, 3, 2, 2);
    await stopped.model.fit(x, y, {
      epochs: 4,
      validationData,
      callbacks: [stopped.script, earlyStopping({ restoreBestWeights: true })],
    });
    expect(biasOf(stopped.model)).toBe(3);
    const ended = scripted(3, 2);
    await ended.model.fit(x, y, {
      epochs: 2,
      validationData,
      callbacks: [ended.script, earlyStopping({ patience: 5, restoreBestWeights: true })],
    });
    expect(biasOf(ended.model)).toBe(3);
  });

  it('counts an improvement only above minDelta', async () => {
    const { model, script } = scripted(1, 1.001, 1.002);
    const callbacks = [script, earlyStopping({ minDelta: 0.01 })];
    expect((await model.fit(x, y, { epochs: 3, validationData, callbacks })).epochs).toHaveLength(2);
    const again = scripted(1, 1.001, 1.002);
    const lenient = [again.script, earlyStopping()];
    expect((await again.model.fit(x, y, { epochs: 3, validationData, callbacks: lenient })).epochs).toHaveLength(3);
  });

  it('wants accuracies to rise, and the opposite where it is told so', async () => {
    // A bias below 0 reads no validation image right.
    const rising = scripted(-1, 1, 1);
    const callbacks = [rising.script, earlyStopping({ monitor: 'valAccuracy' })];
    expect((await rising.model.fit(x, y, { epochs: 3, validationData, callbacks })).valAccuracy).toEqual([0, 1, 1]);
    const falling = scripted(-1, 1, 1);
    const reversed = [falling.script, earlyStopping({ monitor: 'valAccuracy', mode: 'min' })];
    const history = await falling.model.fit(x, y, { epochs: 3, validationData, callbacks: reversed });
    expect(history.valAccuracy).toEqual([0, 1]);
  });

  it('says what it lacks', async () => {
    const valLoss = compiled().fit(x, y, { callbacks: [earlyStopping()] });
    await expect(valLoss).rejects.toMatchObject({
      code: 'monitor',
      message:
        'earlyStopping watches "valLoss", which this training does not give.\n' +
        '  Give fit validationData or validationSplit.',
    });
    const accuracy = compiled(0.1, []).fit(x, y, { callbacks: [earlyStopping({ monitor: 'accuracy' })] });
    await expect(accuracy).rejects.toMatchObject({
      message:
        'earlyStopping watches "accuracy", which this training does not give.\n' +
        "  Give compile metrics: ['accuracy'].",
    });
  });
});

describe('modelCheckpoint', () => {
  it('saves the best epochs so far, each with its weights', async () => {
    const { model, script } = scripted(1, 2, 1.5, 2, 3);
    const saved: [number, number | undefined][] = [];
    const save = async (of: unknown, { epoch }: EpochLog) => {
      expect(of).toBe(model);
      await Promise.resolve();
      saved.push([epoch, biasOf(model)]);
    };
    await model.fit(x, y, { epochs: 5, validationData, callbacks: [script, modelCheckpoint({ save })] });
    expect(saved).toEqual([
      [1, 1],
      [2, 2],
      [5, 3],
    ]);
  });

  it('or every epoch, and then needs no figure', async () => {
    const saved: number[] = [];
    const save = (_: unknown, { epoch }: EpochLog) => void saved.push(epoch);
    await compiled().fit(x, y, { epochs: 3, callbacks: [modelCheckpoint({ save, saveBestOnly: false })] });
    expect(saved).toEqual([1, 2, 3]);
    await expect(compiled().fit(x, y, { callbacks: [modelCheckpoint({ save })] })).rejects.toMatchObject({
      code: 'monitor',
      message: expect.stringContaining('modelCheckpoint watches "valLoss"'),
    });
  });
});

describe('the options of callbacks', () => {
  it('are checked when they are made', () => {
    expect(() => earlyStopping({ patients: 3 } as never)).toThrow(
      'earlyStopping: there is no option "patients".\n  Did you mean "patience"?',
    );
    expect(() => earlyStopping({ patience: -1 })).toThrow(
      'the option "patience" must be a whole number >= 0, but is -1',
    );
    expect(() => earlyStopping({ monitor: 'val_loss' as never })).toThrow('Did you mean "valLoss"?');
    expect(() => modelCheckpoint({} as never)).toThrow(
      'modelCheckpoint: the option "save" is missing.\n  Give save: a function of the model and the epoch.',
    );
    expect(() => modelCheckpoint({ save: () => undefined, mode: 'auto' as never })).toThrow('one of "min", "max"');
  });
});

describe('csvLogger', () => {
  it('writes a header and a line an epoch, with nothing where there is no figure', async () => {
    const lines: string[] = [];
    const write = async (line: string) => void lines.push(line);
    const { epochs } = await compiled(0.5).fit(x, y, { epochs: 2, callbacks: [csvLogger({ write })] });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('epoch,loss,accuracy,valLoss,valAccuracy,learningRate,imagesPerSecond,seconds\n');
    epochs.forEach((log, i) => {
      const { epoch, loss, accuracy, imagesPerSecond, seconds } = log;
      expect(lines[i + 1]).toBe(`${epoch},${loss},${accuracy},,,0.5,${imagesPerSecond},${seconds}\n`);
    });
  });

  it('writes the validation’s figures', async () => {
    const lines: string[] = [];
    const callbacks = [csvLogger({ write: (line) => void lines.push(line) })];
    const { epochs } = await compiled().fit(x, y, { validationData: [x, y], callbacks });
    const { valLoss, valAccuracy } = epochs[0]!;
    expect(lines[1]!.split(',').slice(3, 5)).toEqual([String(valLoss), String(valAccuracy)]);
  });
});

describe('a signal', () => {
  it('ends the training after the step in progress with its reason; the model is usable', async () => {
    const model = compiled();
    const controller = new AbortController();
    const reason = new Error('enough');
    let ended = false;
    const callback: Callback = {
      onBatchEnd({ step }) {
        if (step === 2) controller.abort(reason);
      },
      onTrainEnd: () => void (ended = true),
    };
    const fitting = model.fit(x, y, { batchSize: 4, epochs: 3, callbacks: [callback], signal: controller.signal });
    await expect(fitting).rejects.toBe(reason);
    expect(ended).toBe(false);
    expect(recorder.steps).toHaveLength(2);
    expect(model.steps).toBe(2);
    const weights = model.getWeights();
    expect([...weights.get('dense/kernel')!]).not.toEqual(recorder.steps[1]!.kernel);

    await model.fit(x, y, { batchSize: 10 });
    expect(recorder.steps[2]!.kernel.map(Math.fround)).toEqual([...weights.get('dense/kernel')!]);
  });

  it('that was aborted before lets no step be made', async () => {
    const signal = AbortSignal.abort();
    await expect(compiled().fit(x, y, { signal })).rejects.toBe(signal.reason);
    expect(recorder.steps).toHaveLength(0);
  });
});
