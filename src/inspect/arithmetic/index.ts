import { layersProgram, type PlacedLayer } from '../../nn/index.js';
import { CifraError } from '../../numeric/errors.js';
import { formatShape, sizeOf, type Tensor } from '../../numeric/tensor.js';
import { type InspectedModel, layerNamed, pixelsOf } from '../model.js';
import { elementwise, softmaxOf } from './activation.js';
import { activationStep, batchNormalizationStep, dropoutStep, flattenStep } from './elementwise.js';
import type { LayerInput } from './layerInput.js';
import { checkPlace } from './place.js';
import { averagePooling2dStep, globalAveragePooling2dStep, maxPooling2dStep } from './pooling.js';
import { conv2dStep, denseStep } from './products.js';
import type { ActivationArithmetic, Arithmetic, ArithmeticStep, LayerValues, Place } from './types.js';

export type * from './types.js';

type StepOf = (layer: LayerInput, at: readonly number[]) => [step: ArithmeticStep, before: number];

/** By the layer's type. */
const steps: Readonly<Record<ArithmeticStep['kind'], StepOf>> = {
  conv2d: conv2dStep,
  dense: denseStep,
  batchNormalization: batchNormalizationStep,
  maxPooling2d: maxPooling2dStep,
  averagePooling2d: averagePooling2dStep,
  globalAveragePooling2d: globalAveragePooling2dStep,
  flatten: flattenStep,
  dropout: dropoutStep,
  activation: activationStep,
};

/**
 * How one number that a layer gives came about from the layer's input, with every number that went into it: as the
 * network is after training, where dropout does nothing and batch normalization uses its moving averages.
 * @param image [1, ...inputShape], bytes with a divisor or f32, as `predict` takes it
 * @param maps what the layers give for it, by `featureMaps` or `featureMapper`: of the layer before the place's; others
 * are not looked at
 * @returns computed in float64 from these values
 * @throws CifraError `unknown-layer`; `pixel-place` if the place is not in the layer's output; `input-shape` if image or
 * map is not of one image of the network; `no-arithmetic` for a layer whose arithmetic is not known here
 */
export function arithmetic(
  model: InspectedModel,
  image: Tensor,
  maps: readonly LayerValues[],
  { layer: name, at }: Place,
): Arithmetic {
  const placed = layerNamed(model, name);
  checkPlace(placed, at);
  const step = stepOf(placed);
  const weights = model.getWeights();
  const input: LayerInput = {
    placed,
    ops: layersProgram(model.network, { capacity: 1, images: { dtype: 'f32' } }).ops.filter(
      ({ label }) => label === name,
    ),
    values: inputOf(model, placed, image, maps),
    weight: (weight) => weights.get(`${name}/${weight}`),
  };
  const [parts, before] = step(input, at);
  const [activation, value] = activated(input, at, before, (place) => step(input, place)[1]);
  const layer = model.network.summaryData().layers.find((summary) => summary.name === name)!;
  return { ...parts, layer, at, before, activation, value };
}

/** The activation is the layer's last op, if it has one: convolution and the like are ops of their own here. */
function activated(
  { ops, placed }: LayerInput,
  at: readonly number[],
  before: number,
  beforeAt: (at: readonly number[]) => number,
): [ActivationArithmetic | undefined, value: number] {
  const op = ops.at(-1);
  if (op?.name === 'activation') return elementwise(op.attributes, before);
  if (op?.name !== 'softmax') return [undefined, before];
  const channels = placed.outputShape.at(-1)!;
  const inputs = Float64Array.from({ length: channels }, (_, channel) => beforeAt([...at.slice(0, -1), channel]));
  return softmaxOf(inputs, at.at(-1)!);
}

/** @throws CifraError `no-arithmetic` */
function stepOf({ name, layer: { type } }: PlacedLayer): StepOf {
  const found = Object.entries(steps).find(([kind]) => kind === type);
  if (found) return found[1];
  throw new CifraError(
    'no-arithmetic',
    `The arithmetic of layer "${name}" cannot be shown: nothing is known here of layers of type ${type}.`,
    `Known are: ${Object.keys(steps).join(', ')}.`,
  );
}

/** @throws CifraError `unknown-layer`, `input-shape` */
function inputOf(
  model: InspectedModel,
  placed: PlacedLayer,
  image: Tensor,
  maps: readonly LayerValues[],
): ArrayLike<number> {
  const before = model.network.layers[model.network.layers.indexOf(placed) - 1];
  const map = before && maps.find(({ layer }) => layer.name === before.name);
  if (before && !map) {
    throw new CifraError(
      'unknown-layer',
      `What layer "${before.name}" gives is needed for "${placed.name}", which comes after it, but it is not among the maps.`,
      'Give the maps of all layers.',
    );
  }
  const { data, shape } = map ?? pixelsOf(model, image);
  if (shape[0] === 1 && data.length === sizeOf(placed.inputShape)) return data;
  throw new CifraError(
    'input-shape',
    `The arithmetic is of one image, but ${map ? `the map of "${before.name}"` : 'the image'} has shape ${formatShape(shape)}.`,
    'Take one: rows(images, index, index + 1).',
  );
}
