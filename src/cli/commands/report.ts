import { type OptionValues, UsageError } from '../arguments.js';
import type { reportOptions } from '../options.js';
import { openSources } from '../report/sources.js';
import { reportFileOf, writeReport } from '../report/write.js';
import type { Output } from '../terminal/output.js';
import { megabytes } from '../terminal/text.js';

type ReportValues = OptionValues<typeof reportOptions>;

/** Writes the report of a run again, from what its folder holds. */
export async function report(values: ReportValues, output: Output, words: readonly string[]): Promise<void> {
  const [place] = words;
  if (place === undefined || words.length > 1) {
    throw new UsageError(
      'missing-argument',
      place === undefined
        ? 'cifra report needs the folder of a run.'
        : `cifra report takes one run, but was given ${words.length}.`,
      'Give the folder that the training named: cifra report runs/DIR. cifra compare sets several beside each other.',
    );
  }
  await using opened = await openSources(place, values, output);
  const { sources } = opened;
  output.live(() => 'Drawing the report …');
  const { file, bytes, seconds } = await writeReport(
    { ...sources, full: values.full === true },
    values.out ?? reportFileOf(place),
  );
  output.clear();
  output.event('report', { run: place, out: file, bytes, seconds, missing: sources.missing });
  const { result } = output;
  result.line(`${file} (${megabytes(bytes)}) tells the story of this run. Open it in a browser.`);
  if (sources.missing.length === 0) return;
  result.line();
  result.line('What it cannot show:');
  for (const problem of sources.missing) result.line(`  ${problem}`);
}
