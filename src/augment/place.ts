/** For which image, and when. All that augmentation draws depends on this alone. */
export interface AugmentationPlace {
  readonly seed: number;
  /** Epochs of the whole training, counted from 0. */
  readonly epoch: number;
  /** The image's index in the training set. */
  readonly image: number;
  readonly height: number;
  readonly width: number;
}
