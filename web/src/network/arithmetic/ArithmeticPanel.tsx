import { effect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Arithmetic, Place } from '../../../../src/inspect/index.js';
import type { OpenedNetwork } from '../networkApi.js';
import { alone } from '../numbers.js';
import { explanation, place } from '../opened.js';
import { INPUT, isIn, moved, placeWords, shapeOf } from '../places.js';
import { ActivationPart } from './ActivationPart.js';
import { AveragePoolingPart, MaxPoolingPart } from './PoolingPart.js';
import { Conv2dPart } from './Conv2dPart.js';
import { DensePart } from './DensePart.js';
import { BatchNormalizationPart, SameNumberPart } from './SameNumberPart.js';
import './arithmetic.css';

/** How the chosen number came about. */
export function ArithmeticPanel({ network }: { readonly network: OpenedNetwork }) {
  const panel = useRef<HTMLElement>(null);
  const chosen = place.value && isIn(network, place.value) ? place.value : undefined;
  useEffect(() => {
    panel.current?.scrollTo({ top: 0 });
  }, [chosen?.layer]);
  return (
    <section class="net-sum" ref={panel} aria-labelledby="net-sum-title" data-chosen={chosen && ''}>
      <h3 id="net-sum-title">The arithmetic</h3>
      <Spoken />
      {chosen ? <Chosen network={network} chosen={chosen} /> : <Nothing network={network} />}
    </section>
  );
}

function Nothing({ network: { layers } }: { readonly network: OpenedNetwork }) {
  const layer = layers.find(({ shape }) => shape.length === 3);
  const chooseStrongest = (): void => {
    if (!layer) return;
    const [, width, channels] = layer.shape as [number, number, number];
    const at = layer.data.indexOf(layer.max);
    const pixel = Math.floor(at / channels);
    place.value = { layer: layer.name, at: [Math.floor(pixel / width), pixel % width, at % channels] };
  };
  return (
    <>
      <p>Choose a pixel of a map: here is then every number that made it, and each leads on to where it came from.</p>
      {layer && (
        <button type="button" class="net-button" onClick={chooseStrongest}>
          Show the strongest pixel of <code>{layer.name}</code>
        </button>
      )}
    </>
  );
}

function Chosen({ network, chosen }: { readonly network: OpenedNetwork; readonly chosen: Place }) {
  const found = explanation.value;
  return (
    <>
      <p class="net-where">
        {chosen.layer === INPUT ? 'The drawing' : <code>{chosen.layer}</code>}
        {', '}
        {chosen.layer === INPUT ? placeWords(chosen.at).replace(/^map \d+, /, '') : placeWords(chosen.at)}
      </p>
      <Steps network={network} chosen={chosen} />
      {chosen.layer === INPUT ? (
        <InputPart network={network} at={chosen.at} />
      ) : (
        found && (
          <>
            <p class="net-value">{alone(found.arithmetic.value)}</p>
            <StepPart network={network} arithmetic={found.arithmetic} />
            <ActivationPart network={network} arithmetic={found.arithmetic} />
            <p class="quiet">
              Shown rounded, computed in full: sums of what is shown can be off in the last digit. Rows, columns, maps
              and units are counted from 0.
            </p>
          </>
        )
      )}
    </>
  );
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

function InputPart({ network, at }: { readonly network: OpenedNetwork; readonly at: readonly number[] }) {
  const ink = network.image[at[0]! * network.inputShape[1]! + at[1]!]!;
  return (
    <>
      <p class="net-value">{alone(ink / 255)}</p>
      <p>
        This is where it begins: nothing but ink. The pixel has {ink} of 255 parts of ink, and the network takes {ink} ÷
        255 = {alone(ink / 255)}.
      </p>
    </>
  );
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
function Steps({ network, chosen }: { readonly network: OpenedNetwork; readonly chosen: Place }) {
  const shape = shapeOf(network, chosen.layer)!;
  const names = axisNames[shape.length === 3 ? 3 : 1].filter(([, axis]) => shape[axis]! > 1);
  return (
    <div class="net-steps">
      {names.map(([name, axis]) => (
        <span key={name} class="net-step" role="group" aria-label={name}>
          <button
            type="button"
            aria-label={`${name} before`}
            disabled={chosen.at[axis] === 0}
            onClick={() => (place.value = moved(shape, chosen, axis, -1))}
          >
            ‹
          </button>
          <span>
            {name} {chosen.at[axis]}
          </span>
          <button
            type="button"
            aria-label={`next ${name}`}
            disabled={chosen.at[axis] === shape[axis]! - 1}
            onClick={() => (place.value = moved(shape, chosen, axis, 1))}
          >
            ›
          </button>
        </span>
      ))}
      <button type="button" class="net-close" onClick={() => (place.value = undefined)}>
        Close
      </button>
    </div>
  );
}

/** Says what was chosen, not how it changes as the drawing does. */
function Spoken() {
  const [words, setWords] = useState('');
  useEffect(
    () =>
      effect(() => {
        const found = explanation.value;
        if (!found) return;
        const { layer, at, value } = found.arithmetic;
        const where = `${layer.name}, ${placeWords(at)}`;
        setWords((before) => (before.startsWith(`${where}: `) ? before : `${where}: ${alone(value)}`));
      }),
    [],
  );
  return (
    <p class="visually-hidden" role="status">
      {words}
    </p>
  );
}
