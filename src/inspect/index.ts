/** Looking inside a network: numbers ready to be drawn, for a report, the command line or a page. */
export { divergingColour, type Rgb, sequentialColour } from './colours.js';
export { featureMaps, type FeatureMap, type FeatureMapsOptions } from './featureMaps.js';
export { kernels, type Kernels } from './kernels.js';
export type { InspectedModel } from './model.js';
export { occlusion, type Occlusion, type OcclusionOptions } from './occlusion.js';
export { plane, type Planes, planesOf, upperEnd } from './planes.js';
export { gradientSaliency, type GradientSaliency, type GradientSaliencyOptions } from './saliency.js';
