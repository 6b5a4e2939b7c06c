import { curvesChart } from '../../charts/index.js';
import type { RunComparison } from '../../compare/index.js';
import type { MetricsRow } from '../../runs/metrics.js';
import { shortened } from '../terminal/text.js';
import { letterOf } from './words.js';

/** Accuracy of all runs over the epochs: validation, and with dashes training. */
export function accuracyCurves(comparison: RunComparison, standalone = false): string {
  return curvesOf(
    comparison,
    'Accuracy',
    ['trainAccuracy', 'valAccuracy'],
    { label: 'accuracy', percent: true, domain: 'later' },
    standalone,
  );
}

export function lossCurves(comparison: RunComparison): string {
  return curvesOf(comparison, 'Loss', ['trainLoss', 'valLoss'], { label: 'loss', log: true }, false);
}

function curvesOf(
  { runs }: RunComparison,
  title: string,
  [training, validation]: readonly [string, string],
  y: Parameters<typeof curvesChart>[0]['y'],
  standalone: boolean,
): string {
  const few = runs.slice(0, 6);
  const series = few.flatMap(({ name, metrics }, i) => [
    // A file of its own has no table beside it that says which is which.
    {
      name: standalone ? `${letterOf(i)} ${shortened(lastPart(name), 28)}` : letterOf(i),
      points: pointsOf(metrics, validation),
      colour: i + 1,
    },
    { name: `${letterOf(i)}, training`, points: pointsOf(metrics, training), colour: i + 1, dashed: true },
  ]);
  return curvesChart({
    title: `${title} after each epoch`,
    series: series.filter(({ points }) => points.length > 0),
    x: { label: 'epoch' },
    y,
    width: standalone ? 760 : 500,
    standalone,
  });
}

function lastPart(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}

function pointsOf(metrics: readonly MetricsRow[], key: string): { x: number; y: number }[] {
  return metrics.flatMap((row, i) => {
    const value = row[key];
    return typeof value === 'number' && Number.isFinite(value) ? [{ x: i + 1, y: value }] : [];
  });
}

/** Whether there is anything to be drawn. */
export function haveCurves({ runs }: RunComparison): boolean {
  return runs.some(({ metrics }) => pointsOf(metrics, 'valAccuracy').length > 0);
}
