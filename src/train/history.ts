import type { EpochLog } from './logs.js';

/** What `fit` returns: every epoch's figures, and the same by figure as Keras's `history.history`. */
export class History {
  constructor(readonly epochs: readonly EpochLog[]) {}

  get loss(): number[] {
    return this.#column('loss');
  }
  get accuracy(): number[] {
    return this.#column('accuracy');
  }
  get valLoss(): number[] {
    return this.#column('valLoss');
  }
  get valAccuracy(): number[] {
    return this.#column('valAccuracy');
  }

  #column(name: keyof EpochLog): number[] {
    return this.epochs.flatMap((log) => log[name] ?? []);
  }
}
