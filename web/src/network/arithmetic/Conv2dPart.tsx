import { useState } from 'preact/hooks';
import type { Arithmetic, ChannelProducts } from '../../../../src/inspect/index.js';
import type { OpenedNetwork } from '../networkApi.js';
import { evenly, signed } from '../numbers.js';
import type { Scale } from '../paint.js';
import { INPUT, layerBefore } from '../places.js';
import { count } from '../words.js';
import { NumberGrid } from './NumberGrid.js';
import { Chain, type ChainRow, inputScale, SignedBar } from './parts.js';

type Convolution = Extract<Arithmetic, { kind: 'conv2d' }>;
interface Props {
  readonly network: OpenedNetwork;
  readonly arithmetic: Convolution;
}

/** So many channels are listed at once. */
const SHOWN = 6;

export function Conv2dPart({ network, arithmetic }: Props) {
  const { channels, window, sum, bias, before, at } = arithmetic;
  const sorted = [...channels].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
  const first = sorted[0]!;
  const { height, width } = window;
  const maps = channels.length;
  const format = evenly([sum, bias ?? 0, before, first.sum], 4);
  const rows: ChainRow[] = [{ words: maps === 1 ? 'All products' : `All ${maps} maps`, number: format(sum) }];
  if (bias !== undefined) rows.push({ words: `Bias of map ${at[2]}`, number: signed(format(bias)) });
  rows.push({ words: 'Together', number: format(before), result: true });
  return (
    <>
      <p>
        A window of {height} × {width} numbers{maps > 1 ? ` of each of the ${maps} maps before` : ''} is multiplied,
        number by number, with the kernel of map {at[2]}, and all products are added up.
      </p>
      {maps > 1 && <h4>Map {first.channel} before counts most</h4>}
      <Products network={network} arithmetic={arithmetic} channel={first} />
      {maps > 1 && <Channels network={network} arithmetic={arithmetic} sorted={sorted} />}
      <h4>The sum</h4>
      <Chain caption="The sum" rows={rows} />
    </>
  );
}

/** Window, kernel and products of one channel. */
function Products({ network, arithmetic, channel }: Props & { readonly channel: ChannelProducts }) {
  const { layer, window, at } = arithmetic;
  const before = layerBefore(network, layer.name);
  const { inputs, kernel, products, sum } = channel;
  const columns = window.width;
  const format = evenly(products);
  return (
    <div class="net-products">
      <NumberGrid
        caption={before === INPUT ? 'Drawing' : `Map ${channel.channel}`}
        values={inputs}
        columns={columns}
        scale={inputScale(network, layer.name)}
        top={window.top}
        left={window.left}
        inside={window.inside}
        origin={(row, column) => ({ layer: before, at: [row, column, channel.channel] })}
      />
      <span class="net-sign">×</span>
      <NumberGrid caption={`Kernel ${at[2]}`} values={kernel} columns={columns} scale={signScale(kernel)} />
      <span class="net-sign">=</span>
      <NumberGrid
        caption="Products"
        values={products}
        columns={columns}
        scale={signScale(products)}
        format={format}
        inside={window.inside}
      />
      <p class="net-products-sum">
        The {products.length} products add up to <strong>{evenly([sum, ...products])(sum)}</strong>
      </p>
    </div>
  );
}

/** What each channel adds, the largest first; each opens. */
function Channels({ network, arithmetic, sorted }: Props & { readonly sorted: readonly ChannelProducts[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  const rest = sorted.slice(shown.length);
  const format = evenly(sorted.map(({ sum }) => sum));
  return (
    <>
      <h4>What each map before adds</h4>
      <ul class="net-channels">
        {shown.map((channel) => (
          <Channel
            key={channel.channel}
            network={network}
            arithmetic={arithmetic}
            channel={channel}
            largest={Math.abs(sorted[0]!.sum)}
            text={format(channel.sum)}
          />
        ))}
      </ul>
      {(rest.length > 0 || all) && (
        <button type="button" class="net-button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all
            ? 'Fewer maps'
            : `${count(rest.length, 'more map')}, together ${format(rest.reduce((total, { sum }) => total + sum, 0))}`}
        </button>
      )}
    </>
  );
}

interface ChannelProps extends Props {
  readonly channel: ChannelProducts;
  readonly largest: number;
  readonly text: string;
}

function Channel({ network, arithmetic, channel, largest, text }: ChannelProps) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span>Map {channel.channel}</span>
          <SignedBar value={channel.sum} largest={largest} />
          <span class="net-number">{text}</span>
        </summary>
        {open && <Products network={network} arithmetic={arithmetic} channel={channel} />}
      </details>
    </li>
  );
}

function signScale(values: Float64Array): Scale {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-12);
  return { kind: 'sign', low: -most, high: most };
}
