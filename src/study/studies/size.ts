/** How large a study is: what fits into ten minutes on two cores, or into one. */
export interface StudySize {
  readonly trainImages: number;
  readonly epochs: number;
  /** Read by every trained network. */
  readonly testImages: number;
  /** On which accuracy is followed from epoch to epoch. */
  readonly watchedImages: number;
}
