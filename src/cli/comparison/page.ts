import type { ChangedImage, RunComparison, RunPair } from '../../compare/index.js';
import type { LabelledImages } from '../../data/dataset.js';
import { rows } from '../../numeric/tensor.js';
import { greyPng } from '../../report/png.js';
import { clock, counted, grouped, percent } from '../terminal/text.js';
import { accuracyCurves, haveCurves, lossCurves } from './curves.js';
import { pageStyle } from './pageStyle.js';
import type { ViewOptions } from './view.js';
import { conclusion, letterOf, METHODS, points, probability, rangeText, settingText, shortKey } from './words.js';

export interface DrawnOptions extends ViewOptions {
  readonly images: LabelledImages | undefined;
}

/** The comparison as one page that needs nothing else: curves, tables and the very images that were read otherwise. */
export async function comparisonPage(comparison: RunComparison, options: DrawnOptions): Promise<string> {
  const { runs, settings, pairs } = comparison;
  const letters = runs.map((_, i) => letterOf(i));
  const title = `Comparison of ${runs.map(({ name }) => name).join(', ')}`;
  const changed = await Promise.all(pairs.map((pair) => changedSection(pair, options)));
  const notes = options.notes.map((note) => `<p class="note">${escape(note)}</p>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${counted(runs.length, 'run')} compared</h1>
${notes}
<section aria-labelledby="figures">
<h2 id="figures">On the ${counted(runs[0]!.count, 'test image')}</h2>
${table(
  ['', 'run', 'accuracy', '95% interval', 'errors', 'epochs', 'time'],
  runs.map(({ name, accuracy, interval, errors, epochs, seconds }, i) => [
    letters[i]!,
    name,
    percent(accuracy),
    rangeText(interval),
    grouped(errors),
    String(epochs),
    clock(seconds),
  ]),
  'figures',
)}
</section>
${pairs.map((pair) => pairSection(pair)).join('\n')}
${curvesSection(comparison)}
<section aria-labelledby="settings">
<h2 id="settings">Settings that differ</h2>
${
  settings.length === 0
    ? '<p>None: the same recipe, seed, data, engine and versions.</p>'
    : table(
        ['', ...letters],
        settings.map(({ key, values }) => [shortKey(key), ...values.map(settingText)]),
        'settings',
      )
}
</section>
${changed.join('\n')}
<footer><p>${escape(METHODS)}</p></footer>
</main>
</body>
</html>
`;
}

function pairSection(pair: RunPair): string {
  const [a, b] = [letterOf(pair.first), letterOf(pair.second)];
  const { paired, difference } = pair;
  const id = `pair-${b}`;
  const interval = paired ? ` (95% interval ${points(paired.interval.low)} to ${points(paired.interval.high)})` : '';
  const test =
    paired && `p = ${probability(paired.test.pValue)}, mid-p ${probability(paired.test.midP)}`.replace('= <', '<');
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${b} against ${a}</h2>
<p><strong>${points(difference)} points</strong> of test accuracy${interval}. ${escape(conclusion(pair))}</p>
${
  paired
    ? `${table(
        ['', `${b} right`, `${b} wrong`],
        [
          [`${a} right`, grouped(paired.counts.bothRight), grouped(paired.counts.onlyFirst)],
          [`${a} wrong`, grouped(paired.counts.onlySecond), grouped(paired.counts.bothWrong)],
        ],
        'counts',
      )}
<p class="quiet">McNemar's test, exact: ${escape(test!)}.</p>`
    : ''
}
</section>`;
}

function curvesSection(comparison: RunComparison): string {
  if (!haveCurves(comparison)) return '';
  const more = comparison.runs.length > 6 ? '<p class="quiet">The first six runs.</p>' : '';
  return `<section aria-labelledby="curves">
<h2 id="curves">Curves over each other</h2>
<p class="quiet">Validation with full lines, training with dashes. Training figures are means over the epoch, taken while the network still learns and with dropout on, so validation can look better.</p>
${more}
<div class="charts"><figure>${accuracyCurves(comparison)}</figure>
<figure>${lossCurves(comparison)}</figure></div>
</section>`;
}

/** The images, those first that one of the two reads right. */
async function changedSection(
  { first, second, paired }: RunPair,
  { images, classNames, most }: DrawnOptions,
): Promise<string> {
  if (!paired || !images) return '';
  const [a, b] = [letterOf(first), letterOf(second)];
  const { changed } = paired;
  const groups: readonly (readonly [title: string, kind: string, images: readonly ChangedImage[]])[] = [
    [`Right only in ${b}`, 'better', changed.filter((image) => image.second === image.label)],
    [`Right only in ${a}`, 'worse', changed.filter((image) => image.first === image.label)],
    [
      'Wrong in both, and differently',
      'other',
      changed.filter((image) => image.first !== image.label && image.second !== image.label),
    ],
  ];
  const nameOf = (label: number): string => escape(classNames[label] ?? String(label));
  const card = async ({ index, label, first: one, second: two }: ChangedImage): Promise<string> => {
    const { data, shape } = rows(images.images, index, index + 1);
    const png = await greyPng(data, shape[2]!, shape[1]!);
    return `<li><img src="${png}" width="56" height="56" alt="test image ${index}"><span>${index}: <b>${nameOf(label)}</b></span><span class="quiet">${a} ${nameOf(one)}, ${b} ${nameOf(two)}</span></li>`;
  };
  let left = most;
  const lists: string[] = [];
  for (const [title, kind, all] of groups) {
    if (all.length === 0) continue;
    const shown = all.slice(0, left);
    left -= shown.length;
    const hidden =
      all.length === shown.length ? '' : shown.length === 0 ? ', not shown' : `, the first ${shown.length} here`;
    const cards = await Promise.all(shown.map(card));
    lists.push(`<h3 class="${kind}">${title}: ${counted(all.length, 'image')}${hidden}</h3>
<ul class="images">
${cards.join('\n')}
</ul>`);
  }
  const id = `changed-${b}`;
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${counted(changed.length, 'prediction')} changed from ${a} to ${b}</h2>
<p class="quiet">Each image with its index, its label, and what the two networks take it for.</p>
${lists.join('\n')}
</section>`;
}

function table(header: readonly string[], body: readonly (readonly string[])[], kind: string): string {
  const head = header.map((cell) => (cell === '' ? '<td></td>' : `<th scope="col">${escape(cell)}</th>`)).join('');
  const lines = body.map(
    ([first = '', ...rest]) =>
      `<tr><th scope="row">${escape(first)}</th>${rest.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="table of ${kind}"><table class="${kind}"><thead><tr>${head}</tr></thead><tbody>${lines.join('\n')}</tbody></table></div>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
