import { CifraError } from '../numeric/errors.js';
import { type Interval, wilsonInterval } from '../numeric/statistics.js';
import type { MetricsRow } from '../runs/metrics.js';
import type { RunRecord, RunResult } from '../runs/runRecord.js';
import { mcnemar, type McNemarTest, type PairedCounts, pairedInterval } from './paired.js';
import { type SettingDifference, settingDifferences } from './settings.js';

/** A finished run, as it was read. */
export interface ComparedRun {
  readonly name: string;
  readonly record: RunRecord;
  readonly metrics: readonly MetricsRow[];
  /** What its model takes each test image for; undefined where the images cannot be read. */
  readonly predicted?: ArrayLike<number> | undefined;
}

/** Two or more runs, held against the first of them. It is JSON. */
export interface RunComparison {
  readonly runs: readonly RunFigures[];
  readonly settings: readonly SettingDifference[];
  /** Each run but the first, with the first. */
  readonly pairs: readonly RunPair[];
}

export interface RunFigures {
  readonly name: string;
  /** On the test images, 0 to 1, and its 95% interval (Wilson). */
  readonly accuracy: number;
  readonly interval: Interval;
  readonly errors: number;
  readonly count: number;
  /** Of the whole run. */
  readonly seconds: number;
  readonly epochs: number;
  readonly metrics: readonly MetricsRow[];
}

export interface RunPair {
  /** Numbers of runs, from 0. */
  readonly first: number;
  readonly second: number;
  /** The second's accuracy less the first's. */
  readonly difference: number;
  /** Only where both have predictions, as all that follows. */
  readonly paired?: {
    /** Of the difference, 95% (Newcombe, for paired proportions). */
    readonly interval: Interval;
    readonly test: McNemarTest;
    readonly counts: PairedCounts;
    /** The images that the two take for different classes, in their order. */
    readonly changed: readonly ChangedImage[];
  };
}

export interface ChangedImage {
  /** Of the test images, from 0. */
  readonly index: number;
  readonly label: number;
  readonly first: number;
  readonly second: number;
}

/**
 * Compares finished runs on the same test images.
 * @param labels what the test images show, where runs have predictions
 * @throws CifraError `compare-runs` if there are fewer than two, `run-unfinished`, `compare-data` if their datasets or test
 *   images differ, `compare-predictions` if there is not one prediction for each label
 */
export function compareRuns(runs: readonly ComparedRun[], labels?: ArrayLike<number>): RunComparison {
  const [first] = runs;
  if (!first || runs.length < 2) {
    throw new CifraError('compare-runs', `${runs.length} runs cannot be compared.`, 'Give two or more.');
  }
  const results = runs.map(resultOf);
  for (const run of runs.slice(1)) checkSameImages(first, run);
  for (const { name, predicted } of runs) {
    if (!predicted || predicted.length === labels?.length) continue;
    throw new CifraError(
      'compare-predictions',
      `${name} has ${predicted.length} predictions for ${labels?.length ?? 0} labels.`,
      'Give one for each test image.',
    );
  }
  return {
    runs: runs.map(({ name, metrics }, i) => figures(name, results[i]!, metrics)),
    settings: settingDifferences(runs.map(({ record }) => record)),
    pairs: runs.slice(1).map((run, i) => {
      const difference = results[i + 1]!.testAccuracy - results[0]!.testAccuracy;
      const base = { first: 0, second: i + 1, difference };
      return first.predicted && run.predicted && labels
        ? { ...base, paired: pairedOf(first.predicted, run.predicted, labels) }
        : base;
    }),
  };
}

/** @throws CifraError `run-unfinished` */
export function resultOf({ name, record }: Pick<ComparedRun, 'name' | 'record'>): RunResult {
  if (record.result) return record.result;
  throw new CifraError(
    'run-unfinished',
    `${name} has not come to its end${record.note === undefined ? '' : `: ${record.note.replace(/\.$/, '')}`}.`,
    `Go on with it (cifra train --resume ${name}), or leave it out.`,
  );
}

/** @throws CifraError `compare-data` */
export function checkSameImages(first: Pick<ComparedRun, 'name' | 'record'>, other: typeof first): void {
  const [a, b] = [first.record.dataset, other.record.dataset];
  if (a.name === b.name && a.testCount === b.testCount && sameTestFiles(a.sha256, b.sha256)) return;
  const words = ({ name, testCount }: typeof a): string => `${testCount} test images of ${name}`;
  const [one, two] = [words(a), words(b)];
  throw new CifraError(
    'compare-data',
    `${first.name} was tested on ${one}, ${other.name} on ${one === two ? `${two}, but other ones (their SHA-256 differ)` : two}: their figures are not comparable.`,
    'Compare runs of the same dataset and --limit.',
  );
}

/** Runs may be trained on different images, as long as they are tested on the same ones. */
function sameTestFiles(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.entries(a).every(([file, hash]) => file.startsWith('train-') || b[file] === hash);
}

function figures(name: string, result: RunResult, metrics: readonly MetricsRow[]): RunFigures {
  const { testAccuracy, testErrors, testCount, seconds } = result;
  return {
    name,
    accuracy: testAccuracy,
    interval: wilsonInterval(testCount - testErrors, testCount),
    errors: testErrors,
    count: testCount,
    seconds,
    epochs: metrics.length,
    metrics,
  };
}

function pairedOf(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  labels: ArrayLike<number>,
): NonNullable<RunPair['paired']> {
  const counts = { bothRight: 0, onlyFirst: 0, onlySecond: 0, bothWrong: 0 };
  const changed: ChangedImage[] = [];
  for (let i = 0; i < labels.length; i++) {
    const [label, one, two] = [labels[i]!, first[i]!, second[i]!];
    if (one === label) counts[two === label ? 'bothRight' : 'onlyFirst']++;
    else counts[two === label ? 'onlySecond' : 'bothWrong']++;
    if (one !== two) changed.push({ index: i, label, first: one, second: two });
  }
  const { low, high } = pairedInterval(counts);
  // Newcombe's is of the first less the second.
  return { interval: { low: -high, high: -low }, test: mcnemar(counts.onlyFirst, counts.onlySecond), counts, changed };
}
