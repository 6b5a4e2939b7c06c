import {
  activationKinds,
  type Activation,
  type Padding2d,
  type TensorSpec,
} from '../../../src/engine/program/types.js';
import { formatShape } from '../../../src/numeric/tensor.js';
import type { Random } from '../../../src/numeric/philox.js';
import { between, type CaseGenerator, type CaseProgram, channelCounts, gaussian, newCase, pick } from './case.js';

export const noPadding: Padding2d = { top: 0, bottom: 0, left: 0, right: 0 };

type Size = readonly [height: number, width: number];

/** `valid`, `same` or unequal zeros on the four sides. */
export function drawPadding(random: Random, image: Size, window: Size, strides: Size): Padding2d {
  const kind = pick(random, ['valid', 'same', 'unequal']);
  if (kind === 'valid') return noPadding;
  const sides = ([0, 1] as const).map((axis): [number, number] => {
    if (kind === 'unequal') return [random.below(window[axis]), random.below(window[axis])];
    const outputs = Math.ceil(image[axis] / strides[axis]);
    const total = Math.max((outputs - 1) * strides[axis] + window[axis] - image[axis], 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
  const [[top, bottom], [left, right]] = sides as [[number, number], [number, number]];
  return { top, bottom, left, right };
}

function isPadded({ top, bottom, left, right }: Padding2d): boolean {
  return top + bottom + left + right > 0;
}

export function drawActivation(random: Random): Activation {
  const kind = pick(random, activationKinds);
  return kind === 'leakyRelu' || kind === 'elu' ? { kind, alpha: pick(random, [0.01, 0.3, 1.5]) } : { kind };
}

interface Geometry {
  readonly capacity: number;
  readonly batched: boolean;
  readonly image: Size;
  readonly window: Size;
  readonly strides: Size;
  readonly padding: Padding2d;
  readonly inChannels: number;
  readonly outChannels: number;
}

/**
 * Most cases are small; every third has 3x3 windows at stride 1, as networks do, two of three of these with channels in
 * eights, for which backends have kernels of their own.
 */
function drawGeometry(random: Random, index: number): Geometry {
  const common = index % 3 === 0;
  const channels = common && index % 9 !== 3 ? ([8, 16, 24, 40] as const) : channelCounts;
  const window = common ? ([3, 3] as const) : ([between(random, 1, 5), between(random, 1, 5)] as const);
  const strides = common ? ([1, 1] as const) : ([between(random, 1, 3), between(random, 1, 3)] as const);
  const image = [between(random, window[0], 16), between(random, window[1], 16)] as const;
  return {
    capacity: between(random, 1, 9),
    batched: index % 5 !== 4,
    image,
    window,
    strides,
    padding: drawPadding(random, image, window, strides),
    inChannels: pick(random, channels),
    outChannels: pick(random, channels),
  };
}

/** Fast convolution computes tiles of pixels together: NaN in one may show in its neighbours, and errors are larger. */
function isTiled({ window, strides }: Geometry): boolean {
  return [...window, ...strides].join() === '3,3,1,1';
}

function tiled(program: CaseProgram, ...inputs: readonly TensorSpec[]): void {
  program.spreadsNaN(...inputs);
  program.rounding = 2;
}

function describeGeometry({ capacity, image, window, strides, padding, inChannels, outChannels, batched }: Geometry) {
  const { top, bottom, left, right } = padding;
  return (
    `${formatShape([capacity, ...image, inChannels])}${batched ? '' : ' unbatched'} by ` +
    `${formatShape([...window, inChannels, outChannels])}, strides ${strides.join('x')}, ` +
    `zeros ${top} ${bottom} ${left} ${right}`
  );
}

/** An image tensor of the case, or one of the output's size. */
function images(program: CaseProgram, geometry: Geometry, name: 'x' | 'dy') {
  const { batched, capacity, image, window, strides, padding, inChannels, outChannels } = geometry;
  const output: Size = [
    Math.floor((image[0] + padding.top + padding.bottom - window[0]) / strides[0]) + 1,
    Math.floor((image[1] + padding.left + padding.right - window[1]) / strides[1]) + 1,
  ];
  const shape = name === 'x' ? [...image, inChannels] : [...output, outChannels];
  return program.either(name, [capacity, ...shape], batched);
}

export const conv2d: CaseGenerator = (random, index) => {
  const geometry = drawGeometry(random, index);
  const { window, strides, padding, inChannels, outChannels } = geometry;
  const withBias = index % 2 === 1;
  const activation = index % 4 === 1 ? drawActivation(random) : index % 4 === 3 ? { kind: 'relu' as const } : undefined;
  const fused = `${withBias ? ', bias' : ''}${activation ? `, ${activation.kind}` : ''}`;
  return newCase(random, describeGeometry(geometry) + fused, geometry.capacity, (program) => {
    const x = images(program, geometry, 'x');
    const kernel = program.unbatched('kernel', [...window, inChannels, outChannels], gaussian(0.3));
    const bias = withBias ? [program.unbatched('bias', [outChannels])] : [];
    const attributes = activation ? { strides, padding, activation } : { strides, padding };
    const [y] = program.subject('conv2d', [x, kernel, ...bias], attributes);
    // 0 * NaN at the edge: padding may be skipped or multiplied.
    if (isPadded(padding)) program.withoutNaN(kernel);
    if (isTiled(geometry)) tiled(program, x, kernel);
    if (!withBias && !activation) program.differentiate(y!, x, kernel);
  });
};

export const conv2dGradient: CaseGenerator = (random, index) => {
  const geometry = drawGeometry(random, index);
  const { window, strides, padding, inChannels, outChannels } = geometry;
  return newCase(random, describeGeometry(geometry), geometry.capacity, (program) => {
    const x = images(program, geometry, 'x');
    const dy = images(program, geometry, 'dy');
    const kernel = program.unbatched('kernel', [...window, inChannels, outChannels], gaussian(0.3));
    program.subject('conv2dGradient', [x, kernel, dy], { strides, padding });
    program.withoutNaN(kernel);
    if (isPadded(padding)) program.withoutNaN(dy);
    if (isTiled(geometry)) tiled(program, x, dy);
  });
};

export const conv2dInputGradient: CaseGenerator = (random, index) => {
  const geometry = drawGeometry(random, index);
  const { batched, capacity, image, window, strides, padding, inChannels, outChannels } = geometry;
  return newCase(random, describeGeometry(geometry), capacity, (program) => {
    const dy = images(program, geometry, 'dy');
    const kernel = program.unbatched('kernel', [...window, inChannels, outChannels], gaussian(0.3));
    const inputShape = [batched ? program.capacity : capacity, ...image, inChannels];
    program.subject('conv2dInputGradient', [dy, kernel], { strides, padding, inputShape });
    program.withoutNaN(kernel);
    if (isTiled(geometry)) tiled(program, dy);
  });
};

export const conv2dKernelGradient: CaseGenerator = (random, index) => {
  const geometry = drawGeometry(random, index);
  const { window, strides, padding, inChannels, outChannels } = geometry;
  return newCase(random, describeGeometry(geometry), geometry.capacity, (program) => {
    const x = images(program, geometry, 'x');
    const dy = images(program, geometry, 'dy');
    const kernelShape = [...window, inChannels, outChannels];
    program.subject('conv2dKernelGradient', [x, dy], { strides, padding, kernelShape });
    if (isPadded(padding)) program.withoutNaN(dy);
    if (isTiled(geometry)) tiled(program, x, dy);
  });
};
