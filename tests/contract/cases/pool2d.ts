import { formatShape } from '../../../src/numeric/tensor.js';
import {
  between,
  type CaseGenerator,
  type CaseProgram,
  channelCounts,
  gaussian,
  newCase,
  pick,
  wholes,
} from './case.js';
import { drawPadding, noPadding } from './conv2d.js';
import type { Padding2d, TensorSpec } from '../../../src/engine/program/types.js';
import type { Random } from '../../../src/numeric/philox.js';

interface Pooling {
  readonly shape: readonly number[];
  readonly batched: boolean;
  /** Whole numbers, of which many are equal. */
  readonly ties: boolean;
  readonly attributes: {
    readonly poolSize: readonly [number, number];
    readonly strides: readonly [number, number];
    readonly padding: Padding2d;
  };
}

/** In turn: 2x2 by 2, the whole image (of more than 255 places now and then), and any windows, overlapping or with gaps, padded. */
function draw(random: Random, index: number): Pooling {
  const kind = (['plain', 'any', 'any', 'whole'] as const)[index % 4]!;
  const least = index % 8 === 3 ? 16 : 2;
  const image = [between(random, least, least + 11), between(random, least, least + 11)] as const;
  const poolSize =
    kind === 'plain'
      ? ([2, 2] as const)
      : kind === 'whole'
        ? image
        : ([between(random, 1, Math.min(4, image[0])), between(random, 1, Math.min(4, image[1]))] as const);
  const strides = kind === 'plain' ? poolSize : ([between(random, 1, 3), between(random, 1, 3)] as const);
  return {
    shape: [between(random, 1, 9), ...image, pick(random, channelCounts)],
    batched: index % 6 !== 5,
    ties: index % 2 === 1,
    attributes: {
      poolSize,
      strides,
      padding: kind === 'any' ? drawPadding(random, image, poolSize, strides) : noPadding,
    },
  };
}

function title({ shape, attributes: { poolSize, strides, padding } }: Pooling): string {
  const { top, bottom, left, right } = padding;
  const zeros = `${top} ${bottom} ${left} ${right}`;
  return `${formatShape(shape)}, window ${poolSize.join('x')}, strides ${strides.join('x')}, padding ${zeros}`;
}

function generator(build: (program: CaseProgram, pooling: Pooling, x: TensorSpec) => void): CaseGenerator {
  return (random, index) => {
    const pooling = draw(random, index);
    const { shape, batched, ties } = pooling;
    return newCase(random, title(pooling), shape[0]!, (program) =>
      build(program, pooling, program.either('x', shape, batched, ties ? wholes(-2, 2) : gaussian())),
    );
  };
}

export const maxPool2d = generator((program, { attributes, ties }, x) => {
  const [y] = program.subject('maxPool2d', [x], attributes);
  if (!ties) program.differentiate(y!, x);
});

export const maxPool2dGradient = generator((program, { attributes }, x) => {
  const [y, places] = program.builder.emit('maxPool2d', [x], attributes);
  const dy = program.either('dy', y!.shape, y!.batched);
  program.subject('maxPool2dGradient', [places!, dy], { ...attributes, inputShape: x.shape });
  program.withoutNaN(x);
});

export const averagePool2d = generator((program, { attributes }, x) => {
  const [y] = program.subject('averagePool2d', [x], attributes);
  program.differentiate(y!, x);
});

export const averagePool2dGradient = generator((program, { attributes }, x) => {
  const y = program.emit('averagePool2d', [x], attributes);
  const dy = program.either('dy', y.shape, y.batched);
  program.subject('averagePool2dGradient', [dy], { ...attributes, inputShape: x.shape });
  program.withoutNaN(x);
});
