import type { MetricsRow } from '../../../runs/metrics.js';
import type { ReportData } from '../../data.js';
import { chart, curvesChart, HALF } from '../charts.js';
import { html, type Html } from '../html.js';
import { figure, type Section, table } from '../section.js';
import { grouped, percent, short } from '../words.js';

interface Curve {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly dashed?: boolean;
}

/** How the losses and accuracies went, epoch by epoch. */
export function curves(data: ReportData): Section {
  return {
    id: 'curves',
    title: 'How it learned',
    content: data.epochs.length === 0 ? undefined : content(data),
    absent: 'No epoch of this run was measured, so there are no curves.',
  };
}

function content(data: ReportData): Html {
  const { epochs } = data;
  const marks = data.phases
    .slice(1)
    .map(({ firstEpoch, augmented }) => ({ x: firstEpoch, label: augmented ? 'augmented' : 'next phase' }));
  const draw = (
    title: string,
    label: string,
    series: readonly Curve[],
    y: { log?: boolean; percent?: boolean; domain?: 'later' } = {},
  ) => {
    const some = series.filter(({ points }) => points.length > 0);
    if (some.length === 0) return html`<p class="absent">${title} was not measured.</p>`;
    return chart(HALF, (width) =>
      curvesChart({ title, series: some, x: { label: 'epoch' }, y: { label, ...y }, marks, width, height: 260 }),
    );
  };
  const rates = [...new Set(pointsOf(epochs, 'learningRate').map(({ y }) => y))];
  return html` <div class="pair">
      ${figure(
        draw('Loss by epoch', 'loss', both(epochs, 'Loss'), { log: true }),
        'Loss: how surprised the network is by the right answers. Lower is better; each step of the scale is some times less.',
      )}
      ${figure(
        draw('Accuracy by epoch', 'accuracy', both(epochs, 'Accuracy'), { percent: true, domain: 'later' }),
        'Accuracy: the share of images read right. Where the first epochs lie far below the others, the scale begins above them.',
      )}
      ${
        rates.length === 1
          ? undefined
          : figure(
              draw('Learning rate by epoch', 'learning rate', [
                { name: 'learning rate', points: pointsOf(epochs, 'learningRate') },
              ]),
              'Learning rate: how large the steps are by which the weights change.',
            )
      }
      <div class="${rates.length === 1 ? 'explained wide' : 'explained'}">
        <h3>Why validation can look better than training</h3>
        <p>${whyBetter(data)}</p>
        ${rates.length === 1 ? html`<p>The learning rate was ${short(rates[0]!)} throughout.</p>` : undefined}
      </div>
    </div>
    <details>
      <summary>The figures of ${epochs.length === 1 ? 'the epoch' : `all ${epochs.length} epochs`}</summary>
      ${numbers(epochs)}
    </details>`;
}

function both(epochs: readonly MetricsRow[], what: string): Curve[] {
  return [
    { name: 'training', points: pointsOf(epochs, `train${what}`) },
    { name: 'validation', points: pointsOf(epochs, `val${what}`), dashed: true },
  ];
}

function pointsOf(epochs: readonly MetricsRow[], column: string) {
  return epochs.flatMap((row, i) => {
    const [x, y] = [row['epoch'], row[column]];
    return typeof y === 'number' && Number.isFinite(y) ? [{ x: typeof x === 'number' ? x : i + 1, y }] : [];
  });
}

function whyBetter({ phases, record: { recipe } }: ReportData): string {
  const augmented = phases.some((phase) => phase.augmented);
  const onTest =
    typeof recipe === 'object' && recipe !== null && 'validation' in recipe && recipe['validation'] === 'test';
  return [
    'Training figures are means over the whole epoch, its beginning included, taken with dropout on while the weights still change.',
    augmented && 'In augmented epochs the images are distorted as well, and so harder to read.',
    'Validation is measured after the epoch, with the whole network, on images as they are.',
    onTest &&
      'Here validation is on the test images themselves: no epoch may be chosen by it, or the result would be too good.',
  ]
    .filter((words) => words !== false)
    .join(' ');
}

const columns: readonly (readonly [column: string, title: string, write: (value: number) => string])[] = [
  ['epoch', 'Epoch', String],
  ['trainLoss', 'Training loss', (value) => value.toFixed(4)],
  ['trainAccuracy', 'Training accuracy', (value) => percent(value)],
  ['valLoss', 'Validation loss', (value) => value.toFixed(4)],
  ['valAccuracy', 'Validation accuracy', (value) => percent(value)],
  ['learningRate', 'Learning rate', short],
  ['imagesPerSecond', 'Images a second', (value) => grouped(Math.round(value))],
  ['seconds', 'Seconds', (value) => value.toFixed(1)],
];

function numbers(epochs: readonly MetricsRow[]) {
  const there = columns.filter(([column]) => epochs.some((row) => column in row));
  return table(
    'As in metrics.csv, rounded',
    there.map(([, title]) => ({ title, number: true })),
    epochs.map((row) =>
      there.map(([column, , write]) => {
        const value = row[column];
        return typeof value === 'number' ? write(value) : (value ?? '–');
      }),
    ),
  );
}
