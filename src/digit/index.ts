export { type NormalizedDigit, normalizeDigit } from './normalize.js';
export type { Box, RgbaPicture } from './picture.js';
export type { Stage } from './stages.js';
export type { Geometry } from './geometry.js';
