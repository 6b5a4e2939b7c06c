import type { Network } from '../nn/index.js';
import { answersOf, calibrationError, fitTemperature, negativeLogLikelihood } from '../numeric/calibration.js';
import { CifraError } from '../numeric/errors.js';
import type { Tensor } from '../numeric/tensor.js';
import type { ModelBase } from './modelBase.js';

/** How good probabilities are. */
export interface ProbabilityQuality {
  /** The mean negative log-likelihood of the labels. */
  readonly nll: number;
  /** The expected calibration error, by 15 bins, from 0 to 1. */
  readonly ece: number;
}

/** What calibration by a temperature has come to. */
export interface TemperatureCalibration {
  readonly type: 'temperature';
  /** What the logits were divided by: above 1, the model had been too sure of itself. */
  readonly temperature: number;
  /** How many images it was found on. */
  readonly images: number;
  /** On these images. */
  readonly before: ProbabilityQuality;
  readonly after: ProbabilityQuality;
}

/**
 * Calibrates a model by temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", 2017): one number, by
 * which the weights of its last layer are divided, makes the labels of images that it was not trained on most likely. What
 * it takes an image for stays; a file that it is saved to holds the calibrated weights, and training that goes on does so
 * from the weights as they were. Equal models and images give equal bits.
 * @param x images [N, ...inputShape] that were held out of the training
 * @param labels their classes [N]
 * @throws CifraError `calibration-network` if it does not end in a dense layer with softmax, `calibration-data`
 */
export async function calibrateTemperature(
  model: ModelBase,
  x: Tensor,
  labels: Uint8Array,
): Promise<TemperatureCalibration> {
  checkCalibrated(model.network);
  const logits = await model.predict(x, { logits: true });
  const before = await qualityOf(model, x, labels, logits);
  const temperature = fitTemperature(logits, labels);
  const weights = model.getWeights();
  const scaled = model.network.lastLayer.weights.map(({ name }): [string, Float32Array] => [
    name,
    weights.get(name)!.map((value) => value / temperature),
  ]);
  model.showWeights(new Map(scaled));
  const after = await qualityOf(model, x, labels, await model.predict(x, { logits: true }));
  return { type: 'temperature', temperature, images: labels.length, before, after };
}

/** @throws CifraError `calibration-network` */
export function checkCalibrated({ endsInSoftmax, lastLayer: { name, layer } }: Network): void {
  if (layer.type === 'dense' && endsInSoftmax) return;
  throw new CifraError(
    'calibration-network',
    `Calibration divides the weights of a dense layer with softmax by a number, and the last layer, "${name}", is none.`,
    "End with dense({ units: 10, activation: 'softmax' }).",
  );
}

async function qualityOf(
  model: ModelBase,
  x: Tensor,
  labels: Uint8Array,
  logits: Tensor<Float32Array>,
): Promise<ProbabilityQuality> {
  const { ece } = calibrationError(answersOf(await model.predict(x), labels));
  return { nll: negativeLogLikelihood(logits, labels), ece };
}
