/** The most that epochs and batch sizes may be; the least is 1. */
export const MOST_EPOCHS = 10_000;
export const LARGEST_BATCH = 65_536;
