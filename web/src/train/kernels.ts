import type { Config } from '../../../src/nn/index.js';

/** The kernels of a network's first convolution, each filter's for each channel. */
export interface Kernels {
  readonly layer: string;
  readonly width: number;
  readonly height: number;
  readonly pictures: readonly Float32Array[];
  /** The largest absolute weight. */
  readonly largest: number;
}

/** More would be too small to see anything. */
const MOST = 64;

/** @returns undefined if the network begins with no convolution */
export function firstKernels(network: Config, weights: ReadonlyMap<string, Float32Array>): Kernels | undefined {
  const layer = layersOf(network).find(({ type }) => type === 'conv2d');
  const kernel = weights.get(`${layer?.name}/kernel`);
  if (!layer || !kernel) return undefined;
  const [height, width] = [layer.kernelSize].flat(2) as [number, number?];
  const area = height * (width ?? height);
  const filters = layer.filters;
  const channels = kernel.length / (area * filters);
  const pictures = Array.from({ length: Math.min(MOST, filters * channels) }, (_, i) => {
    const [filter, channel] = [Math.floor(i / channels), i % channels];
    return Float32Array.from({ length: area }, (_, at) => kernel[(at * channels + channel) * filters + filter]!);
  });
  const largest = kernel.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { layer: layer.name, width: width ?? height, height, pictures, largest };
}

interface ConvConfig {
  readonly type: string;
  readonly name: string;
  readonly filters: number;
  readonly kernelSize: number | readonly [number, number];
}

function layersOf({ layers }: Config): readonly ConvConfig[] {
  return Array.isArray(layers) ? (layers as readonly object[] as readonly ConvConfig[]) : [];
}
