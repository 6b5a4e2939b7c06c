import { pointAt } from '../../../numeric/calibration.js';
import type { ReportData, TestData } from '../../data.js';
import { chart, coverageChart, HALF, reliabilityChart } from '../charts.js';
import { html, type Html } from '../html.js';
import { figure, type Section, table } from '../section.js';
import { grouped, percent } from '../words.js';

/** Whether its confidence can be believed. */
export function reliability({ test, record: { result } }: ReportData): Section {
  const calibrated = result?.calibration;
  return {
    id: 'reliability',
    title: 'Can its confidence be believed?',
    content:
      test &&
      html`${content(test)}
      ${
        calibrated &&
        html`<p>
          The probabilities were calibrated after training by a temperature of ${calibrated.temperature.toFixed(3)},
          found on ${grouped(calibrated.images)} held-out images: on those, the calibration error was
          ${percent(calibrated.before.ece)} before and ${percent(calibrated.after.ece)} after.
        </p>`
      }`,
    absent: 'How this model reads the test images is not known, and so neither how reliable it is.',
  };
}

const SHARES = [1, 0.99, 0.98, 0.95, 0.9, 0.8];

function content({ calibration, coverage, count }: TestData): Html {
  return html`<div class="pair">
      ${figure(
        chart(HALF, (width) => reliabilityChart({ calibration, width })),
        html`Of answers given with 90% confidence, 90 in 100 should be right: on the diagonal, confidence is what it
          says. The expected calibration error is <b>${percent(calibration.ece)}</b>, the mean distance from the
          diagonal.`,
      )}
      ${figure(
        chart(HALF, (width) => coverageChart({ coverage, count, width })),
        'If the least certain images were left to a human, how many of the others would be read right?',
      )}
    </div>
    <details>
      <summary>Accuracy where only the surest are answered</summary>
      ${table(
        'Accuracy against the share answered',
        [
          { title: 'Answered', number: true },
          { title: 'Right of those', number: true },
          { title: 'Least confidence', number: true },
        ],
        SHARES.map((wanted) => {
          const { share, accuracy, confidence } = pointAt(coverage, wanted);
          return [percent(share, 1), percent(accuracy), percent(confidence, 1)];
        }),
      )}
    </details>`;
}
