/** The two scales of colours that numbers are drawn in. Both can be told apart with any kind of colour vision. */

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Viridis, of matplotlib (van der Walt and Smith 2015, CC0), at nine places: even steps look even, also in grey. */
const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** RdBu, of ColorBrewer (Brewer and Harrower 2002), from blue over white to red. */
const blueToRed: readonly Rgb[] = [
  [5, 48, 97],
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
  [103, 0, 31],
];

/** For amounts, such as activations: 0 dark violet, 1 bright yellow. Beyond them it stays. */
export function sequentialColour(share: number): Rgb {
  return between(viridis, share);
}

/** For what has a sign, such as weights: -1 dark blue, 0 white, 1 dark red. Beyond -1 and 1 it stays. */
export function divergingColour(value: number): Rgb {
  return between(blueToRed, (value + 1) / 2);
}

function between(scale: readonly Rgb[], share: number): Rgb {
  const at = Math.min(1, Math.max(0, share)) * (scale.length - 1);
  const first = Math.min(scale.length - 2, Math.floor(at));
  const [low, high] = [scale[first]!, scale[first + 1]!];
  const mixed = (channel: 0 | 1 | 2): number =>
    Math.round(low[channel] + (high[channel] - low[channel]) * (at - first));
  return [mixed(0), mixed(1), mixed(2)];
}
