import type { Config } from '../../../src/nn/index.js';

/** Layers in plain words. */

const activationNames: Readonly<Record<string, string>> = {
  relu: 'ReLU',
  leakyRelu: 'leaky ReLU',
  elu: 'ELU',
  selu: 'SELU',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softplus: 'softplus',
  softmax: 'softmax',
  linear: 'linear',
};

export function activationName(kind: string): string {
  return activationNames[kind] ?? kind;
}

/** What a layer is and does: `Convolution: 32 kernels of 3 × 3, then ReLU`. */
export function layerTitle(config: Config): string {
  const title = titles[config.type]?.(config) ?? config.type;
  const { activation } = config;
  if (config.type === 'activation' || !isConfig(activation) || activation.type === 'linear') return title;
  return `${title}, then ${activationName(activation.type)}`;
}

const titles: Readonly<Record<string, (config: Config) => string>> = {
  conv2d: ({ filters, kernelSize, strides, padding }) =>
    `Convolution: ${count(filters, 'kernel')} of ${size(kernelSize)}${steps(strides, 1)}${edges(padding)}`,
  dense: ({ units }) => `Dense: ${count(units, 'unit')}`,
  batchNormalization: () => 'Batch normalization: all brought to one scale',
  maxPooling2d: ({ poolSize, strides, padding }) =>
    `Max pooling: the largest of ${size(poolSize)}${steps(strides, poolSize)}${edges(padding)}`,
  averagePooling2d: ({ poolSize, strides, padding }) =>
    `Average pooling: the mean of ${size(poolSize)}${steps(strides, poolSize)}${edges(padding)}`,
  globalAveragePooling2d: () => 'Global average pooling: the mean of each map',
  flatten: () => 'Flatten: all numbers in one line',
  dropout: ({ rate }) => `Dropout: ${(100 * Number(rate)).toFixed(0)}%, in training only`,
  activation: ({ activation }) => `Activation: ${isConfig(activation) ? activationName(activation.type) : 'linear'}`,
};

/** Layers whose maps say little that those before them do not. */
export function isQuiet({ type }: Config): boolean {
  return type === 'dropout' || type === 'flatten';
}

export function shapeWords(shape: readonly number[]): string {
  return shape.length === 1 ? count(shape[0], 'unit') : shape.join(' × ');
}

export function count(number: unknown, thing: string): string {
  return `${grouped(Number(number))} ${thing}${number === 1 ? '' : 's'}`;
}

/** 1024 as 1,024. */
export const grouped = (number: number): string => grouping.format(number);
const grouping = new Intl.NumberFormat('en');

function size(value: unknown): string {
  return Array.isArray(value) ? value.join(' × ') : `${String(value)} × ${String(value)}`;
}

/** Where it is not what one expects. */
function steps(strides: unknown, expected: unknown): string {
  const pair = (value: unknown): string => String(Array.isArray(value) ? value : [value, value]);
  if (strides === undefined || pair(strides) === pair(expected)) return '';
  return `, in steps of ${size(strides)}`;
}

function edges(padding: unknown): string {
  return padding === 'same' ? ', beyond the edges too' : '';
}

function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && 'type' in value;
}
