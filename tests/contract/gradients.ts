import { expect, it } from 'vitest';
import type { Executable } from '../../src/engine/backend.js';
import type { TensorSpec } from '../../src/engine/program/types.js';
import { ops } from '../../src/engine/program/ops/index.js';
import { normal } from '../../src/numeric/distributions.js';
import { Random } from '../../src/numeric/philox.js';
import { type Case, CaseProgram } from './cases/case.js';
import { casesOf, opNames } from './cases/index.js';
import { dot, identity, innerProduct, norm, relativeError, writeAll } from './harness.js';
import type { Contract } from './suite.js';

const STEP = 1e-6;
const DIRECTIONS = 2;

const differentiable = opNames.filter((op) => ops[op].gradient !== undefined);

/**
 * Loss = <weights, y> with random weights. <dLoss/dx, v> as the backend's program of `gradients` has it, against
 * (loss(x + h v) - loss(x - h v)) / 2h by the reference backend in float64, for random directions v.
 */
export function describeGradients(get: () => Contract): void {
  it.each(differentiable)('the gradient of %s agrees with central differences', async (op) => {
    const { backend, reference, tolerances } = get();
    const cases = casesOf(op).filter((one) => new CaseProgram(one, one.capacity).differentiated);
    expect(cases.length, `differentiated cases of ${op}`).toBeGreaterThanOrEqual(3);
    for (const [index, one] of cases.entries()) {
      const rows = index % 2 === 0 ? one.capacity : Math.max(1, one.capacity - 1);
      const [values, loss] = [gradientProgram(one), gradientProgram(one)];
      const tested = await backend.compile(values.program.builder.build());
      const oracle = await reference.compile(loss.program.builder.build());
      for (const executable of [tested, oracle]) {
        writeAll(executable, values.program);
        await executable.run(rows);
      }
      const read = ({ name, batched }: TensorSpec) =>
        [tested, oracle].map((of) => of.readOutput(`gradient ${name}`, batched ? rows : undefined));
      const gradients = values.targets.map(read);
      const random = new Random(one.seed, 8);
      for (const [i, target] of values.targets.entries()) {
        const place = `${op} ${one.title}, ${rows} rows, gradient of ${target.name}`;
        const [gradient, truth] = gradients[i] as [Float64Array, Float64Array];
        // The loss of its own adds a product to each gradient.
        const limit = 2 * tolerances.value;
        expect(relativeError(gradient, truth), `${place}, against the reference`).toBeLessThanOrEqual(limit);
        const set = setter(oracle, target.role === 'state', target.name);
        const at = values.program[target.role === 'state' ? 'state' : 'inputs'][target.name]!;
        for (let k = 0; k < DIRECTIONS; k++) {
          const direction = Float64Array.from({ length: gradient.length }, () => normal(random));
          const slope = await centralDifference(oracle, rows, at, direction, set);
          const scale = norm(gradient) * norm(direction);
          const difference = Math.abs(dot(gradient, direction) - slope);
          expect(difference / (scale < 1e-9 ? 1 : scale), `${place}, along direction ${k}`).toBeLessThanOrEqual(
            tolerances.gradient,
          );
        }
        set(at);
      }
    }
  });
}

function gradientProgram(one: Case) {
  const program = new CaseProgram(one, one.capacity);
  const { y, targets } = program.differentiated!;
  const weights = program.unbatched('loss weights', y.shape);
  const loss = innerProduct(program.builder, y, weights);
  program.inputs['identity'] = identity(one.capacity);
  if (!y.batched) delete program.inputs['identity'];
  const gradients = program.builder.gradients(loss, targets);
  program.builder.output('loss', loss);
  targets.forEach((target, i) => program.builder.output(`gradient ${target.name}`, gradients[i]!));
  return { program, targets };
}

function setter(executable: Executable, isState: boolean, name: string): (values: Float64Array) => void {
  return (values) => (isState ? executable.writeState(name, values) : executable.input(name).set(values));
}

async function centralDifference(
  oracle: Executable,
  rows: number,
  at: Float64Array,
  direction: Float64Array,
  set: (values: Float64Array) => void,
): Promise<number> {
  const losses: number[] = [];
  for (const step of [STEP, -STEP]) {
    set(at.map((value, i) => value + step * (direction[i] ?? 0)));
    await oracle.run(rows);
    losses.push(oracle.readOutput('loss')[0]!);
  }
  return (losses[0]! - losses[1]!) / (2 * STEP);
}
