import type { RgbaPicture } from '../../../src/digit/index.js';

/** What is on the pad. Places are shares of the pad's side, from 0 to 1, from its left and its top. */
export interface Scene {
  /** What lies under the strokes: as large as fits, in the middle. Without it, white paper. */
  readonly picture?: RgbaPicture;
  /** Where the picture is from. */
  readonly origin?: Origin;
  /** In the order in which they were drawn. */
  readonly strokes: readonly Stroke[];
}

export interface Origin {
  /** As people are told: `photo.jpg`, `test image 17 of MNIST`. */
  readonly name: string;
  /** The digit that it shows, where that is known, 0 to 9. */
  readonly label?: number;
}

export interface Stroke {
  readonly tool: 'pen' | 'eraser';
  /** Of the round tip, as a share of the pad's side. */
  readonly width: number;
  /** x and y in turn; one point alone is a dot. */
  readonly points: readonly number[];
}
