import type { ReportData, TestData } from '../../data.js';
import { chart, classesChart, HALF } from '../charts.js';
import { html, type Html } from '../html.js';
import { figure, type Section, table } from '../section.js';
import { classNamed, grouped, percent } from '../words.js';

/** How well each class is read. */
export function classes({ test, dataset }: ReportData): Section {
  return {
    id: 'classes',
    title: 'Class by class',
    content: test && content(test, dataset.classNames),
    absent: 'How this model reads the test images is not known, so there is no precision and recall.',
  };
}

function content(test: TestData, names: readonly string[]): Html {
  return html`<div class="pair">
    ${figure(
      chart(HALF, (width) => classesChart({ classes: test.classes, width })),
      'Recall: of the images that are a 4, how many were read as 4. Precision: of those read as 4, how many are one. Lines are 95% intervals of recall. The scale does not begin at 0, so that differences show.',
    )}
    ${table(
      'Precision and recall of each class',
      [
        { title: 'Class' },
        { title: 'Images', number: true },
        { title: 'Precision', number: true },
        { title: 'Recall', number: true },
        { title: 'Most often read as' },
      ],
      test.classes.map(({ name, count, precision, recall }, label) => [
        name,
        grouped(count),
        precision === undefined ? 'never read' : percent(precision),
        percent(recall),
        mistakenFor(test.confusion[label] ?? [], label, names),
      ]),
    )}
  </div>`;
}

function mistakenFor(row: readonly number[], label: number, names: readonly string[]): string {
  const most = Math.max(0, ...row.filter((_, predicted) => predicted !== label));
  if (most === 0) return 'no other';
  const predicted = row.findIndex((count, i) => i !== label && count === most);
  return `${classNamed(names, predicted)} (${grouped(most)}×)`;
}
