import { describe, expect, it } from 'vitest';
import { checkpoint } from './formats/checkpoint.js';
import { ensemble } from './formats/ensemble.js';
import { gzip } from './formats/gzip.js';
import { idxImages, idxLabels } from './formats/idx.js';
import { metrics } from './formats/metrics.js';
import { model } from './formats/model.js';
import { npz } from './formats/npz.js';
import { jpeg, png, webp } from './formats/pictures.js';
import { record } from './formats/record.js';
import { runMutations } from './run.js';

/** Environment: how many files of each format (default a few thousand), and the seed that makes them. */
const given = process.env['CIFRA_MUTATIONS'];
const seed = Number(process.env['CIFRA_MUTATIONS_SEED'] ?? 1);

describe(`damaged files (seed ${seed})`, () => {
  it.each([
    { format: idxImages, few: 5000 },
    { format: idxLabels, few: 5000 },
    { format: gzip, few: 3000 },
    { format: npz, few: 3000 },
    { format: model, few: 5000 },
    { format: checkpoint, few: 5000 },
    { format: record, few: 5000 },
    { format: ensemble, few: 5000 },
    { format: metrics, few: 5000 },
    { format: png, few: 1000 },
    { format: jpeg, few: 1000 },
    { format: webp, few: 1000 },
  ])('$format.name: read as they should be, or refused with an error of ours', async ({ format, few }) => {
    const count = given === undefined ? few : Number(given);
    const { cases, accepted, refused, seconds, slowest, memory } = await runMutations(format, seed, count);
    // Both must happen, or the files are not damaged well.
    expect(accepted).toBeGreaterThan(cases / 1000);
    expect(cases - accepted).toBeGreaterThan(cases / 10);
    if (given !== undefined) {
      const codes = [...refused].sort(([, a], [, b]) => b - a).map(([code, times]) => `${code} ${times}`);
      process.stdout.write(
        `${format.name}: ${cases} files in ${seconds.toFixed(1)} s (${Math.round(cases / seconds)}/s), ` +
          `${accepted} read, the others refused (${codes.join(', ')}); slowest ${slowest.milliseconds.toFixed(1)} ms ` +
          `(case ${slowest.index}); memory grew by at most ${Math.round(memory / 2 ** 20)} MiB\n`,
      );
    }
  });
});
