import { normal, truncatedNormal as drawTruncated, truncatedNormalDeviation } from '../numeric/distributions.js';
import type { Random } from '../numeric/philox.js';
import { sizeOf } from '../numeric/tensor.js';
import { type Config, type Configured, configOf, family, type Like } from './config.js';
import { byDefault, number, readOptions } from '../numeric/options.js';

/** How a weight gets its first values. https://keras.io/api/layers/initializers/ */
export interface Initializer extends Configured {
  /** Values for a weight of this shape, row-major. Equal `random` gives equal bits on every machine. */
  values(shape: readonly number[], random: Random): Float32Array;
}

/**
 * How many inputs one output of a weight depends on, and how many outputs one input reaches; a convolution's kernel
 * [kh, kw, in, out] counts its kh x kw places.
 */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const places = sizeOf(shape.slice(0, -2));
  return { fanIn: places * shape.at(-2)!, fanOut: places * shape.at(-1)! };
}

/** An initializer that takes its values one after the other from what `source` gives. */
function initializer(config: Config, source: (shape: readonly number[], random: Random) => () => number): Initializer {
  return {
    config,
    values(shape, random) {
      const values = new Float32Array(sizeOf(shape));
      const next = source(shape, random);
      for (let i = 0; i < values.length; i++) values[i] = next();
      return values;
    },
  };
}

type NoOptions = Readonly<Record<never, never>>;
type Fan = 'fan in' | 'fan average';

/**
 * Variance `scale` / fan, so that values keep their size from layer to layer. A normal distribution is cut at two
 * standard deviations and widened so that its variance is right after the cut.
 */
function varianceScaling(type: string, scale: number, fan: Fan, distribution: 'uniform' | 'normal') {
  return (options: NoOptions = {}): Initializer => {
    readOptions(`Initializer ${type}`, options, {});
    return initializer({ type }, (shape, random) => {
      const { fanIn, fanOut } = fans(shape);
      const variance = scale / Math.max(1, fan === 'fan in' ? fanIn : (fanIn + fanOut) / 2);
      if (distribution === 'uniform') {
        const limit = Math.sqrt(3 * variance);
        return () => random.uniform(-limit, limit);
      }
      const deviation = Math.sqrt(variance) / truncatedNormalDeviation;
      return () => deviation * drawTruncated(random);
    });
  };
}

/** Uniform within +-sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010): Keras's default for kernels. */
export const glorotUniform = varianceScaling('glorotUniform', 1, 'fan average', 'uniform');
/** Truncated normal of variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010). */
const glorotNormal = varianceScaling('glorotNormal', 1, 'fan average', 'normal');
/** Uniform within +-sqrt(6 / fanIn) (He et al. 2015): made for ReLU. */
const heUniform = varianceScaling('heUniform', 2, 'fan in', 'uniform');
/** Truncated normal of variance 2 / fanIn (He et al. 2015): made for ReLU. */
const heNormal = varianceScaling('heNormal', 2, 'fan in', 'normal');
/** Uniform within +-sqrt(3 / fanIn). */
const lecunUniform = varianceScaling('lecunUniform', 1, 'fan in', 'uniform');
/** Truncated normal of variance 1 / fanIn (Klambauer et al. 2017): made for selu. */
const lecunNormal = varianceScaling('lecunNormal', 1, 'fan in', 'normal');

export function zeros(options: NoOptions = {}): Initializer {
  readOptions('Initializer zeros', options, {});
  return initializer({ type: 'zeros' }, () => () => 0);
}

export function ones(options: NoOptions = {}): Initializer {
  readOptions('Initializer ones', options, {});
  return initializer({ type: 'ones' }, () => () => 1);
}

/** `value` (default 0) everywhere. */
function constant(options: { readonly value?: number } = {}): Initializer {
  const values = readOptions('Initializer constant', options, { value: byDefault(number(), 0) });
  return initializer(configOf('constant', values), () => () => values.value);
}

export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** The standard deviation, default 0.05. */
  readonly stddev?: number;
}

const normalOptions = { mean: byDefault(number(), 0), stddev: byDefault(number({ from: 0 }), 0.05) };

function randomNormal(options: NormalOptions = {}): Initializer {
  const values = readOptions('Initializer randomNormal', options, normalOptions);
  return initializer(
    configOf('randomNormal', values),
    (_, random) => () => values.mean + values.stddev * normal(random),
  );
}

/** Normal, but values beyond two standard deviations are drawn again. */
function truncatedNormal(options: NormalOptions = {}): Initializer {
  const values = readOptions('Initializer truncatedNormal', options, normalOptions);
  return initializer(
    configOf('truncatedNormal', values),
    (_, random) => () => values.mean + values.stddev * drawTruncated(random),
  );
}

export interface UniformOptions {
  /** Default -0.05. */
  readonly minval?: number;
  /** Default 0.05. */
  readonly maxval?: number;
}

function randomUniform(options: UniformOptions = {}): Initializer {
  const values = readOptions('Initializer randomUniform', options, {
    minval: byDefault(number(), -0.05),
    maxval: byDefault(number(), 0.05),
  });
  return initializer(
    configOf('randomUniform', values),
    (_, random) => () => random.uniform(values.minval, values.maxval),
  );
}

/** Every initializer, by the name it may be given by. */
export const initializers = {
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  zeros,
  ones,
  constant,
  randomNormal,
  truncatedNormal,
  randomUniform,
};

export type InitializerLike = Like<Initializer, keyof typeof initializers>;
export const initializerKind = family<Initializer>(initializers, 'values');
