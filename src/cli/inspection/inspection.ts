import {
  type FeatureMap,
  featureMaps,
  gradientSaliency,
  type GradientSaliency,
  kernels,
  type Kernels,
  occlusion,
  type Occlusion,
  upperEnd,
} from '../../inspect/index.js';
import type { SummaryData } from '../../nn/index.js';
import type { Tensor } from '../../numeric/tensor.js';
import type { Model } from '../../train/model.js';

/** All that is shown of a network and of what it makes of one image. */
export interface Inspection {
  readonly summary: SummaryData;
  /** The image, 0 paper to 1 ink. */
  readonly ink: Float32Array;
  readonly width: number;
  readonly height: number;
  /** What it is, in words. */
  readonly what: string;
  readonly classNames: readonly string[];
  readonly probabilities: readonly number[];
  /** The likeliest class. */
  readonly label: number;
  /** Of the layer asked for, or the first convolution; undefined where that has none. */
  readonly kernels: Kernels | undefined;
  readonly maps: readonly FeatureMap[];
  /** Not where one layer is looked at. */
  readonly evidence: Evidence | undefined;
}

/** Which pixels speak for a class. */
export interface Evidence {
  readonly occlusion: Occlusion;
  readonly saliency: GradientSaliency;
  /** Of `SAMPLES` noisy copies. */
  readonly smooth: GradientSaliency;
}

export interface InspectionChoice {
  /** One image [1, height, width, 1]. */
  readonly image: Tensor;
  readonly what: string;
  readonly classNames: readonly string[];
  /** The layer to look at; default all, the kernels of the first convolution, and the evidence. */
  readonly layer: string | undefined;
  /** The class that occlusion and saliency ask about; default the one that is read. */
  readonly target: number | undefined;
}

/** Noisy copies for SmoothGrad. */
export const SAMPLES = 32;

/** @throws CifraError `unknown-layer`, `target-label`, and what does not fit of image and network */
export async function inspectModel(
  model: Model,
  { image, what, classNames, layer, target }: InspectionChoice,
): Promise<Inspection> {
  const maps = await featureMaps(model, image, layer === undefined ? {} : { layers: [layer] });
  const probabilities = [...(await model.predict(image)).data];
  const [, height, width] = image.shape as readonly [number, number, number, number];
  return {
    summary: model.network.summaryData(),
    ink: Float32Array.from(image.data, (value) => value / (image.divisor ?? 1)),
    width,
    height,
    what,
    classNames,
    probabilities,
    label: probabilities.indexOf(Math.max(...probabilities)),
    kernels: hasKernels(model, layer) ? kernels(model, layer) : undefined,
    maps,
    evidence: layer === undefined ? await evidenceOf(model, image, target) : undefined,
  };
}

async function evidenceOf(model: Model, image: Tensor, target: number | undefined): Promise<Evidence> {
  const asked = target === undefined ? {} : { target };
  return {
    occlusion: await occlusion(model, image, asked),
    saliency: await gradientSaliency(model, image, asked),
    smooth: await gradientSaliency(model, image, { ...asked, samples: SAMPLES }),
  };
}

function hasKernels({ network }: Model, layer: string | undefined): boolean {
  return network.layers.some(
    ({ name, layer: { type } }) => type === 'conv2d' && (layer === undefined || name === layer),
  );
}

/** The values between which something is drawn, and whether some lie beyond. */
export interface Limits {
  readonly least: number;
  readonly most: number;
  readonly isCut: boolean;
}

/** From 0, or the smallest value below, to the largest; in images to less, where a few are far above the others. */
export function limitsOf({ data, shape, min, max }: FeatureMap): Limits {
  const most = shape.length === 4 ? upperEnd(data, 0.995) : max;
  return { least: Math.min(0, min), most, isCut: most < max };
}

/** From -scale to scale, whatever lies between. */
export function exactLimits(scale: number): Limits {
  return { least: -scale, most: scale, isCut: false };
}

/** To both sides of 0, to less than the largest where a few are far above the others. */
export function signedLimits(data: Float32Array): Limits {
  const sizes = data.map(Math.abs);
  const most = upperEnd(sizes);
  return { least: -most, most, isCut: sizes.some((size) => size > most) };
}

/** Layers that leave the values as they are, once the network is trained. */
export function isUnchanged({ layer }: FeatureMap): boolean {
  return layer.type === 'Flatten' || layer.type === 'Dropout';
}
