import type { RunPair, SettingValue } from '../../compare/index.js';
import { percent, printable } from '../terminal/text.js';

/** A, B, C … stand for the runs. */
export function letterOf(run: number): string {
  return run < 26 ? String.fromCharCode(65 + run) : `R${run + 1}`;
}

/** A difference of shares in percentage points: "+0.12". */
export function points(difference: number): string {
  const text = (100 * difference).toFixed(2);
  return text.startsWith('-') ? text : `+${text}`;
}

/** "0.0312", "< 0.0001" */
export function probability(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}

/** What the pair comes to in one sentence, by McNemar's test at 5%. */
export function conclusion({ first, second, difference, paired }: RunPair): string {
  const [a, b] = [letterOf(first), letterOf(second)];
  if (!paired) return `Whether ${a} and ${b} differ is not tested: that takes the images that each reads right.`;
  const { discordant } = paired.test;
  if (discordant === 0) return `${a} and ${b} read the very same images right.`;
  if (paired.test.pValue >= 0.05) {
    return `No difference found: ${a} and ${b} are as far apart as two equally good networks often are.`;
  }
  const [better, worse] = difference > 0 ? [b, a] : [a, b];
  return `${better} reads better than ${worse}: chance alone would seldom set equally good networks so far apart.`;
}

/** What the interval and the test are called, once, below the figures. */
export const METHODS =
  "Intervals are 95%: Wilson's for an accuracy, Newcombe's for paired shares for a difference. McNemar's test is exact and two-sided; the mid-p value beside it is a little less cautious. All of it is about these networks: another seed of the same recipe makes another one, and differences between recipes take several seeds (cifra study).";

/** What a setting is called where the whole path would be too long: "conv2d.filters". */
export function shortKey(key: string): string {
  return key.replace(/^recipe\./, '').replace(/^network\.layers\./, '');
}

export function settingText(value: SettingValue | undefined): string {
  return value === undefined ? '-' : printable(String(value));
}

/** "99.02% to 99.37%" */
export function rangeText({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${percent(low)} to ${percent(high)}`;
}
