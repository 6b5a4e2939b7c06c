import { type Counts, Timing } from '../recording/timing.js';
import type { Callback } from '../train/callbacks/callback.js';
import type { BatchLog, EpochLog } from '../train/logs.js';
import { epochsOf, type Recipe } from '../train/recipe.js';
import { bar } from './terminal/bars.js';
import type { Output, Page } from './terminal/output.js';
import { clock, grouped, percent, wrapped } from './terminal/text.js';

const HEADER = [
  '            training           validation',
  'epoch       loss  accuracy     loss  accuracy  images/s   time',
];

/** What must be known to read the table right. */
const NOTE =
  'Training figures are means over the epoch, taken while the network still learns and with dropout on; validation comes after the epoch, without dropout. So validation can look better.';
const TEST_NOTE =
  "Validation here is on the test images, the notebook's way: choosing an epoch by it would inflate the result.";

export interface TrainingViewOptions extends Counts {
  readonly recipe: Recipe;
  readonly page: Page;
  readonly output: Output;
  readonly indent?: string;
  /** Whether every phase has the table's header above it. Default: the first. */
  readonly repeatHeader?: boolean;
}

export interface TrainingView extends Callback {
  /** A heading for the epochs that come now. */
  showPhase(description: string): void;
  /** Epochs that ended before this process took the training up. */
  showEpochs(logs: readonly EpochLog[]): void;
}

/** The table of the epochs as they end, and below it, where lines can be redrawn, the epoch that goes on. */
export function trainingView(options: TrainingViewOptions): TrainingView {
  const { recipe, page, output, indent = '', repeatHeader = false } = options;
  const { style } = page;
  const total = epochsOf(recipe);
  const timing = new Timing(recipe, options);
  let explained = false;
  const showHeader = (): void => {
    if (!explained) {
      const notes = recipe.validation === 'test' ? [NOTE, TEST_NOTE] : [NOTE];
      for (const text of notes.flatMap((note) => wrapped(note, page.width - indent.length))) {
        page.line(indent + style.dim(text));
      }
      page.line();
    }
    if (!explained || repeatHeader) for (const text of HEADER) page.line(indent + style.dim(text));
    explained = true;
  };
  return {
    showPhase(description) {
      showHeader();
      page.line(indent + style.accent(description));
    },
    showEpochs(logs) {
      if (logs.length === 0) return;
      showHeader();
      page.line(indent + style.accent('so far'));
      for (const log of logs) page.line(indent + row(log, total));
    },
    onEpochBegin() {
      timing.beginEpoch();
    },
    onBatchEnd(log) {
      output.live((width) => indent + liveLine(log, total, timing.secondsLeft(log), width - indent.length));
    },
    onEpochEnd(log) {
      timing.endEpoch(log);
      page.line(indent + row(log, total));
    },
  };
}

function row(log: EpochLog, total: number): string {
  const loss = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(4)).padStart(8);
  const accuracy = (value: number | undefined): string => (value === undefined ? '-' : percent(value)).padStart(10);
  return [
    `${log.epoch}/${total}`.padEnd(8),
    loss(log.loss) + accuracy(log.accuracy),
    ` ${loss(log.valLoss)}${accuracy(log.valAccuracy)}`,
    grouped(Math.round(log.imagesPerSecond)).padStart(10),
    clock(log.seconds).padStart(7),
  ].join('');
}

function liveLine(log: BatchLog, total: number, left: number | undefined, width: number): string {
  const parts = [
    `loss ${log.loss.toFixed(4)}`,
    log.accuracy === undefined ? '' : percent(log.accuracy),
    `${grouped(Math.round(log.imagesPerSecond))} images/s`,
    left === undefined ? '' : `${clock(left)} left`,
  ].filter((part) => part !== '');
  const head = `${log.epoch}/${total}`.padEnd(8);
  const tail = parts.join('  ');
  const room = Math.min(40, width - head.length - tail.length - 2);
  return room < 4 ? `${head}${tail}`.slice(0, width) : `${head}${bar(log.step / log.steps, room)}  ${tail}`;
}
