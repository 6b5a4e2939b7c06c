import { curvesChart, intervalsChart } from '../../charts/index.js';
import { mean } from '../../numeric/statistics.js';
import { formatMetrics, type MetricsRow } from '../../runs/metrics.js';
import type { Findings, Outcome, Study, TrainingResult } from '../../study/index.js';

/** The files of a study that has ended, by name: results.csv and its pictures. */
export function studyFiles(
  study: Study,
  results: readonly TrainingResult[],
  findings: Findings,
): Record<string, string> {
  const pictures = [...new Set(study.outcomes.map(pictureOf))];
  return {
    'results.csv': resultsCsv(study, results),
    'loss.svg': curves(study, results, 'Training loss', (result) =>
      result.losses.map(({ step, loss }) => ({ x: step, y: loss })),
    ),
    'accuracy.svg': curves(study, results, 'Test accuracy after each epoch', (result) =>
      result.epochs.map(({ step, accuracy }) => ({ x: step, y: accuracy })),
    ),
    ...Object.fromEntries(pictures.map((name) => [`effects-${name}.svg`, effectsChart(study, findings, name)])),
  };
}

function pictureOf({ picture, unit }: Outcome): string {
  return picture ?? (unit === 'share' ? 'accuracy' : unit);
}

/** The means over the seeds. */
function curves(
  study: Study,
  results: readonly TrainingResult[],
  title: string,
  pointsOf: (result: TrainingResult) => readonly { readonly x: number; readonly y: number }[],
): string {
  const isLoss = title.includes('loss');
  const seeds = new Set(results.map(({ seed }) => seed)).size;
  // Contrasts have a colour each, and their baselines dashes.
  const series = study.variants.map(({ name, label }) => {
    const all = results.filter(({ variant }) => variant === name).map(pointsOf);
    const points = (all[0] ?? []).map(({ x }, i) => ({ x, y: mean(all.map((one) => one[i]!.y)) }));
    const contrast = study.contrasts.findIndex(({ variant, baseline }) => variant === name || baseline === name);
    const isBaseline = study.contrasts[contrast]?.baseline === name;
    const colour = study.contrasts.length === 1 && isBaseline ? 2 : contrast + 1;
    return { name: label, points, colour, dashed: isBaseline };
  });
  return curvesChart({
    title: `${study.title}: ${title.toLowerCase()}, mean of ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`,
    series,
    x: { label: 'step' },
    y: isLoss ? { label: 'loss', log: true } : { label: 'accuracy', percent: true },
    width: 760,
    height: 340,
    standalone: true,
  });
}

function effectsChart(study: Study, { effects }: Findings, picture: string): string {
  const { unit } = study.outcomes.find((outcome) => pictureOf(outcome) === picture)!;
  const isShare = unit === 'share';
  const rows = effects.flatMap((effect) => {
    const outcome = study.outcomes.find(({ name }) => name === effect.outcome)!;
    const contrast = study.contrasts.find(({ name }) => name === effect.contrast)!;
    if (pictureOf(outcome) !== picture) return [];
    const { estimate, interval = { low: estimate, high: estimate }, differences } = effect;
    const label = contrast.label === '' ? outcome.label : `${outcome.label}, ${contrast.label}`;
    return [{ label, estimate, ...interval, points: differences }];
  });
  return intervalsChart({
    title: `${study.title}: with it less without it, and 95% intervals`,
    rows,
    reference: 0,
    x: { label: isShare ? 'difference of accuracies' : `difference in ${unit}`, percent: isShare },
    width: 900,
    standalone: true,
  });
}

function resultsCsv(study: Study, results: readonly TrainingResult[]): string {
  const rows = results.map((result): MetricsRow => ({
    variant: result.variant,
    seed: result.seed,
    steps: result.steps,
    ...Object.fromEntries(
      study.readings.map(({ name }) => [`reading.${name}`, result.readings[name]?.accuracy ?? null]),
    ),
    ...Object.fromEntries(study.outcomes.map((outcome) => [outcome.name, outcome.of(result)])),
    imagesPerSecond: result.imagesPerSecond,
    seconds: result.seconds,
    weightsSha256: result.weightsSha256,
  }));
  const [first] = rows;
  if (!first) return '';
  return rows.map((row, i) => formatMetrics(row, i === 0 ? undefined : Object.keys(first))).join('');
}
