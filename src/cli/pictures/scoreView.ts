import type { Page } from '../terminal/output.js';
import { columns, counted, grouped, percent, printable, shortened } from '../terminal/text.js';
import type { GroupedScore, PictureResult, Score, Scored } from './score.js';
import { inWords } from '../../reading/index.js';

const refusals = [
  ['blank', 'blank'],
  ['not-a-digit', 'no digit'],
  ['several', 'several signs'],
  ['unread', 'not decoded'],
] as const;
const SHOWN_MISTAKES = 20;

/** The accuracy with its interval, overall and for each group, and what was read as what. */
export function showScore(page: Page, result: PictureResult): void {
  const { style, line } = page;
  const { accuracy, count, errors, interval, answered, answeredAccuracy, refused, unsure, unsureRight } = result;
  line(`  Accuracy  ${style.bold(style.good(percent(accuracy)))} of ${counted(count, 'picture')}`);
  line(`            95% interval ${percent(interval.low)} to ${percent(interval.high)} (Wilson)`);
  line(`  Errors    ${style.bold(grouped(errors))}, refused ones included`);
  const ofThem = answeredAccuracy === undefined ? '' : `, ${percent(answeredAccuracy)} of them right`;
  line(`  Answered  ${grouped(answered)} (${percent(answered / count)})${ofThem}`);
  if (unsure > 0) line(`  Unsure    ${grouped(unsure)} of them, ${grouped(unsureRight)} right`);
  if (answered < count) {
    const kinds = refusals.flatMap(([key, name]) => (refused[key] > 0 ? [`${grouped(refused[key])} ${name}`] : []));
    line(`  Refused   ${grouped(count - answered)}: ${kinds.join(', ')}`);
  }
  for (const [column, groupedBy] of Object.entries(result.groups)) showGroups(page, column, groupedBy);
  line();
  showConfusion(page, result);
}

function showGroups(page: Page, column: string, { macroAverage, values }: GroupedScore): void {
  const { style, line } = page;
  const name = (text: string): string => shortened(printable(text) || '(empty)', Math.max(20, page.width - 56));
  const row = ({ count, errors, answered, accuracy, interval }: Score): string[] => [
    ...[grouped(count), grouped(answered), grouped(errors), percent(accuracy)],
    `${percent(interval.low, 1)} to ${percent(interval.high, 1)}`,
  ];
  const table = columns([
    [printable(column), 'pictures', 'answered', 'errors', 'accuracy', '95% interval'],
    ...values.map((value) => [name(value.name), ...row(value)]),
    ['macro average', '', '', '', percent(macroAverage), ''],
  ]);
  line();
  table.forEach((text, i) => {
    if (i === 0) line(style.dim(`  ${text}`));
    else if (i === table.length - 1) line(`  ${style.bold(text)}`);
    else line(`  ${values[i - 1]!.errors > 0 ? text : style.good(text)}`);
  });
}

function showConfusion({ style, line }: Page, { confusion, refusedOf }: PictureResult): void {
  const width = Math.max(4, ...confusion.flat().map((count) => grouped(count).length)) + 1;
  line(style.dim('  true   read as'));
  line(style.dim(`       ${confusion.map((_, digit) => String(digit).padStart(width)).join('')}  refused`));
  confusion.forEach((row, label) => {
    const cell = (count: number, paint: (text: string) => string, wide = width): string => {
      const text = (count === 0 ? '·' : grouped(count)).padStart(wide);
      return count === 0 ? style.dim(text) : paint(text);
    };
    const cells = row.map((count, digit) => cell(count, digit === label ? style.good : style.bad));
    line(`  ${String(label).padEnd(4)} ${cells.join('')}${cell(refusedOf[label]!, style.warn, 9)}`);
  });
}

/** The first of the pictures that were not read right, and what they were read as. */
export function showMistakes({ style, width, line }: Page, mistakes: readonly Scored[]): void {
  const names = mistakes.map(({ picture }) => printable(picture.name));
  const nameWidth = Math.min(Math.max(...names.map((name) => name.length)), Math.max(20, width - 45));
  line(style.dim('  Not read right:'));
  mistakes.slice(0, SHOWN_MISTAKES).forEach((mistake, i) => {
    line(
      `  ${shortened(names[i]!, nameWidth).padEnd(nameWidth)}  ${style.bold(String(mistake.picture.label))}  ${verdict(mistake)}`,
    );
  });
  if (mistakes.length > SHOWN_MISTAKES) line(`  … and ${grouped(mistakes.length - SHOWN_MISTAKES)} more`);
}

/** `read as 7, 81.20%`, `unsure: 7 or 1`, `could not be decoded` */
export function verdict({ read }: Scored): string {
  if (read === undefined) return 'could not be decoded';
  return read.status === 'ok' ? `read as ${inWords(read)}` : inWords(read);
}
