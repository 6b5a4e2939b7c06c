import type { Status } from '../../digit/index.js';
import { mean, wilsonInterval } from '../../numeric/statistics.js';
import type { DigitReading } from '../../reading/index.js';
import type { LabelledPicture } from './labels.js';

/** Why a picture has no label; 'unread': it could not be decoded. */
export type Refusal = Exclude<Status, 'ok' | 'unsure'> | 'unread';

/** A picture and what was read in it; nothing where it could not be decoded. */
export interface Scored {
  readonly picture: LabelledPicture;
  readonly read: Pick<DigitReading, 'label' | 'confidence' | 'top' | 'status' | 'reason' | 'signs'> | undefined;
}

export interface Score {
  readonly count: number;
  /** The share of all pictures whose digit was named: what is refused counts as an error. 0 to 1. */
  readonly accuracy: number;
  readonly errors: number;
  /** The 95% confidence interval of the accuracy (Wilson). */
  readonly interval: { readonly low: number; readonly high: number };
  /** For how many pictures a digit was named, surely ('ok') or not ('unsure'). */
  readonly answered: number;
}

export interface PictureResult extends Score {
  /** The accuracy among those that were answered; undefined if there are none. */
  readonly answeredAccuracy: number | undefined;
  readonly refused: Readonly<Record<Refusal, number>>;
  /** How many of the answered ones are 'unsure', and how many of those are right. */
  readonly unsure: number;
  readonly unsureRight: number;
  /** confusion[label][digit it was read as], of those that were answered. */
  readonly confusion: readonly (readonly number[])[];
  /** For each label, how many pictures were refused. */
  readonly refusedOf: readonly number[];
  readonly groups: Readonly<Record<string, GroupedScore>>;
}

export interface GroupedScore {
  /** The mean of the groups' accuracies, each counting the same. */
  readonly macroAverage: number;
  readonly values: readonly (Score & { readonly name: string })[];
}

export function isRight({ picture, read }: Scored): boolean {
  return read?.label === picture.label;
}

/** @param all at least one */
export function scoreOf(all: readonly Scored[], columns: readonly string[]): PictureResult {
  const refused: Record<Refusal, number> = { blank: 0, 'not-a-digit': 0, several: 0, unread: 0 };
  const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
  const refusedOf = new Array<number>(10).fill(0);
  for (const { picture, read } of all) {
    const status = read?.status ?? 'unread';
    if (status === 'ok' || status === 'unsure') confusion[picture.label]![read!.label!]!++;
    else {
      refused[status]++;
      refusedOf[picture.label]!++;
    }
  }
  const unsure = all.filter(({ read }) => read?.status === 'unsure');
  const whole = plainScore(all);
  return {
    ...whole,
    answeredAccuracy: whole.answered > 0 ? (whole.count - whole.errors) / whole.answered : undefined,
    refused,
    unsure: unsure.length,
    unsureRight: unsure.filter(isRight).length,
    confusion,
    refusedOf,
    groups: Object.fromEntries(columns.map((column) => [column, groupedScore(all, column)])),
  };
}

function plainScore(all: readonly Scored[]): Score {
  const count = all.length;
  const right = all.filter(isRight).length;
  return {
    count,
    accuracy: right / count,
    errors: count - right,
    interval: wilsonInterval(right, count),
    answered: all.filter(({ read }) => typeof read?.label === 'number').length,
  };
}

function groupedScore(all: readonly Scored[], column: string): GroupedScore {
  const groups = new Map<string, Scored[]>();
  for (const scored of all) {
    const name = scored.picture.groups[column]!;
    const group = groups.get(name);
    if (group) group.push(scored);
    else groups.set(name, [scored]);
  }
  const values = [...groups].map(([name, group]) => ({ name, ...plainScore(group) }));
  return { macroAverage: mean(values.map(({ accuracy }) => accuracy)), values };
}
