import { useEffect, useRef } from 'preact/hooks';
import type { Arithmetic, Place } from '../../../../src/inspect/index.js';
import type { OpenedNetwork } from '../networkApi.js';
import { alone, percent } from '../numbers.js';
import { chosen, explanation, place } from '../opened.js';
import { INPUT, moved, placeWords, shapeOf } from '../places.js';
import { ActivationPart } from './ActivationPart.js';
import { AveragePoolingPart, MaxPoolingPart } from './PoolingPart.js';
import { Conv2dPart } from './Conv2dPart.js';
import { DensePart } from './DensePart.js';
import { BatchNormalizationPart, SameNumberPart } from './SameNumberPart.js';
import './arithmetic.css';

/** How the chosen number came about. */
export function ArithmeticPanel({ network }: { readonly network: OpenedNetwork }) {
  const panel = useRef<HTMLElement>(null);
  const here = chosen.value;
  useEffect(() => {
    panel.current?.scrollTo({ top: 0 });
  }, [here?.layer]);
  return (
    <section class="net-sum" ref={panel} aria-labelledby="net-sum-title" data-chosen={here && ''}>
      <h3 id="net-sum-title" class={here && 'visually-hidden'}>
        The arithmetic
      </h3>
      <Spoken network={network} />
      {here ? (
        <Chosen network={network} here={here} />
      ) : (
        <p>Choose a pixel of a map: here is then every number that made it, and each leads on to where it came from.</p>
      )}
    </section>
  );
}

function Chosen({ network, here }: { readonly network: OpenedNetwork; readonly here: Place }) {
  const found = explanation.value?.arithmetic;
  const ink = inkAt(network, here);
  return (
    <>
      <div class="net-result">
        <p class="net-value">{ink === undefined ? found && shownValue(found) : alone(ink / 255)}</p>
        <p class="quiet">{ink === undefined ? <code>{here.layer}</code> : 'the drawing'}</p>
        <button type="button" class="plain" onClick={() => (place.value = undefined)}>
          Close
        </button>
      </div>
      <Steps network={network} here={here} />
      {ink !== undefined && (
        <p>
          This is where it begins: nothing but ink. The pixel has {ink} of 255 parts of ink, and the network takes {ink}{' '}
          ÷ 255 = {alone(ink / 255)}.
        </p>
      )}
      {found && (
        <>
          <StepPart network={network} arithmetic={found} />
          <ActivationPart arithmetic={found} />
          <p class="quiet">
            Numbers are shown rounded and computed in full, so that sums of them can be off in the last digit. Rows,
            columns, maps and units are counted from 0.
          </p>
        </>
      )}
    </>
  );
}

/** Shares in percent, as everywhere else on the page. */
function shownValue({ activation, value }: Arithmetic): string {
  return activation?.kind === 'softmax' ? percent(value) : alone(value);
}

/** Of a pixel of the drawing, 0 to 255; undefined for places in layers. */
function inkAt({ image, inputShape }: OpenedNetwork, { layer, at }: Place): number | undefined {
  return layer === INPUT ? image[at[0]! * inputShape[1]! + at[1]!] : undefined;
}

interface PartProps {
  readonly network: OpenedNetwork;
  readonly arithmetic: Arithmetic;
}

function StepPart({ network, arithmetic }: PartProps) {
  switch (arithmetic.kind) {
    case 'conv2d':
      return <Conv2dPart network={network} arithmetic={arithmetic} />;
    case 'dense':
      return <DensePart network={network} arithmetic={arithmetic} />;
    case 'batchNormalization':
      return <BatchNormalizationPart network={network} arithmetic={arithmetic} />;
    case 'maxPooling2d':
      return <MaxPoolingPart network={network} arithmetic={arithmetic} />;
    case 'averagePooling2d':
    case 'globalAveragePooling2d':
      return <AveragePoolingPart network={network} arithmetic={arithmetic} />;
    case 'flatten':
    case 'dropout':
    case 'activation':
      return <SameNumberPart network={network} arithmetic={arithmetic} />;
  }
}

const axisNames = {
  1: [['unit', 0]],
  3: [
    ['row', 0],
    ['column', 1],
    ['map', 2],
  ],
} as const;

/** To the numbers beside it: where a finger is too large for a pixel, and for the keyboard. */
function Steps({ network, here }: { readonly network: OpenedNetwork; readonly here: Place }) {
  const shape = shapeOf(network, here.layer)!;
  const names = axisNames[shape.length === 3 ? 3 : 1].filter(([, axis]) => shape[axis]! > 1);
  return (
    <div class="net-steps">
      {names.map(([name, axis]) => (
        <span key={name} class="net-step" role="group" aria-label={name}>
          <button
            type="button"
            aria-label={`${name} before`}
            disabled={here.at[axis] === 0}
            onClick={() => (place.value = moved(shape, here, axis, -1))}
          >
            ‹
          </button>
          <span>
            {name} {here.at[axis]}
          </span>
          <button
            type="button"
            aria-label={`next ${name}`}
            disabled={here.at[axis] === shape[axis]! - 1}
            onClick={() => (place.value = moved(shape, here, axis, 1))}
          >
            ›
          </button>
        </span>
      ))}
    </div>
  );
}

/** Says what was chosen, not how it changes as the drawing does. */
function Spoken({ network }: { readonly network: OpenedNetwork }) {
  const said = useRef('');
  const here = chosen.value;
  const found = explanation.value?.arithmetic;
  if (!here) said.current = '';
  else {
    const ink = inkAt(network, here);
    const where = `${here.layer === INPUT ? 'The drawing' : here.layer}, ${placeWords(here.at)}: `;
    const value = ink === undefined ? found && shownValue(found) : alone(ink / 255);
    if (value !== undefined && !said.current.startsWith(where)) said.current = where + value;
  }
  return (
    <p class="visually-hidden" role="status">
      {said.current}
    </p>
  );
}
