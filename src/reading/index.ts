export type { Predictor } from './predictor.js';
export { DigitReader, type DigitReaderOptions, type DigitReading, type LikelyDigit } from './reader.js';
export { inWords, runnersUp } from './words.js';
