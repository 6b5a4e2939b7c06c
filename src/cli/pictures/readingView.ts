import { type DigitReading, inWords, runnersUp } from '../../reading/index.js';
import { bar } from '../terminal/bars.js';
import type { Page } from '../terminal/output.js';
import { drawPictures, pictureOf } from '../terminal/pictures.js';
import { percent, shortened } from '../terminal/text.js';
import { nameOf } from './load.js';

/** What the network was shown, and beside it the probability of every digit, where it is one. */
export function showReading({ style, width, line }: Page, reading: DigitReading): void {
  const { label, confidence, probabilities, status, normalized } = reading;
  const picture = pictureOf({ data: normalized.image, shape: [1, 28, 28, 1] }, 0);
  const barWidth = Math.min(30, width - picture.width - 19);
  const bars = probabilities.map((probability, digit) => {
    const text = `${digit} ${bar(probability, barWidth)} ${percent(probability).padStart(7)}`;
    return digit === label ? style.bold(text) : text;
  });
  const beside = label === null ? [] : bars;
  if (status !== 'blank') {
    drawPictures([picture], style.depth).forEach((pixels, i) => {
      // Ten bars beside the picture's twelve lines.
      line(`  ${pixels}   ${beside[i - 1] ?? ''}`.trimEnd());
    });
    line();
  }
  if (status === 'ok') {
    line(`  Read as ${style.bold(style.good(String(label)))}, ${percent(confidence)}; then ${runnersUp(reading)}.`);
  } else if (status === 'unsure') {
    const likely = reading.top.map((digit) => `${digit.label} ${percent(digit.probability)}`).join(', ');
    line(`  ${style.bold(style.warn('Unsure'))}: ${likely}. ${capitalized(reading.reason)}.`);
  } else line(`  ${style.bold(style.warn(capitalized(inWords(reading))))}.`);
}

/** A line for each picture, under a heading; as they come. */
export class ReadingTable {
  readonly #nameWidth: number;

  constructor(
    private readonly page: Page,
    files: readonly string[],
  ) {
    const longest = Math.max(4, ...files.map((file) => nameOf(file).length));
    this.#nameWidth = Math.min(longest, Math.max(16, page.width - 50));
    page.line(page.style.dim(`  ${'file'.padEnd(this.#nameWidth)}  read as  sure of it  then`));
  }

  add(file: string, reading: DigitReading): void {
    const { style } = this.page;
    const { label, confidence, status } = reading;
    if (label === null) return this.#line(file, style.warn(`   ${'–'.padEnd(6)} ${inWords(reading)}`));
    const digit = style.bold(status === 'ok' ? style.good(String(label)) : style.warn(String(label)));
    const doubt = status === 'unsure' ? style.warn('  unsure') : '';
    this.#line(
      file,
      `   ${digit}      ${percent(confidence).padStart(10)}  ${style.dim(runnersUp(reading, '  '))}${doubt}`,
    );
  }

  addFailure(file: string): void {
    this.#line(file, this.page.style.bad(`   ${'–'.padEnd(6)} could not be read`));
  }

  #line(file: string, text: string): void {
    this.page.line(`  ${shortened(nameOf(file), this.#nameWidth).padEnd(this.#nameWidth)}${text}`);
  }
}

function capitalized(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}
