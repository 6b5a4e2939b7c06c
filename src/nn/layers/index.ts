import type { Factory } from '../config.js';
import { activation } from './activation.js';
import { averagePooling2d } from './averagePooling2d.js';
import { batchNormalization } from './batchNormalization.js';
import { conv2d } from './conv2d.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { flatten } from './flatten.js';
import { globalAveragePooling2d } from './globalAveragePooling2d.js';
import type { Layer } from './layer.js';
import { maxPooling2d } from './maxPooling2d.js';

/** Every layer by its type, as configurations name it. */
export const layerTypes: Readonly<Record<string, Factory<Layer>>> = {
  conv2d,
  dense,
  batchNormalization,
  maxPooling2d,
  averagePooling2d,
  globalAveragePooling2d,
  flatten,
  dropout,
  activation,
};
