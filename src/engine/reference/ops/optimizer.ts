import type { ReferenceKernel } from '../kernel.js';

/** The backend ends the run; there is nothing to compute. */
export const stopUnlessFinite: ReferenceKernel<'stopUnlessFinite'> = () => undefined;

export const sgd: ReferenceKernel<'sgd'> = ({ op, inputs }) => {
  const { momentum, nesterov } = op.attributes;
  const [w, g] = inputs as [Float64Array, Float64Array];
  const rate = inputs.at(-1)![0]!;
  if (momentum === 0) {
    for (let i = 0; i < w.length; i++) w[i]! -= rate * g[i]!;
    return;
  }
  const v = inputs[2]!;
  for (let i = 0; i < w.length; i++) {
    v[i] = momentum * v[i]! - rate * g[i]!;
    w[i]! += nesterov ? momentum * v[i]! - rate * g[i]! : v[i]!;
  }
};

export const adam: ReferenceKernel<'adam'> = ({ op, inputs }) => {
  const { beta1, beta2, epsilon } = op.attributes;
  const [w, g, m, v, scalars] = inputs as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const [rate, decay] = [scalars[0]!, scalars[1]!];
  for (let i = 0; i < w.length; i++) {
    m[i] = flushed(beta1 * m[i]! + (1 - beta1) * g[i]!);
    v[i] = flushed(beta2 * v[i]! + (1 - beta2) * g[i]! * g[i]!);
    w[i] = w[i]! - decay * w[i]! - (rate * m[i]!) / (Math.sqrt(v[i]!) + epsilon);
  }
};

function flushed(moment: number): number {
  return Math.abs(moment) < 1e-30 ? 0 : moment;
}
