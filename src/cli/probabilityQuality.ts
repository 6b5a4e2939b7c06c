import { existsSync } from 'node:fs';
import { writeWhole } from '../files/atomicWrite.node.js';
import { type CalibrationError, type CoveragePoint, pointAt } from '../numeric/calibration.js';
import { CifraError } from '../numeric/errors.js';
import type { Output, Page } from './terminal/output.js';
import { columns, grouped, percent } from './terminal/text.js';

/** How far a model's probabilities can be trusted on some images. */
export interface ProbabilityQuality {
  readonly count: number;
  readonly calibration: CalibrationError;
  readonly coverage: readonly CoveragePoint[];
}

/** At these shares answered the curve is told in numbers. */
const SHARES = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 1];

/** As programs get it. */
export function qualityFields({ calibration, coverage }: ProbabilityQuality) {
  return {
    ece: calibration.ece,
    reliability: calibration.bins,
    coverage: SHARES.map((share) => pointAt(coverage, share)),
  };
}

/** Accuracy where the model may decline to answer, in lines. */
export function showCoverage({ line, style }: Page, { coverage }: ProbabilityQuality): void {
  const points = SHARES.map((share) => pointAt(coverage, share)).reverse();
  const rows = [
    ['answered', 'accuracy', 'least confidence'],
    ...points.map(({ share, accuracy, confidence }) => [percent(share, 1), percent(accuracy), percent(confidence, 1)]),
  ];
  line();
  line('  Where it may decline to answer when it is not sure:');
  columns(rows, 0).forEach((row, i) => line(`  ${i === 0 ? style.dim(row) : row}`));
}

/** Before anything is read. @throws CifraError `chart-exists` */
export function checkChart(file: string | undefined): void {
  if (file === undefined || !existsSync(file)) return;
  throw new CifraError('chart-exists', `${file} is there already, and is not overwritten.`, 'Give another --chart.');
}

/** Draws reliability diagram and accuracy against the share answered, as SVG. */
export async function writeChart(
  file: string,
  quality: ProbabilityQuality,
  { model, images }: { readonly model: string; readonly images: string },
  output: Output,
): Promise<void> {
  const subtitle = `${grouped(quality.count)} ${images}`;
  // The end of a path says which it is.
  const title = model.split(/[/\\]/).slice(-2).join('/');
  // Loaded here, as it brings the library that draws.
  const { calibrationChart } = await import('./calibrationChart.js');
  const svg = calibrationChart({ ...quality, title, subtitle });
  await writeWhole(file, new TextEncoder().encode(svg));
  output.notes.line(`Drawn into ${file}`);
}
