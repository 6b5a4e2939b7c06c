import type { Backend } from '../../src/engine/backend.js';
import { ProgramBuilder } from '../../src/engine/program/builder.js';
import type { OpAttributes, OpName, Padding2d, TensorSpec } from '../../src/engine/program/types.js';
import type { Float64Tensor } from './safetensors.js';

type Tensors = Record<string, Float64Tensor>;
type Compare = (tensor: string, values: ArrayLike<number>, truth: ArrayLike<number>) => void;

const none: Padding2d = { top: 0, bottom: 0, left: 0, right: 0 };
const epsilon = 1e-3;
const classes = 10;

/** conv-bn-conv-pool-bn-conv-bn-conv-pool-flatten-bn-dense-bn-dense, five Adam steps, then inference. */
export async function checkNetwork(backend: Backend, tensors: Tensors, compare: Compare): Promise<void> {
  const [steps, batch, ...imageShape] = tensors['images']!.shape as [number, number, ...number[]];
  const parameters = Object.keys(tensors)
    .filter((name) => name.startsWith('start.'))
    .map((name) => name.slice('start.'.length));
  const moving = Object.keys(tensors)
    .filter((name) => name.includes('.moving_'))
    .map((name) => name.slice('end.'.length));

  const training = await backend.compile(trainingProgram(tensors, parameters, batch, imageShape));
  for (const name of parameters) training.writeState(name, tensors[`start.${name}`]!.data);
  for (const name of moving) if (name.endsWith('variance')) training.writeState(name, ones(tensors[`end.${name}`]!));

  const imageSize = tensors['images']!.data.length / steps;
  const images = (step: number) => tensors['images']!.data.subarray(step * imageSize, (step + 1) * imageSize);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    training.input('images').set(images(step));
    training.input('labels').set(tensors['labels']!.data.subarray(step * batch, (step + 1) * batch));
    const rate = (1e-3 * Math.sqrt(1 - 0.999 ** (step + 1))) / (1 - 0.9 ** (step + 1));
    training.input('scalars').set([rate, 0]);
    await training.run(batch);
    losses.push(training.readOutput('loss')[0]!);
    if (step > 0) continue;
    for (const name of parameters) compare(`grad0.${name}`, training.readOutput(name), tensors[`grad0.${name}`]!.data);
  }
  compare('losses', losses, tensors['losses']!.data);
  const trained = [...parameters, ...moving];
  for (const name of trained) compare(`end.${name}`, training.readState(name), tensors[`end.${name}`]!.data);

  const inference = await backend.compile(inferenceProgram(tensors, batch, imageShape));
  for (const name of trained) inference.writeState(name, training.readState(name));
  inference.input('images').set(images(0));
  await inference.run(batch);
  compare('end.probabilities', inference.readOutput('probabilities'), tensors['end.probabilities']!.data);
  training.dispose();
  inference.dispose();
}

function ones({ data }: Float64Tensor): Float64Array {
  return new Float64Array(data.length).fill(1);
}

function trainingProgram(tensors: Tensors, parameters: readonly string[], batch: number, imageShape: number[]) {
  const builder = new ProgramBuilder(batch);
  const network = new Network(builder, tensors, true);
  const logits = network.logits(builder.input('images', imageShape, 'f32', true));
  const [targets] = builder.emit('oneHot', [builder.input('labels', [], 'u8', true)], { classes });
  const [perRow] = builder.emit('softmaxCrossEntropy', [logits, targets!], { labelSmoothing: 0 });
  const [loss] = builder.emit('meanRows', [perRow!], {});
  builder.output('loss', loss!);
  const weights = parameters.map((name) => network.state(name));
  const gradients = builder.gradients(loss!, weights);
  const scalars = builder.input('scalars', [2], 'f32', false);
  parameters.forEach((name, i) => {
    builder.output(name, gradients[i]!);
    const [w, g] = [weights[i]!, gradients[i]!];
    const slots = ['m', 'v'].map((slot) => builder.state(`${name}/${slot}`, w.shape));
    builder.emit('adam', [w, g, ...slots, scalars], { beta1: 0.9, beta2: 0.999, epsilon: 1e-3 });
  });
  return builder.build();
}

function inferenceProgram(tensors: Tensors, batch: number, imageShape: number[]) {
  const builder = new ProgramBuilder(batch);
  const logits = new Network(builder, tensors, false).logits(builder.input('images', imageShape, 'f32', true));
  builder.output('probabilities', builder.emit('softmax', [logits], {})[0]!);
  return builder.build();
}

class Network {
  readonly #states = new Map<string, TensorSpec>();

  constructor(
    readonly builder: ProgramBuilder,
    readonly tensors: Tensors,
    readonly training: boolean,
  ) {}

  logits(images: TensorSpec): TensorSpec {
    let x = this.#normalize('bn1', this.#relu(this.#conv('conv1', images)));
    x = this.#normalize('bn2', this.#pool(this.#relu(this.#conv('conv2', x))));
    x = this.#normalize('bn3', this.#relu(this.#conv('conv3', x)));
    x = this.#pool(this.#relu(this.#conv('conv4', x)));
    const [count, height, width, channels] = x.shape as [number, number, number, number];
    x = this.#normalize('bn4', this.#emit('reshape', [x], { shape: [count, height * width * channels] }));
    x = this.#normalize('bn5', this.#relu(this.#dense('dense1', x)));
    return this.#dense('dense2', x);
  }

  state(name: string): TensorSpec {
    let spec = this.#states.get(name);
    if (!spec) {
      spec = this.builder.state(name, this.tensors[`end.${name}`]!.shape);
      this.#states.set(name, spec);
    }
    return spec;
  }

  #emit<N extends OpName>(name: N, inputs: TensorSpec[], attributes: OpAttributes[N]): TensorSpec {
    return this.builder.emit(name, inputs, attributes)[0]!;
  }

  #conv(name: string, x: TensorSpec): TensorSpec {
    return this.builder.labelled(name, () => {
      const y = this.#emit('conv2d', [x, this.state(`${name}.kernel`)], { strides: [1, 1], padding: none });
      return this.#emit('addBias', [y, this.state(`${name}.bias`)], {});
    });
  }

  #dense(name: string, x: TensorSpec): TensorSpec {
    return this.builder.labelled(name, () => {
      const transposes = { transposeA: false, transposeB: false };
      const y = this.#emit('matmul', [x, this.state(`${name}.kernel`)], transposes);
      return this.#emit('addBias', [y, this.state(`${name}.bias`)], {});
    });
  }

  #relu(x: TensorSpec): TensorSpec {
    return this.#emit('activation', [x], { kind: 'relu' });
  }

  #pool(x: TensorSpec): TensorSpec {
    return this.#emit('maxPool2d', [x], { poolSize: [2, 2], strides: [2, 2], padding: none });
  }

  #normalize(name: string, x: TensorSpec): TensorSpec {
    const of = (part: string) => this.state(`${name}.${part}`);
    return this.builder.labelled(name, () => {
      if (!this.training) {
        const inputs = [x, of('gamma'), of('beta'), of('moving_mean'), of('moving_variance')];
        return this.#emit('batchNormalizationInference', inputs, { epsilon });
      }
      const [y, mean, variance] = this.builder.emit('batchNormalization', [x, of('gamma'), of('beta')], { epsilon });
      this.builder.emit('updateMovingAverage', [of('moving_mean'), mean!], { momentum: 0.99 });
      this.builder.emit('updateMovingAverage', [of('moving_variance'), variance!], { momentum: 0.99 });
      return y!;
    });
  }
}
