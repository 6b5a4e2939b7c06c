import type { ProgramBuilder } from '../engine/program/builder.js';
import type { TensorSpec } from '../engine/program/types.js';
import { type Configured, configOf, family, type Like } from './config.js';
import { boolean, byDefault, number, readOption, readOptions, required } from '../numeric/options.js';

/** How the right answers are given: `sparse` as class numbers [N], `categorical` as probabilities [N, classes]. */
export type TargetKind = 'sparse' | 'categorical';

/** What training makes small. https://keras.io/api/losses/ */
export interface Loss extends Configured {
  /** The form in which the loss expects its targets. */
  readonly targets: TargetKind;
  /** Whether the network's output are logits, rather than the probabilities a softmax makes of them. */
  readonly fromLogits: boolean;
  /** Adds the op. Takes logits and targets [N, classes], gives the loss of each row [N] and probabilities [N, classes]. */
  apply(
    builder: ProgramBuilder,
    logits: TensorSpec,
    targets: TensorSpec,
  ): { rows: TensorSpec; probabilities: TensorSpec };
}

export interface CrossentropyOptions {
  /** Whether the network ends without softmax. Default false. */
  readonly fromLogits?: boolean;
  /** The share of every target that is spread evenly over the classes, from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
}

/** Both forms of the cross-entropy: they differ only in how the targets are given. */
function crossentropy(type: string, targets: TargetKind): (options?: CrossentropyOptions) => Loss {
  return (options = {}) => {
    const values = readOptions(`Loss ${type}`, options, {
      fromLogits: byDefault(boolean, false),
      labelSmoothing: byDefault(number({ from: 0, to: 1 }), 0),
    });
    const { fromLogits, labelSmoothing } = values;
    return {
      config: configOf(type, values),
      targets,
      fromLogits,
      apply(builder, logits, targets) {
        const [rows, probabilities] = builder.emit('softmaxCrossEntropy', [logits, targets], { labelSmoothing });
        return { rows: rows!, probabilities: probabilities! };
      },
    };
  };
}

/** - sum of target log probability, for targets as one-hot rows or probabilities [N, classes]. */
export const categoricalCrossentropy = crossentropy('categoricalCrossentropy', 'categorical');

/** - log probability of the right class, for targets as class numbers [N]. */
export const sparseCategoricalCrossentropy = crossentropy('sparseCategoricalCrossentropy', 'sparse');

const losses = { categoricalCrossentropy, sparseCategoricalCrossentropy };

export type LossLike = Like<Loss, keyof typeof losses>;
const lossKind = family<Loss>(losses, 'apply');

/** The loss that `given` stands for. @throws CifraError `option-value`, or on its options */
export function lossFrom(given: unknown, place = 'compile'): Loss {
  return readOption(place, 'loss', required(lossKind), given);
}
