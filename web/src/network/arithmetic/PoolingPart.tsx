import type { Arithmetic } from '../../../../src/inspect/index.js';
import type { OpenedNetwork } from '../networkApi.js';
import { alone, evenly } from '../numbers.js';
import { layerBefore } from '../places.js';
import { NumberGrid } from './NumberGrid.js';
import { Chain, inputScale } from './parts.js';

interface MaxProps {
  readonly network: OpenedNetwork;
  readonly arithmetic: Extract<Arithmetic, { kind: 'maxPooling2d' }>;
}

export function MaxPoolingPart({ network, arithmetic }: MaxProps) {
  const { window, winner, value } = arithmetic;
  const row = window.top + Math.floor(winner / window.width);
  const column = window.left + (winner % window.width);
  return (
    <>
      <p>
        Of the {window.inside.filter(Boolean).length} numbers of a window, the largest goes on. The map gets smaller,
        and it matters less exactly where something was.
      </p>
      <Window network={network} arithmetic={arithmetic} winner={winner} />
      <p>
        The largest is <strong>{alone(value)}</strong>, in row {row}, column {column}.
      </p>
    </>
  );
}

interface AverageProps {
  readonly network: OpenedNetwork;
  readonly arithmetic: Extract<Arithmetic, { kind: 'averagePooling2d' | 'globalAveragePooling2d' }>;
}

export function AveragePoolingPart({ network, arithmetic }: AverageProps) {
  const { kind, sum, count, before } = arithmetic;
  const format = evenly([sum, before], 4);
  return (
    <>
      <p>
        The mean of {kind === 'globalAveragePooling2d' ? `all ${count}` : count} numbers of the map before: how strong
        it is {kind === 'globalAveragePooling2d' ? 'on the whole' : 'about here'}.
      </p>
      <Window network={network} arithmetic={arithmetic} />
      <Chain
        caption="The mean"
        rows={[
          { words: `Sum of ${count} numbers`, number: format(sum) },
          { words: 'Their number', number: `÷ ${count}` },
          { words: 'Mean', number: format(before), result: true },
        ]}
      />
    </>
  );
}

type Pooling = (MaxProps | AverageProps) & { readonly winner?: number };

function Window({ network, arithmetic: { layer, window, inputs, at }, winner }: Pooling) {
  const before = layerBefore(network, layer.name);
  const channel = at.at(-1)!;
  return (
    <NumberGrid
      caption={`Map ${channel}`}
      values={inputs}
      columns={window.width}
      scale={inputScale(network, layer.name)}
      top={window.top}
      left={window.left}
      inside={window.inside}
      {...(winner === undefined ? {} : { winner })}
      origin={(row, column) => ({ layer: before, at: [row, column, channel] })}
    />
  );
}
