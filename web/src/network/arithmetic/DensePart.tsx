import { useState } from 'preact/hooks';
import type { Arithmetic } from '../../../../src/inspect/index.js';
import type { OpenedNetwork } from '../networkApi.js';
import { evenly, signed } from '../numbers.js';
import { layerBefore } from '../places.js';
import { count, grouped } from '../words.js';
import { Chain, type ChainRow, Origin, SignedBar } from './parts.js';

interface Props {
  readonly network: OpenedNetwork;
  readonly arithmetic: Extract<Arithmetic, { kind: 'dense' }>;
}

const FEW = 8;
const MANY = 40;

export function DensePart({ network, arithmetic }: Props) {
  const { layer, inputs, weights, products, sum, bias, before, at } = arithmetic;
  const [many, setMany] = useState(false);
  const from = layerBefore(network, layer.name);
  const order = Array.from(products.keys()).sort((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!));
  const shown = order.slice(0, many ? MANY : FEW);
  const rest = order.slice(shown.length);
  const largest = Math.abs(products[order[0]!]!);
  const format = evenly([sum, bias ?? 0, before, largest], 4);
  const inputFormat = evenly(shown.map((i) => inputs[i]!));
  const weightFormat = evenly(shown.map((i) => weights[i]!));
  const rows: ChainRow[] = [];
  if (rest.length > 0) {
    rows.push({ words: `The ${shown.length} largest`, number: format(total(products, shown)) });
    rows.push({ words: count(rest.length, 'other input'), number: signed(format(total(products, rest))) });
  } else rows.push({ words: `All ${inputs.length} inputs`, number: format(sum) });
  if (bias !== undefined) rows.push({ words: `Bias of unit ${at[0]}`, number: signed(format(bias)) });
  rows.push({ words: 'Together', number: format(before), result: true });
  return (
    <>
      <p>
        Each of the {grouped(inputs.length)} numbers before is multiplied with a weight that unit {at[0]} has for it,
        and all products are added up. The largest products first:
      </p>
      <table class="net-terms">
        <thead>
          <tr>
            <th scope="col">Unit</th>
            <th scope="col">Input</th>
            <th scope="col">× weight</th>
            <th scope="col">= product</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {shown.map((i) => (
            <tr key={i}>
              <th scope="row">{i}</th>
              <td>
                <Origin to={{ layer: from, at: [i] }} words={`${inputFormat(inputs[i]!)}: where it came from`}>
                  {inputFormat(inputs[i]!)}
                </Origin>
              </td>
              <td>{weightFormat(weights[i]!)}</td>
              <td>{format(products[i]!)}</td>
              <td>
                <SignedBar value={products[i]!} largest={largest} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {order.length > FEW && (
        <button type="button" class="net-button" aria-expanded={many} onClick={() => setMany(!many)}>
          {many ? 'Fewer' : `The ${Math.min(MANY, order.length)} largest`}
        </button>
      )}
      <h4>The sum</h4>
      <Chain caption="The sum" rows={rows} />
    </>
  );
}

function total(values: Float64Array, indices: readonly number[]): number {
  return indices.reduce((sum, i) => sum + values[i]!, 0);
}
