import type { TemperatureCalibration } from '../train/calibration.js';
import type { TestResult } from '../train/testModel.js';
import type { Page } from './terminal/output.js';
import { counted, grouped, percent, wrapped } from './terminal/text.js';

/** `99.21% of 10,000 test images (95% interval 99.02% to 99.37%), 79 errors, loss 0.0261` in lines. */
export function showTestResult(page: Page, result: TestResult, images: string, classNames: readonly string[]): void {
  const { accuracy, errors, count, interval, loss, calibration } = result;
  const { style, line } = page;
  line(`  Accuracy  ${style.bold(style.good(percent(accuracy)))} of ${grouped(count)} ${images}`);
  line(`            95% interval ${percent(interval.low)} to ${percent(interval.high)} (Wilson)`);
  line(`  Errors    ${style.bold(grouped(errors))}`);
  line(`  Loss      ${loss.toFixed(4)}`);
  line(`  ECE       ${percent(calibration.ece)} (expected calibration error, ${calibration.bins.length} bins)`);
  line();
  showConfusion(page, result, classNames);
}

/** What calibration at the end of a training has done to the probabilities, in lines. */
export function showCalibration({ line }: Page, calibration: TemperatureCalibration): void {
  const { temperature, images, before, after } = calibration;
  line();
  line(`  Calibrated by temperature ${temperature.toFixed(3)}, found on ${counted(images, 'held-out image')}:`);
  line(`            log loss ${before.nll.toFixed(4)}, now ${after.nll.toFixed(4)}`);
  line(`            calibration error ${percent(before.ece)}, now ${percent(after.ece)}`);
}

/** What a reader of the results must know. */
export function showNotice({ line, width, style }: Page, notice: string | undefined): void {
  if (notice === undefined) return;
  for (const text of wrapped(`Note: ${notice}`, width - 2)) line(`  ${style.warn(text)}`);
}

function showConfusion({ style, line }: Page, { confusion, errors }: TestResult, classNames: readonly string[]): void {
  const named = classNames.some((name, i) => name !== String(i));
  const labels = classNames.map((name, i) => (named ? `${i} ${name}` : name));
  const labelWidth = Math.max(4, ...labels.map((label) => label.length));
  const width = Math.max(4, ...confusion.flat().map((count) => grouped(count).length)) + 1;
  line(style.dim(`  ${'true'.padEnd(labelWidth)}   read as`));
  line(style.dim(`  ${' '.repeat(labelWidth)} ${classNames.map((_, i) => String(i).padStart(width)).join('')}`));
  confusion.forEach((row, label) => {
    const cells = row.map((count, guess) => {
      const cell = (count === 0 ? '·' : grouped(count)).padStart(width);
      return count === 0 ? style.dim(cell) : guess === label ? style.good(cell) : style.bad(cell);
    });
    line(`  ${(labels[label] ?? String(label)).padEnd(labelWidth)} ${cells.join('')}`);
  });
  if (errors === 0) return;
  const worst = confusion
    .flatMap((row, label) => row.map((count, guess) => ({ label, guess, count })))
    .filter(({ label, guess, count }) => label !== guess && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, 3)
    .map(({ label, guess, count }) => `${classNames[label]} as ${classNames[guess]} (${counted(count, 'time')})`);
  line();
  line(`  Most often misread: ${worst.join(', ')}.`);
}
