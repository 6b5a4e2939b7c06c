import type { GradientSaliency, Occlusion } from '../../inspect/index.js';
import type { Inspection } from './inspection.js';

/** An inspection in numbers, as programs get it. */
export function inspectionFields({ summary, probabilities, label, kernels, maps, evidence }: Inspection) {
  return {
    network: summary,
    label,
    probabilities,
    ...(kernels && {
      kernels: {
        layer: kernels.layer,
        filters: kernels.filters,
        channels: kernels.channels,
        size: [kernels.height, kernels.width],
        min: kernels.min,
        max: kernels.max,
      },
    }),
    maps: maps.map(({ layer, shape, min, max, zeros }) => ({
      layer: layer.name,
      shape: shape.slice(1),
      min,
      max,
      zeros,
    })),
    ...(evidence && {
      occlusion: occlusionFields(evidence.occlusion),
      gradient: gradientFields(evidence.saliency),
      smoothGradient: gradientFields(evidence.smooth),
    }),
  };
}

function occlusionFields({ target, probability, size, stride, lost }: Occlusion) {
  const { value, row, column } = largest(lost.data, lost.shape[1]!);
  return { target, probability, size, stride, mostLost: value, at: [row * stride, column * stride] };
}

function gradientFields({ target, logit, saliency }: GradientSaliency) {
  const { value, row, column } = largest(saliency.data, saliency.shape[1]!);
  return { target, logit, largest: value, at: [row, column] };
}

function largest(values: Float32Array, width: number): { value: number; row: number; column: number } {
  const at = values.indexOf(values.reduce((most, value) => Math.max(most, value), -Infinity));
  return { value: values[at]!, row: Math.floor(at / width), column: at % width };
}
