/**
 * What still counts as a digit. `scripts/digit/setLimits.mjs` finds these from measurements with a model; each says what is
 * refused beyond it.
 */
export interface Limits {
  /** Fainter strokes are no strokes: blank. */
  readonly leastContrast: number;
  /** Noisier pictures, in parts of the contrast, show noise. */
  readonly mostNoise: number;
  /** Hues of the paper that differ more: a scene. */
  readonly mostHues: number;
  /** More pieces of ink in the picture: a texture or a scene. */
  readonly mostPieces: number;
  /** More pieces in the sign itself. */
  readonly mostParts: number;
  /** A smaller share of all ink in the signs: a scene. */
  readonly leastInkShare: number;
  /** Wider than so many times its height: a dash, or several signs that touch. */
  readonly mostAspect: number;
  /** More edges touched: something larger than the picture. */
  readonly mostEdges: number;
  /** More of the picture inked. */
  readonly mostCoverage: number;
  /** Wider at its widest, of the 20-pixel box: a blot. */
  readonly mostWidest: number;
  /** So many times wider at its widest than its strokes are: shapes and no strokes. */
  readonly mostUneven: number;
  /** A smaller probability of the likeliest digit: unsure. */
  readonly leastConfidence: number;
  /** A smaller probability that the sign is a digit at all. */
  readonly leastDigitness: number;
  /** The same where it touches the picture's edge. */
  readonly leastDigitnessAtEdge: number;
}

export const LIMITS: Limits = {
  leastContrast: 0.05,
  mostNoise: 0.1,
  mostHues: 0.15,
  mostPieces: 8,
  mostParts: 5,
  leastInkShare: 0.5,
  mostAspect: 1.9,
  mostEdges: 2,
  mostCoverage: 0.45,
  mostWidest: 13,
  mostUneven: 4,
  leastConfidence: 0.55,
  leastDigitness: 0.2,
  leastDigitnessAtEdge: 0.37,
};
