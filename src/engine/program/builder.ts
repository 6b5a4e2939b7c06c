import { CifraError } from '../../numeric/errors.js';
import { ops } from './ops/index.js';
import {
  type AnyOp,
  type DType,
  type GradientContext,
  type Op,
  type OpAttributes,
  type OpDefinition,
  type OpName,
  type Program,
  type Role,
  ShapeMismatch,
  type TensorSpec,
} from './types.js';

/**
 * Writes a program op by op. Every op's shapes are checked as it is added, and errors name the op and the label
 * (the layer) it was added under.
 */
export class ProgramBuilder {
  readonly #tensors: TensorSpec[] = [];
  readonly #ops: AnyOp[] = [];
  readonly #outputs = new Map<string, TensorSpec>();
  readonly #names = new Set<string>();
  #label = '';

  /** @param capacity the most rows a run of the program may have */
  constructor(readonly capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new CifraError('batch-size', `The batch size must be a whole number >= 1, but is ${capacity}.`);
    }
  }

  /** Ops added by `body` carry `label`. */
  labelled<T>(label: string, body: () => T): T {
    const outer = this.#label;
    this.#label = label;
    try {
      return body();
    } finally {
      this.#label = outer;
    }
  }

  /** A tensor the host writes before each run. `batched`: one row each, `shape` without the batch axis. */
  input(name: string, shape: readonly number[], dtype: DType, batched: boolean): TensorSpec {
    return this.#tensor(name, batched ? [this.capacity, ...shape] : shape, dtype, 'input', batched);
  }

  /** A tensor that is kept from run to run. */
  state(name: string, shape: readonly number[]): TensorSpec {
    return this.#tensor(name, shape, 'f32', 'state', false);
  }

  constant(shape: readonly number[], fill: number): TensorSpec {
    return this.#tensor(`constant ${this.#tensors.length}`, shape, 'f32', 'constant', false, fill);
  }

  /** Adds an op and returns its outputs. @throws CifraError `shape-mismatch` */
  emit<N extends OpName>(name: N, inputs: readonly TensorSpec[], attributes: OpAttributes[N]): readonly TensorSpec[] {
    const definition: OpDefinition<N> = ops[name];
    let shapes;
    try {
      shapes = definition.shapes(inputs, attributes);
    } catch (error) {
      if (!(error instanceof ShapeMismatch)) throw error;
      const place = this.#label === '' ? `op ${name}` : `layer "${this.#label}" (op ${name})`;
      throw new CifraError('shape-mismatch', `In ${place}: ${error.message}.`, undefined, { cause: error });
    }
    const outputs = shapes.map(({ shape, batched, dtype = 'f32' }, i) =>
      this.#tensor(
        `${this.#label}/${name}${i === 0 ? '' : `:${i}`} ${this.#tensors.length}`,
        shape,
        dtype,
        'value',
        batched,
      ),
    );
    const op: Op<N> = { name, inputs, outputs, attributes, label: this.#label };
    this.#ops.push(op as AnyOp);
    return outputs;
  }

  /** The value can be read by `name` after a run. */
  output(name: string, tensor: TensorSpec): void {
    this.#outputs.set(name, tensor);
  }

  /**
   * Adds the ops that compute the gradient of `loss` with respect to each of `targets`, walking back through the ops
   * added so far. The gradient ops carry the label of the op they come from.
   * @param weights of a loss that is not [1], of its shape: the gradient is that of the sum of weight times value
   */
  gradients(loss: TensorSpec, targets: readonly TensorSpec[], weights?: TensorSpec): TensorSpec[] {
    const depends = new Set(targets);
    for (const op of this.#ops) {
      if (op.inputs.some((input) => depends.has(input))) op.outputs.forEach((output) => depends.add(output));
    }
    const gradientOf = new Map([[loss, weights ?? this.constant([1], 1)]]);
    for (const op of this.#ops.slice().reverse()) {
      const outputGradients = op.outputs.map((output) => gradientOf.get(output));
      const needs = op.inputs.map((input) => depends.has(input));
      if (!needs.includes(true) || outputGradients.every((gradient) => gradient === undefined)) continue;
      this.labelled(op.label, () => {
        const inputGradients = this.#opGradient(op, outputGradients, needs);
        op.inputs.forEach((input, i) => {
          const gradient = inputGradients[i];
          if (!needs[i] || gradient === undefined) return;
          const other = gradientOf.get(input);
          gradientOf.set(input, other === undefined ? gradient : this.emit('add', [other, gradient], {})[0]!);
        });
      });
    }
    return targets.map((target) => {
      const gradient = gradientOf.get(target);
      if (gradient === undefined) {
        throw new CifraError('no-gradient', `The loss does not depend on "${target.name}".`);
      }
      return gradient;
    });
  }

  build(): Program {
    return { tensors: this.#tensors, ops: this.#ops, outputs: this.#outputs, capacity: this.capacity };
  }

  #opGradient<N extends OpName>(
    op: Op<N>,
    outputGradients: readonly (TensorSpec | undefined)[],
    needs: readonly boolean[],
  ): readonly (TensorSpec | undefined)[] {
    const definition: OpDefinition<N> = ops[op.name];
    if (!definition.gradient) throw new CifraError('no-gradient', `Op ${op.name} in "${op.label}" has no gradient.`);
    const context: GradientContext<N> = {
      op,
      outputGradients,
      needs,
      emit: (name, inputs, attributes) => this.emit(name, inputs, attributes),
    };
    return definition.gradient(context);
  }

  #tensor(
    name: string,
    shape: readonly number[],
    dtype: DType,
    role: Role,
    batched: boolean,
    fill?: number,
  ): TensorSpec {
    if (this.#names.has(name)) {
      throw new CifraError('duplicate-name', `Two tensors are called "${name}".`, 'Give every layer its own name.');
    }
    this.#names.add(name);
    const base = { id: this.#tensors.length, name, shape, dtype, role, batched };
    const spec: TensorSpec = fill === undefined ? base : { ...base, fill };
    this.#tensors.push(spec);
    return spec;
  }
}
