import { type Grey, toGrey } from './colour.js';
import { findComponents } from './components.js';
import { type Backdrop, composite, type Rgb } from './composite.js';
import { smooth } from './filters.js';
import { withoutFormBoxes } from './formBox.js';
import { findGroups, type Groups } from './group.js';
import { findInk, type Ink, type KnownInk } from './paper.js';
import { type Box, longSide, type Mask, type RgbaPicture } from './picture.js';
import { findRuling, type Ruling } from './ruling.js';
import { hysteresis, type InkLevels, inkLevels, levelsAbove } from './threshold.js';

/** One look at a part of a picture: everything up to which strokes belong to the digit. */
export interface Look {
  /** What was looked at, in the picture's pixels. */
  readonly region: Box;
  /** The picture's pixels for each pixel looked at, along one side. */
  readonly factor: number;
  readonly rgb: Rgb;
  readonly grey: Grey;
  readonly ink: Ink;
  readonly levels: InkLevels;
  /** The paper's lines, which are no longer in the ink. */
  readonly ruling: Ruling | undefined;
  /** Where ink is. */
  readonly inked: Mask;
  readonly labels: Int32Array;
  readonly count: number;
  readonly groups: Groups;
}

/** The longest side that is looked at, in pixels: larger pictures are shrunk. */
const SIDE = 512;
/** The share of a full stroke's ink that noise may have before the ink is smoothed. */
const NOISY = 0.12;
const SMOOTHINGS = 3;

/** A part of a picture on its paper, at the size at which it is looked at. */
export type View = Pick<Look, 'region' | 'factor' | 'rgb' | 'grey'>;

export function viewOf(picture: RgbaPicture, region: Box, back: Backdrop): View {
  const factor = Math.ceil(longSide(region) / SIDE);
  const rgb = composite(picture, region, factor, back);
  return { region, factor, rgb, grey: toGrey(rgb) };
}

/** Finds the strokes in a view. */
export function look(view: View, known?: KnownInk): Look {
  let ink = findInk(view.grey, known);
  // A known paper is clean.
  if (known?.paper !== undefined) return strokesOf(view, ink, levelsAbove(ink, 0, 0));
  let levels = inkLevels(ink);
  for (let i = 0; i < SMOOTHINGS && levels.noise > NOISY * levels.full; i++) {
    ink = { ...ink, data: smooth(ink).data };
    levels = inkLevels(ink);
  }
  const ruling = findRuling(ink, levels);
  if (ruling) {
    const { erased } = ruling;
    const { paper } = levels;
    ink = { ...ink, data: ink.data.map((value, i) => (erased.data[i] === 1 ? Math.min(value, paper) : value)) };
    levels = inkLevels(ink);
  }
  return strokesOf(view, ink, levels, ruling);
}

function strokesOf(view: View, ink: Ink, levels: InkLevels, ruling?: Ruling): Look {
  const inked = hysteresis(ink, levels.low, levels.high);
  const found = findComponents(inked, ink);
  const groups = findGroups(withoutFormBoxes(found, inked), ink);
  return { ...view, ink, levels, ruling, inked, labels: found.labels, count: found.components.length, groups };
}
