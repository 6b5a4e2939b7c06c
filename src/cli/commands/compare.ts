import { compareRuns, type RunPair } from '../../compare/index.js';
import { type OptionValues, UsageError } from '../arguments.js';
import { planOutput } from '../comparison/output.js';
import { readRuns } from '../comparison/readRuns.js';
import { showComparison } from '../comparison/view.js';
import type { compareOptions } from '../options.js';
import type { Output } from '../terminal/output.js';

/** How many changed images are listed where nothing else is said, and how many in the terminal. */
const MOST = 100;
const MOST_IN_LINES = 24;

export async function compare(
  values: OptionValues<typeof compareOptions>,
  output: Output,
  places: readonly string[],
): Promise<void> {
  if (places.length < 2) {
    throw new UsageError(
      'missing-argument',
      `cifra compare takes two or more runs, but was given ${places.length}.`,
      "Give the runs' folders: cifra compare runs/A runs/B. cifra compare --help shows all options.",
    );
  }
  const twice = places.find((place, i) => places.indexOf(place) < i);
  if (twice !== undefined) {
    throw new UsageError('option-value', `${twice} was given twice.`, 'Give each run once.');
  }
  const { images: most = MOST } = values;
  const write = await planOutput(values.out);
  const read = await readRuns(places, values, output);
  const comparison = compareRuns(read.runs, read.images?.labels);
  const options = { ...read, most };
  const { runs, settings, pairs } = comparison;
  output.event('compare', {
    runs: runs.map(({ metrics, interval, ...run }) => ({ ...run, interval: [interval.low, interval.high], metrics })),
    settings: settings.map(({ key, values: all }) => ({ key, values: all.map((value) => value ?? null) })),
    pairs: pairs.map((pair) => pairFields(pair, most)),
    notes: read.notes,
    ...(values.out !== undefined && { out: values.out }),
  });
  showComparison(output.result, comparison, { ...options, most: values.images ?? MOST_IN_LINES });
  await write?.(comparison, options);
  if (values.out !== undefined) output.notes.line(`Written to ${values.out}`);
}

function pairFields({ paired, ...pair }: RunPair, most: number): Record<string, unknown> {
  if (!paired) return pair;
  const { interval, test, counts, changed } = paired;
  return {
    ...pair,
    interval: [interval.low, interval.high],
    mcnemar: test,
    counts,
    changedCount: changed.length,
    changed: changed.slice(0, most),
  };
}
