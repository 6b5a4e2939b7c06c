import type { ReportData, RobustnessData } from '../../data.js';
import { chart, HALF, stripChart } from '../charts.js';
import { html, type Html } from '../html.js';
import { picture } from '../pictures.js';
import { figure, type Section } from '../section.js';
import { capital, grouped, percent, short } from '../words.js';

/** How much change the model bears. */
export function robustness({ robustness: data }: ReportData): Section {
  return {
    id: 'robustness',
    title: 'How much change it bears',
    content: data && data.strips.length > 0 ? content(data) : undefined,
    absent: 'Accuracy on changed images was not measured for this report.',
  };
}

type Strip = RobustnessData['strips'][number];

function content({ count, strips }: RobustnessData): Html {
  return html`<p>
      Accuracy on ${grouped(count)} test images, always the same ones, changed more and more. The band is the 95%
      interval; the vertical line is where images are as they are. Below each chart, one image as the network saw it.
    </p>
    <div class="pair">
      ${strips.map((strip, i) =>
        figure(
          html`${chart(HALF, (width) => stripChart({ ...strip, width, height: 220 }))} ${examples(strip, i)}`,
          html`<b>${capital(strip.name)}</b>: ${inWords(strip)}`,
        ),
      )}
    </div>`;
}

/** An image below its value, as far as there is room: values of less distance than that get even places. */
const LEAST_GAP = 0.08;

function examples({ name, unit, values, sprite }: Strip, strip: number): Html {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const exact = values.map((value) => (value - low) / (high - low || 1));
  const gapOf = (places: readonly number[]): number =>
    places.slice(1).reduce((least, place, i) => Math.min(least, place - places[i]!), 1);
  const even = values.map((_, i) => i / Math.max(1, values.length - 1));
  const aligned = gapOf(exact) >= LEAST_GAP;
  const places = aligned ? exact : even;
  return html`<ol class="strip" style="--gap:${gapOf(places).toFixed(4)}">
    ${values.map(
      (value, i) =>
        html`<li style="--at:${places[i]!.toFixed(4)}">
          ${picture(`strip-${strip}`, sprite, i, `${name} ${short(value)} ${unit}`)}${!aligned && html`<span aria-hidden="true">${short(value)}</span>`}
        </li>`,
    )}
  </ol>`;
}

function inWords({ values, neutral, accuracy, unit }: Strip): string {
  const at = values.indexOf(neutral);
  const least = accuracy.indexOf(Math.min(...accuracy));
  const plain = at < 0 ? '' : `${percent(accuracy[at]!, 1)} as they are, `;
  return `${plain}${percent(accuracy[least]!, 1)} at ${short(values[least]!)} ${unit}.`;
}
