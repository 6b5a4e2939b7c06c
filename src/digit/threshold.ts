import { quantile } from './filters.js';
import { type Mask, mask, type Plane } from './picture.js';

/** Levels of ink, on the scale of the plane that they were found on. */
export interface InkLevels {
  /** That of the paper. */
  readonly paper: number;
  /** The paper's own texture and noise lie below this. */
  readonly floor: number;
  /** What is certainly ink lies above. */
  readonly high: number;
  /** What lies above this and hangs together with certain ink is ink too. */
  readonly low: number;
  /** That of a full stroke. */
  readonly full: number;
  /** The standard deviation of the paper's noise. */
  readonly noise: number;
}

const BINS = 512;
/** Standard deviations of noise that paper stays within. */
const DEVIATIONS = 4;
/** A normal distribution's 10% and 30% quantiles lie so far from each other, and its mean above the latter. */
const BETWEEN_QUANTILES = 0.757;
const ABOVE_Q30 = 0.524;
/** No ink is fainter, 0 to 1: three steps of 255. */
const FAINTEST = 0.012;

/**
 * Where ink begins. At least a third of a picture is paper, with the least ink, so two low quantiles tell its level
 * and noise. Of what is above that noise, Otsu's threshold (1979) parts strokes from fainter things: their own soft edges,
 * ruling, stains. The two thresholds for hysteresis (Canny 1986) lie below the strokes' mean.
 */
export function inkLevels(ink: Plane): InkLevels {
  const [q10, q30] = [quantile(ink.data, 0.1), quantile(ink.data, 0.3)];
  const noise = (q30 - q10) / BETWEEN_QUANTILES;
  return levelsAbove(ink, q30 + ABOVE_Q30 * noise, noise);
}

/** The same on paper of this level with this noise. */
export function levelsAbove(ink: Plane, level: number, noise: number): InkLevels {
  const floor = level + Math.max(DEVIATIONS * noise, FAINTEST);
  let largest = floor;
  for (const value of ink.data) if (value > largest) largest = value;
  const histogram = new Uint32Array(BINS);
  const scale = (BINS - 1) / (largest - floor || 1);
  for (const value of ink.data) if (value > floor) histogram[Math.floor((value - floor) * scale + 0.5)]!++;
  const bin = otsu(histogram);
  let sum = 0;
  let count = 0;
  for (let i = bin + 1; i < BINS; i++) {
    sum += i * histogram[i]!;
    count += histogram[i]!;
  }
  const full = count > 0 ? floor + sum / count / scale : largest;
  return {
    paper: level,
    floor,
    noise,
    full,
    high: Math.max(floor, level + 0.5 * (full - level)),
    low: Math.max(floor, level + 0.25 * (full - level)),
  };
}

/** The bin up to which the first of two classes goes such that the variance between them is largest (Otsu 1979). */
export function otsu(histogram: Uint32Array): number {
  let total = 0;
  let sum = 0;
  histogram.forEach((count, bin) => {
    total += count;
    sum += count * bin;
  });
  let best = 0;
  let bestVariance = -1;
  let below = 0;
  let sumBelow = 0;
  for (let bin = 0; bin < histogram.length - 1; bin++) {
    below += histogram[bin]!;
    sumBelow += histogram[bin]! * bin;
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const apart = sumBelow / below - (sum - sumBelow) / above;
    const variance = below * above * apart * apart;
    if (variance > bestVariance) [best, bestVariance] = [bin, variance];
  }
  return best;
}

/** What is above `low` and connected, corners included, with something above `high`. */
export function hysteresis({ width, height, data }: Plane, low: number, high: number): Mask {
  const result = mask(width, height);
  const stack = new Int32Array(width * height);
  for (let seed = 0; seed < data.length; seed++) {
    if (data[seed]! <= high || result.data[seed] === 1) continue;
    let depth = 0;
    stack[depth++] = seed;
    result.data[seed] = 1;
    while (depth > 0) {
      const i = stack[--depth]!;
      const x = i % width;
      const y = (i - x) / width;
      const bottom = Math.min(y + 1, height - 1);
      const right = Math.min(x + 1, width - 1);
      for (let ny = Math.max(y - 1, 0); ny <= bottom; ny++) {
        for (let nx = Math.max(x - 1, 0); nx <= right; nx++) {
          const next = ny * width + nx;
          if (result.data[next] === 1 || data[next]! <= low) continue;
          result.data[next] = 1;
          stack[depth++] = next;
        }
      }
    }
  }
  return result;
}
