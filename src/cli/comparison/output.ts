import type { RunComparison } from '../../compare/index.js';
import { writeWhole } from '../../files/atomicWrite.node.js';
import { CifraError } from '../../numeric/errors.js';
import { UsageError } from '../arguments.js';
import { checkIsNew } from '../pictures/newFile.js';
import { accuracyCurves, haveCurves } from './curves.js';
import { comparisonPage, type DrawnOptions } from './page.js';

type Write = (comparison: RunComparison, options: DrawnOptions) => Promise<void>;

/**
 * How the comparison is drawn into a file, which is not there yet; undefined if there is none to be drawn.
 * @throws UsageError, CifraError `file-exists` before anything is computed
 */
export async function planOutput(file: string | undefined): Promise<Write | undefined> {
  if (file === undefined) return undefined;
  const kind = /\.(html|svg)$/i.exec(file)?.[1]?.toLowerCase();
  if (kind === undefined) {
    throw new UsageError(
      'option-value',
      `--out must end in .html or .svg, but is "${file}".`,
      'Write --out compare.html for a page, or --out compare.svg for the curves alone.',
    );
  }
  await checkIsNew(file);
  return async (comparison, options) => {
    if (kind === 'svg' && !haveCurves(comparison)) {
      throw new CifraError(
        'compare-curves',
        'None of the runs has recorded an epoch, so there are no curves to draw.',
        'Write a page instead: --out compare.html.',
      );
    }
    const text = kind === 'svg' ? accuracyCurves(comparison, true) : await comparisonPage(comparison, options);
    await writeWhole(file, new TextEncoder().encode(text));
  };
}
