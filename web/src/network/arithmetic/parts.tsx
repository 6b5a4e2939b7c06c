import type { ComponentChildren } from 'preact';
import type { Place } from '../../../../src/inspect/index.js';
import { leave } from '../../app/url.js';
import type { OpenedNetwork } from '../networkApi.js';
import { place } from '../opened.js';
import { inkScale, type Scale, scaleOf } from '../paint.js';
import { INPUT, layerBefore } from '../places.js';

/** Goes back to a number that this one was made of; the browser's "back" returns. */
export function walkTo(to: Place): void {
  leave();
  place.value = to;
}

/** A number that leads to where it came from. */
export function Origin({ to, words, children }: { to: Place; words: string; children: ComponentChildren }) {
  return (
    <button type="button" class="net-origin" aria-label={words} onClick={() => walkTo(to)}>
      {children}
    </button>
  );
}

/** The colours of what goes into a layer: those of the maps it comes from. */
export function inputScale(network: OpenedNetwork, layer: string): Scale {
  const before = layerBefore(network, layer);
  const maps = network.layers.find(({ name }) => name === before);
  return before === INPUT || !maps ? inkScale : scaleOf(maps);
}

export interface ChainRow {
  readonly words: ComponentChildren;
  readonly number: ComponentChildren;
  readonly result?: boolean;
}

/** A sum, line by line; results under a rule. */
export function Chain({ caption, rows }: { readonly caption: string; readonly rows: readonly ChainRow[] }) {
  return (
    <table class="net-chain">
      <caption class="visually-hidden">{caption}</caption>
      <tbody>
        {rows.map(({ words, number, result }, i) => (
          <tr key={i} data-result={result ? '' : undefined}>
            <th scope="row">{words}</th>
            <td>{number}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** To the right from the middle what is added, to the left what is taken away. */
export function SignedBar({ value, largest }: { readonly value: number; readonly largest: number }) {
  const share = largest === 0 ? 0 : Math.min(1, Math.abs(value) / largest) * 50;
  return (
    <span class="net-bar" aria-hidden="true">
      <span
        class={value < 0 ? 'net-less' : 'net-more'}
        style={{ width: `${share}%`, left: `${value < 0 ? 50 - share : 50}%` }}
      />
    </span>
  );
}
