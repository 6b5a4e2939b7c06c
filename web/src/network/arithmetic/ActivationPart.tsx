import type { Arithmetic, SoftmaxActivation } from '../../../../src/inspect/index.js';
import { alone, evenly, percent } from '../numbers.js';
import { place } from '../opened.js';
import { activationName } from '../words.js';
import { Chain } from './parts.js';

interface Props {
  readonly arithmetic: Arithmetic;
}

/** What the layer's activation makes of its number. */
export function ActivationPart({ arithmetic }: Props) {
  const { activation, before, value } = arithmetic;
  if (!activation) return null;
  if (activation.kind === 'softmax') return <SoftmaxPart arithmetic={arithmetic} activation={activation} />;
  const { kind, alpha } = activation;
  const format = evenly([before, value], 4);
  const [formula, words] = functions[kind];
  return (
    <>
      <h4>{activationName(kind)}</h4>
      <p>{words}</p>
      <Chain
        caption={activationName(kind)}
        rows={[
          { words: 'Before', number: format(before) },
          { words: formula.replace('α', String(alpha ?? 1)), number: format(value), result: true },
        ]}
      />
    </>
  );
}

const functions: Readonly<Record<Exclude<NonNullable<Arithmetic['activation']>['kind'], 'softmax'>, [string, string]>> =
  {
    relu: ['The larger of it and 0', 'What is positive stays; what is negative becomes 0, and is silent.'],
    leakyRelu: ['Below 0, times α', 'What is positive stays, what is negative becomes small.'],
    elu: ['Below 0, α × (e^x − 1)', 'What is positive stays, what is negative ends softly at a floor.'],
    selu: ['1.051 x; below 0, 1.758 × (e^x − 1)', 'Like ELU, on a scale that keeps itself from layer to layer.'],
    sigmoid: ['1 ÷ (1 + e^−x)', 'Brings any number to between 0 and 1.'],
    tanh: ['tanh x', 'Brings any number to between −1 and 1.'],
    softplus: ['ln(1 + e^x)', 'Like ReLU with the corner rounded off.'],
  };

interface SoftmaxProps {
  readonly arithmetic: Arithmetic;
  readonly activation: SoftmaxActivation;
}

function SoftmaxPart({ arithmetic, activation: { inputs, largest, exponentials, sum, index } }: SoftmaxProps) {
  const { layer, at, value } = arithmetic;
  const format = evenly(inputs);
  const powerFormat = evenly(exponentials, 4);
  const name = at.length === 1 ? 'unit' : 'map';
  return (
    <>
      <h4>Softmax</h4>
      <p>
        Makes shares of 100% of all {inputs.length} numbers, the logits. From each the largest, {format(largest)}, is
        taken; e to the power of what is left is positive, and its share of the sum is the answer.
      </p>
      <div class="net-grid-area">
        <table class="net-terms net-softmax">
          <thead>
            <tr>
              <th scope="col">{name}</th>
              <th scope="col">Logit</th>
              <th scope="col">− largest</th>
              <th scope="col">e^x</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            {Array.from(inputs, (input, i) => (
              <tr key={i} data-chosen={i === index ? '' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    class="net-origin"
                    aria-label={`${name} ${i}`}
                    aria-pressed={i === index}
                    onClick={() => (place.value = { layer: layer.name, at: [...at.slice(0, -1), i] })}
                  >
                    {i}
                  </button>
                </th>
                <td>{format(input)}</td>
                <td>{format(input - largest)}</td>
                <td>{powerFormat(exponentials[i]!)}</td>
                <td>{percent(exponentials[i]! / sum)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={3}>
                Sum
              </th>
              <td>{powerFormat(sum)}</td>
              <td>{percent(1)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      <Chain
        caption="The share"
        rows={[
          { words: `e^x of ${name} ${index}`, number: alone(exponentials[index]!) },
          { words: 'Sum', number: `÷ ${alone(sum)}` },
          { words: 'Share', number: alone(value), result: true },
        ]}
      />
    </>
  );
}
