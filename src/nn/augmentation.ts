import type { ProgramBuilder } from '../engine/program/builder.js';
import { controlPoints } from '../engine/program/ops/warp.js';
import type { FillMode, TensorSpec } from '../engine/program/types.js';
import { streams } from '../numeric/philox.js';

/** How a program changes its images before the first layer, in this order. */
export interface Augmentation {
  /** Images are moved by the input `matrices`; what lies outside of them, see the op warpAffine. */
  readonly fillMode: FillMode;
  readonly fillValue: number;
  /** Displacements too, by control points drawn from the input `keys`: see the ops warpElastic and randomUniform. */
  readonly elastic?: { readonly spacing: number; readonly amplitude: number };
  /** Strokes wider and narrower by the input `strokes`: see the op changeStrokes. */
  readonly strokes?: boolean;
  /** Smoothed by the input `sigmas`: see the op blur. */
  readonly blur?: boolean;
  /** Gain, offset and noise by the inputs `tones` and `keys`: see the op changeTone. */
  readonly tone?: boolean;
  /** In the rectangles of the input `rectangles` stands `value`: see the op eraseRectangle. */
  readonly erasing?: { readonly value: number };
}

/** The images, changed and over `divisor`. Adds the inputs that the augmentation needs. */
export function augment(
  builder: ProgramBuilder,
  images: TensorSpec,
  divisor: number,
  { fillMode, fillValue, elastic, strokes, blur, tone, erasing }: Augmentation,
): TensorSpec {
  const matrices = builder.input('matrices', [6], 'f32', true);
  const keys = elastic !== undefined || tone ? builder.input('keys', [4], 'u32', true) : undefined;
  const warp = { divisor, fillMode, fillValue };
  let y: TensorSpec;
  if (elastic) {
    const { spacing, amplitude } = elastic;
    const [height, width] = images.shape.slice(1) as [number, number];
    const shape = [controlPoints(height, spacing), controlPoints(width, spacing), 2];
    const points = builder.emit('randomUniform', [keys!], { shape, amplitude, stream: streams.elastic })[0]!;
    y = builder.emit('warpElastic', [images, matrices, points], { ...warp, spacing })[0]!;
  } else y = builder.emit('warpAffine', [images, matrices], warp)[0]!;
  if (strokes) y = builder.emit('changeStrokes', [y, builder.input('strokes', [1], 'f32', true)], {})[0]!;
  if (blur) y = builder.emit('blur', [y, builder.input('sigmas', [1], 'f32', true)], {})[0]!;
  if (tone) {
    const tones = builder.input('tones', [3], 'f32', true);
    y = builder.emit('changeTone', [y, tones, keys!], { stream: streams.grain })[0]!;
  }
  if (!erasing) return y;
  const rectangles = builder.input('rectangles', [4], 'i32', true);
  return builder.emit('eraseRectangle', [y, rectangles], erasing)[0]!;
}
