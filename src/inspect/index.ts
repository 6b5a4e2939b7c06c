/** Looking inside a network: numbers ready to be drawn, for a report, the command line or a page. */
export {
  type ActivationArithmetic,
  type ActivationStep,
  type Arithmetic,
  arithmetic,
  type ArithmeticStep,
  type AveragePooling2dStep,
  type BatchNormalizationStep,
  type ChannelProducts,
  type Conv2dStep,
  type DenseStep,
  type DropoutStep,
  type ElementwiseActivation,
  type FlattenStep,
  type InputWindow,
  type LayerValues,
  type MaxPooling2dStep,
  type Place,
  type SoftmaxActivation,
} from './arithmetic/index.js';
export { divergingColour, type Rgb, sequentialColour } from './colours.js';
export {
  type FeatureMap,
  featureMapper,
  type FeatureMapper,
  type FeatureMapperOptions,
  featureMaps,
  type FeatureMapsOptions,
} from './featureMaps.js';
export { kernels, type Kernels } from './kernels.js';
export type { InspectedModel } from './model.js';
export { occlusion, type Occlusion, type OcclusionOptions } from './occlusion.js';
export { plane, type Planes, planesOf, upperEnd } from './planes.js';
export { gradientSaliency, type GradientSaliency, type GradientSaliencyOptions } from './saliency.js';
export { type ImageRectangle, receptiveField } from './receptiveField.js';
