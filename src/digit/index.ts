export type { Geometry } from './geometry.js';
export { judge, type Reading, type Status, type Verdict } from './judge.js';
export { LIMITS, type Limits } from './limits.js';
export { type NormalizedDigit, normalizeDigit, type NormalizeOptions } from './normalize.js';
export type { Box, RgbaPicture } from './picture.js';
export { type Stage, stageNotes } from './stages.js';
