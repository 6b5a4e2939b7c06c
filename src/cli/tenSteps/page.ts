import type { Page } from '../terminal/output.js';
import { wrapped } from '../terminal/text.js';

const titles = [
  'Import',
  'Load the images',
  'Normalize',
  'One-hot encode the classes',
  'Describe the network',
  'Compile, and train',
  'Augment the images',
  'Train on augmented images',
  'Evaluate',
  'Predict',
] as const;

/** The ten steps on a page: headings, and what a learner should know. */
export class StepsPage {
  constructor(private readonly page: Page) {}

  /** The heading of a step, from 1, and one or two sentences on what it is for. */
  step(number: number, explanation: string): void {
    const { style, width, line } = this.page;
    const title = titles[number - 1]!;
    const label = `${String(number).padStart(2)}  ${title} `;
    line();
    line(`${style.accent(style.bold(label))}${style.dim('─'.repeat(Math.max(0, width - label.length)))}`);
    line();
    this.say(explanation);
    line();
  }

  /** A paragraph. */
  say(text: string, paint = (line: string): string => line): void {
    for (const line of wrapped(text, Math.min(96, this.page.width) - 2)) this.page.line(`  ${paint(line)}`);
  }

  /** `name` and what it is, in two columns. */
  fact(name: string, text: string): void {
    const [first = '', ...rest] = wrapped(text, Math.min(96, this.page.width) - 16);
    this.page.line(`  ${this.page.style.dim(name.padEnd(14))}${first}`);
    for (const line of rest) this.page.line(`  ${' '.repeat(14)}${line}`);
  }
}
