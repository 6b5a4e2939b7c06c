import type { ProgramBuilder } from '../../engine/program/builder.js';
import type { TensorSpec } from '../../engine/program/types.js';
import { formatShape } from '../../numeric/tensor.js';
import type { ActivationFunction } from '../activations.js';
import { type Configured, configOf } from '../config.js';
import type { Initializer } from '../initializers.js';
import {
  boolean,
  byDefault,
  identifier,
  type Option,
  optional,
  type OptionTable,
  type OptionValues,
  readOptions,
  shape,
} from '../../numeric/options.js';
import type { Regularizer } from '../regularizers.js';

/** The sizes of one row of data, without the batch axis: an image is [height, width, channels]. */
export type Shape = readonly number[];

export interface WeightSpec {
  /** Within its layer: `kernel`. */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** Whether the optimizer changes it; a moving average is none of its business. */
  readonly trainable: boolean;
  readonly regularizer?: Regularizer | undefined;
}

/** What a layer writes its ops with. */
export interface ApplyContext {
  readonly builder: ProgramBuilder;
  /** [N, ...input shape]. */
  readonly input: TensorSpec;
  readonly training: boolean;
  /** The layer's weight of that name. */
  weight(name: string): TensorSpec;
  /**
   * In training: keeps in the layer's weight of that name a moving average of `value`, of which `momentum` stays at each
   * step. It changes after the loss is known to be finite.
   */
  movingAverage(weight: string, value: TensorSpec, momentum: number): void;
  /** The words (seed low, seed high, step), and the number of a random stream that no other call is given. */
  random(): { readonly words: TensorSpec; readonly stream: number };
}

/**
 * A layer describes itself: how shapes pass through it, which weights it has, which ops compute it. It holds no values
 * and is not changed by being used. To add a layer, write its file here and put it into `layers/index.ts`.
 */
export interface Layer extends Configured {
  /** The name of its function: `conv2d`. */
  readonly type: string;
  /** As the user named it; the network names the others. */
  readonly name: string | undefined;
  /** A layer that is not trainable keeps its weights, and batch normalization then uses its moving averages. */
  readonly trainable: boolean;
  /** What the first layer of a network must know. */
  readonly inputShape: Shape | undefined;
  /** Applied by the network to what `apply` returns, so that the loss can be taken before a final softmax. */
  readonly activation: ActivationFunction | undefined;
  /** @throws Misfit */
  outputShape(input: Shape): Shape;
  weights(input: Shape): readonly WeightSpec[];
  /** Adds the layer's ops, without its activation, and returns their result. */
  apply(context: ApplyContext): TensorSpec;
  /** Multiply-adds of convolutions and matrix products for one row. */
  multiplyAdds(input: Shape): number;
}

/** The options every layer has. */
export interface LayerOptions {
  /** Default: the layer's type in snake case, with a number from the second on: `conv2d`, `conv2d_1`. */
  readonly name?: string;
  /** Whether training changes the weights. Default true. */
  readonly trainable?: boolean;
  /** For the first layer of a network: the shape of one row of data, [28, 28, 1]. */
  readonly inputShape?: Shape;
}

const commonOptions = {
  name: optional(identifier),
  trainable: byDefault(boolean, true),
  inputShape: optional(shape),
};

/** Reads a layer's options: those of `table` and those every layer has. */
export function readLayerOptions<
  O extends LayerOptions,
  T extends OptionTable & Readonly<Record<Exclude<keyof O, keyof LayerOptions>, Option<unknown>>>,
>(type: string, given: O, table: T): OptionValues<T> & OptionValues<typeof commonOptions> {
  const place = typeof given?.name === 'string' ? `Layer "${given.name}" (${type})` : `Layer ${type}`;
  return readOptions(place, given, { ...table, ...commonOptions });
}

type CommonValues = OptionValues<typeof commonOptions> & { readonly activation?: ActivationFunction | undefined };
type Behaviour = Pick<Layer, 'apply'> & Partial<Pick<Layer, 'outputShape' | 'weights' | 'multiplyAdds'>>;

/** A layer from its options' values and what it does. Where nothing is said, it keeps the shape and has no weights. */
export function layer(type: string, values: CommonValues, behaviour: Behaviour): Layer {
  return {
    type,
    name: values.name,
    trainable: values.trainable,
    inputShape: values.inputShape,
    activation: values.activation,
    config: configOf(type, { ...values }),
    outputShape: (input) => input,
    weights: () => [],
    multiplyAdds: () => 0,
    ...behaviour,
  };
}

/** Thrown where an input does not fit a layer; the network adds which layer it is. */
export class Misfit extends Error {
  constructor(
    message: string,
    readonly remedy?: string,
  ) {
    super(message);
  }
}

/** An image's shape. @throws Misfit if it is none */
export function imageShape(input: Shape): readonly [height: number, width: number, channels: number] {
  const [height, width, channels, ...rest] = input;
  if (height === undefined || width === undefined || channels === undefined || rest.length > 0) {
    throw new Misfit(
      `it takes images [height, width, channels], but its input has shape ${formatShape(input)}`,
      'Give images their three axes, such as [28, 28, 1], and put flatten() only after the last layer for images.',
    );
  }
  return [height, width, channels];
}
