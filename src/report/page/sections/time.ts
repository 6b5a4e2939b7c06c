import type { ReportData, StepTime } from '../../data.js';
import { chart, curvesChart, HALF, sharesChart } from '../charts.js';
import { html } from '../html.js';
import { figure, type Section, table } from '../section.js';
import { percent, short } from '../words.js';

/** How fast it went, and what took the time. */
export function time({ epochs, time: step, phases }: ReportData): Section {
  const points = epochs.flatMap((row, i) => {
    const [x, y] = [row['epoch'], row['imagesPerSecond']];
    return typeof y === 'number' && Number.isFinite(y) ? [{ x: typeof x === 'number' ? x : i + 1, y }] : [];
  });
  const marks = phases.slice(1).map(({ firstEpoch, batchSize }) => ({ x: firstEpoch, label: `batch ${batchSize}` }));
  const speed =
    points.length > 0 &&
    figure(
      chart(HALF, (width) =>
        curvesChart({
          title: 'Images a second by epoch',
          series: [{ name: 'images a second', points }],
          ...{ x: { label: 'epoch' }, y: { label: 'images a second' }, marks, width, height: 260 },
        }),
      ),
      'Training images a second, validation not counted.',
    );
  return {
    id: 'time',
    title: 'Where the time went',
    content: speed || step ? html`<div class="pair">${speed}${step && parts(step)}</div>` : undefined,
    absent: 'Neither throughput nor the time of a step is known.',
  };
}

function parts({ step, batchSize, parts: all }: StepTime) {
  return html`<div>
    ${figure(
      chart(HALF, (width) => sharesChart({ parts: all, total: step, unit: 'ms', width })),
      `One training step of ${batchSize} images took ${short(step)} ms (median).`,
    )}
    <details>
      <summary>As a table</summary>
      ${table(
        'Where the time of a training step goes',
        [{ title: 'Part' }, { title: 'Share', number: true }, { title: 'ms', number: true }],
        all.map(({ name, share }) => [name, percent(share, 1), (share * step).toFixed(2)]),
      )}
    </details>
  </div>`;
}
