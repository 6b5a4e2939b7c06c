import { edgesTouched } from './group.js';
import { hueSpread } from './hues.js';
import type { Look } from './look.js';
import { longSide, type Mask } from './picture.js';

/** What can be said of a picture without a network. Sizes are in pixels of the digit's 20-pixel box. */
export interface Geometry {
  /** How much darker (or lighter) than the paper full strokes are, 0 to 1 of black against white; 0 if there are none. */
  readonly contrast: number;
  /** The paper's noise, in parts of that contrast. */
  readonly noise: number;
  /** How many digits' worth of signs stand beside each other or in lines; 0 on a blank picture. */
  readonly signs: number;
  /** How much the hue of the paper around the sign differs from place to place: 0 to about 1. */
  readonly hues: number;
  /** How many separate pieces of ink there are of a fifth of the sign's size or more. */
  readonly pieces: number;
  /** How many pieces the sign that was read has. */
  readonly parts: number;
  /** How many pieces are too small to be anything. */
  readonly specks: number;
  /** The share of all ink that the signs have, 0 to 1. */
  readonly inkShare: number;
  /** The share of the picture that is inked, 0 to 1. */
  readonly coverage: number;
  /** The longer side of the sign, in parts of the picture's longer side. */
  readonly size: number;
  /** Width over height. */
  readonly aspect: number;
  /** How many edges of the picture the sign touches, 0 to 4. */
  readonly edges: number;
  /** The usual width of its strokes, before it was changed. */
  readonly strokeWidth: number;
  /** The largest width of its strokes, before it was changed: what is solid has no strokes. */
  readonly widest: number;
  /** The share of its box that is inked, 0 to 1. */
  readonly density: number;
  /** How many holes it has, such as two in an 8, of at least a hundredth of the box. */
  readonly holes: number;
}

/** The strokes of the sign that was read, as they were measured. */
export interface Shape {
  /** In pixels of the 20-pixel box. */
  readonly strokeWidth: number;
  readonly widest: number;
  readonly holes: number;
  /** The strokes' mask, in more pixels. */
  readonly fine: Mask;
}

const NOTHING: Geometry = {
  contrast: 0,
  noise: 0,
  hues: 0,
  signs: 0,
  pieces: 0,
  parts: 0,
  specks: 0,
  inkShare: 0,
  coverage: 0,
  size: 0,
  aspect: 1,
  edges: 0,
  strokeWidth: 0,
  widest: 0,
  density: 0,
  holes: 0,
};

export function measure(seen: Look, shape: Shape | undefined): Geometry {
  const { ink, levels, inked, groups } = seen;
  const { main } = groups;
  if (main === undefined || shape === undefined) return NOTHING;
  const { fine } = shape;
  const contrast = levels.full - levels.paper;
  return {
    contrast,
    noise: levels.noise / contrast,
    hues: hueSpread(seen.rgb, inked, main),
    signs: groups.signs.length,
    pieces: groups.pieces,
    parts: main.components.length,
    specks: groups.specks,
    inkShare: groups.signs.reduce((sum, sign) => sum + sign.ink, 0) / groups.ink,
    coverage: share(inked),
    size: longSide(main) / Math.max(ink.width, ink.height),
    aspect: fine.width / fine.height,
    edges: edgesTouched(main, ink),
    strokeWidth: shape.strokeWidth,
    widest: shape.widest,
    density: share(fine),
    holes: shape.holes,
  };
}

function share({ data }: Mask): number {
  let set = 0;
  for (const bit of data) set += bit;
  return set / data.length;
}
