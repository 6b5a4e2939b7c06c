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

function examples({ name, unit, values, sprite }: Strip, strip: number): Html {
  return html`<ol class="strip" style="--count:${values.length}">
    ${values.map(
      (value, i) =>
        html`<li>
          ${picture(`strip-${strip}`, sprite, i, `${name} ${short(value)} ${unit}`)}<span aria-hidden="true"
            >${signed(value)}</span
          >
        </li>`,
    )}
  </ol>`;
}

function inWords({ values, neutral, accuracy, unit }: Strip): string {
  const at = values.indexOf(neutral);
  const least = accuracy.indexOf(Math.min(...accuracy));
  const plain = at < 0 ? '' : `${percent(accuracy[at]!, 1)} as they are, `;
  return `${plain}${percent(accuracy[least]!, 1)} at ${signed(values[least]!)} ${unit}.`;
}

function signed(value: number): string {
  return short(value).replace('-', '−');
}
