import { CifraError } from '../numeric/errors.js';
import { log } from '../numeric/exactMath.js';
import { formatShape, type Tensor } from '../numeric/tensor.js';
import { Examples, type Targets } from './examples.js';
import type { Model } from './model.js';
import type { BatchOptions, EvaluateOptions, Evaluation } from './modelOptions.js';

/** What reads images: a model, or an ensemble of them. */
export interface Classifier extends AsyncDisposable {
  /** What a row of images and of probabilities looks like. */
  readonly network: Pick<Model['network'], 'inputShape' | 'outputShape'>;
  /** Probabilities [N, classes]. */
  predict(x: Tensor, options?: BatchOptions): Promise<Tensor<Float32Array>>;
  /** The class of every image. */
  predictClass(x: Tensor, options?: BatchOptions): Promise<Uint8Array>;
  evaluate(x: Tensor, y: Targets, options?: EvaluateOptions): Promise<Evaluation>;
  dispose(): Promise<void>;
}

/** As Keras, so that the loss of what is thought impossible is not infinite. */
const LEAST_PROBABILITY = 1e-7;

/**
 * Several models that read together: its probabilities are the means of theirs, which are right more often, and better
 * calibrated, than those of one. Models trained with different seeds make an ensemble. `dispose()` disposes of them all.
 */
export class Ensemble implements Classifier {
  /** @throws CifraError `ensemble-models` if there are none, or they differ in input, classes or softmax */
  constructor(readonly members: readonly Model[]) {
    const [first] = members;
    if (!first) throw modelsError('it has no members', 'Give at least one model.');
    members.forEach(({ network }, i) => {
      const [input, output] = [formatShape(network.inputShape), formatShape(network.outputShape)];
      if (!network.endsInSoftmax) {
        throw modelsError(`member ${i + 1} gives no probabilities`, 'Give networks that end in softmax.');
      }
      if (input !== formatShape(first.network.inputShape) || output !== formatShape(first.network.outputShape)) {
        throw modelsError(
          `member ${i + 1} makes ${output} of ${input}, and the first ${formatShape(first.network.outputShape)} of ${formatShape(first.network.inputShape)}`,
          'Give models of the same images and classes.',
        );
      }
    });
  }

  get network(): Model['network'] {
    return this.members[0]!.network;
  }

  /** The means of the members' probabilities [N, classes]. */
  async predict(x: Tensor, options: BatchOptions = {}): Promise<Tensor<Float32Array>> {
    let sums = new Float64Array();
    let shape: readonly number[] = [];
    for (const member of this.members) {
      const { data, ...given } = await member.predict(x, options);
      if (sums.length === 0) sums = new Float64Array(data.length);
      ({ shape } = given);
      for (let i = 0; i < data.length; i++) sums[i]! += data[i]!;
    }
    return { data: Float32Array.from(sums, (sum) => sum / this.members.length), shape };
  }

  async predictClass(x: Tensor, options: BatchOptions = {}): Promise<Uint8Array> {
    return classesOf(await this.predict(x, options));
  }

  /** Accuracy and cross-entropy of the mean probabilities. */
  async evaluate(x: Tensor, y: Targets, options: EvaluateOptions = {}): Promise<Evaluation> {
    const { withProbabilities = false, ...rest } = options;
    if (new Examples(x, y, this.network).count === 0) {
      throw new CifraError('no-images', 'evaluate was given no images.', 'Give at least one image.');
    }
    const probabilities = await this.predict(x, rest);
    const classes = probabilities.shape[1]!;
    const found = classesOf(probabilities);
    const rows = rowsOf(y, classes);
    let [loss, correct] = [0, 0];
    found.forEach((best, i) => {
      const target = rows(i);
      let most = 0;
      target.forEach((share, c) => {
        if (share !== 0) loss -= share * log(Math.max(LEAST_PROBABILITY, probabilities.data[i * classes + c]!));
        if (share > target[most]!) most = c;
      });
      if (best === most) correct++;
    });
    const count = found.length;
    return {
      loss: loss / count,
      accuracy: correct / count,
      correct,
      count,
      ...(withProbabilities && { probabilities }),
    };
  }

  async dispose(): Promise<void> {
    for (const member of this.members) await member.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

function classesOf({ data, shape }: Tensor<Float32Array>): Uint8Array {
  const [count = 0, classes = 0] = shape;
  return Uint8Array.from({ length: count }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (data[row * classes + c]! > data[row * classes + best]!) best = c;
    return best;
  });
}

/** The right answers as rows of shares. */
function rowsOf(y: Targets, classes: number): (i: number) => readonly number[] {
  const targets: Tensor = y instanceof Uint8Array ? { data: y, shape: [y.length] } : y;
  const { data } = targets;
  if (targets.shape.length === 2) return (i) => [...data.subarray(i * classes, (i + 1) * classes)];
  return (i) => Array.from({ length: classes }, (_, c) => (c === data[i] ? 1 : 0));
}

function modelsError(problem: string, remedy: string): CifraError {
  return new CifraError('ensemble-models', `These models cannot read together: ${problem}.`, remedy);
}
