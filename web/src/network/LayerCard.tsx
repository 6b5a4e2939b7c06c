import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { MapCanvas } from './MapCanvas.js';
import type { LayerMaps, OpenedNetwork } from './networkApi.js';
import { evenly } from './numbers.js';
import { gradient, inkScale, type Scale, scaleOf } from './paint.js';
import { INPUT } from './places.js';
import { Shares } from './Shares.js';
import { count, isQuiet, layerTitle, shapeWords } from './words.js';

/** So many values of a softmax have room for names and numbers. */
const MOST_SHARES = 20;

interface InputProps {
  readonly network: OpenedNetwork;
}

export function InputCard({ network }: InputProps) {
  const { image, inputShape } = network;
  const data = useMemo(() => Float32Array.from(image, (value) => value / 255), [image]);
  return (
    <Card title="The drawing, as the network gets it" shape={inputShape} open>
      <MapCanvas network={network} layer={INPUT} shape={inputShape} data={data} scale={inkScale} />
      <Legend scale={inkScale} words={['paper', 'ink']} />
    </Card>
  );
}

interface LayerProps {
  readonly network: OpenedNetwork;
  readonly index: number;
}

export function LayerCard({ network, index }: LayerProps) {
  const layer = network.layers[index]!;
  const { name, config, shape, data, parameters } = layer;
  const scale = scaleOf(layer);
  return (
    <Card title={layerTitle(config)} name={name} shape={shape} parameters={parameters} open={!isQuiet(config)}>
      {hasShares(layer, network) ? (
        <Shares layer={layer} />
      ) : (
        <>
          <MapCanvas network={network} layer={name} shape={shape} data={data} scale={scale} />
          <Legend scale={scale} />
        </>
      )}
    </Card>
  );
}

/** Whether its numbers are the network's answer: probabilities, of not too many classes. */
function hasShares({ name, config, shape }: LayerMaps, { layers }: OpenedNetwork): boolean {
  const { activation } = config;
  const isSoftmax = typeof activation === 'object' && JSON.stringify(activation) === '{"type":"softmax"}';
  return name === layers.at(-1)?.name && isSoftmax && shape.length === 1 && shape[0]! <= MOST_SHARES;
}

interface CardProps {
  readonly title: string;
  readonly name?: string;
  readonly shape: readonly number[];
  readonly parameters?: number;
  readonly open: boolean;
  readonly children: ComponentChildren;
}

/** Folded, it paints nothing. */
function Card({ title, name, shape, parameters, open: initially, children }: CardProps) {
  const [open, setOpen] = useState(initially);
  return (
    <li class="net-layer">
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span class="net-head">
            <h3>{title}</h3>
            <span class="net-facts">
              {name !== undefined && <code>{name}</code>}
              <span>{shapeWords(shape)}</span>
              {(parameters ?? 0) > 0 && <span>{count(parameters, 'parameter')}</span>}
            </span>
          </span>
        </summary>
        {open && children}
      </details>
    </li>
  );
}

interface LegendProps {
  readonly scale: Scale;
  /** For the ends of the scale. */
  readonly words?: readonly [string, string];
}

function Legend({ scale: { kind, low, high }, words }: LegendProps) {
  const format = evenly([low, high]);
  return (
    <p class="net-legend">
      <span>{words ? words[0] : kind === 'amount' ? '0' : format(low)}</span>
      <span class="net-gradient" style={{ background: gradient(kind) }} />
      <span>{words ? words[1] : format(high)}</span>
    </p>
  );
}
