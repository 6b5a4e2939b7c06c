import type { Arithmetic } from '../../../../src/inspect/index.js';
import type { OpenedNetwork } from '../networkApi.js';
import { alone, evenly, signed } from '../numbers.js';
import { layerBefore, placeWords } from '../places.js';
import { Chain, type ChainRow, Origin } from './parts.js';

interface Props<K extends Arithmetic['kind']> {
  readonly network: OpenedNetwork;
  readonly arithmetic: Extract<Arithmetic, { kind: K }>;
}

export function BatchNormalizationPart({ network, arithmetic }: Props<'batchNormalization'>) {
  const { layer, at, input, mean, variance, epsilon, deviation, normalized, gamma, beta, before } = arithmetic;
  const from = layerBefore(network, layer.name);
  const format = evenly([input, mean, input - mean, normalized, before], 4);
  const rows: ChainRow[] = [
    {
      words: 'Input',
      number: (
        <Origin to={{ layer: from, at }} words={`${format(input)}: where it came from`}>
          {format(input)}
        </Origin>
      ),
    },
    { words: 'Mean', number: signed(format(-mean)) },
    {
      words: (
        <>
          Deviation{' '}
          <small>
            √({alone(variance)} + {epsilon})
          </small>
        </>
      ),
      number: `÷ ${alone(deviation)}`,
    },
    { words: 'Normalized', number: format(normalized), result: true },
  ];
  if (gamma !== undefined) rows.push({ words: 'Gamma', number: `× ${alone(gamma)}` });
  if (beta !== undefined) rows.push({ words: 'Beta', number: signed(format(beta)) });
  if (gamma !== undefined || beta !== undefined) rows.push({ words: 'Result', number: format(before), result: true });
  return (
    <>
      <p>
        {at.length === 3 ? 'Each map' : 'Each unit'} is brought to the same scale: its mean and its deviation in
        training are taken out, and two learned numbers, gamma and beta, put back as much of both as is of use.
      </p>
      <Chain caption="Normalization, step by step" rows={rows} />
    </>
  );
}

/** Layers that pass a number on. */
export function SameNumberPart({ network, arithmetic }: Props<'flatten' | 'dropout' | 'activation'>) {
  const { layer, at, input } = arithmetic;
  const source = arithmetic.kind === 'flatten' ? arithmetic.source : at;
  const from = layerBefore(network, layer.name);
  return (
    <>
      <p>{words(arithmetic)}</p>
      <Chain
        caption="Where it came from"
        rows={[
          {
            words: (
              <>
                <code>{from}</code>, {placeWords(source)}
              </>
            ),
            number: (
              <Origin to={{ layer: from, at: source }} words={`${alone(input)}: where it came from`}>
                {alone(input)}
              </Origin>
            ),
          },
        ]}
      />
    </>
  );
}

function words(arithmetic: Props<'flatten' | 'dropout' | 'activation'>['arithmetic']): string {
  switch (arithmetic.kind) {
    case 'flatten':
      return 'Nothing is computed: the numbers of all maps are put into one line, pixel after pixel.';
    case 'dropout':
      return (
        `In training this layer sets ${(100 * arithmetic.rate).toFixed(0)} of 100 numbers to 0, each time others, so ` +
        'that the network does not lean on a few. When it reads, it passes every number on.'
      );
    case 'activation':
      return 'The layer is an activation alone.';
  }
}
