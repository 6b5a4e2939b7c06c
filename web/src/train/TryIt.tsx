import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Answers } from '../draw/Answers.js';
import { lend, takeBack, trouble } from '../draw/reading.js';
import { keepDrawing } from '../draw/kept.js';
import { Pad } from '../draw/Pad.js';
import { PictureNotice } from '../draw/PictureInput.js';
import { Tools } from '../draw/Tools.js';
import { useReadings } from '../draw/useReadings.js';
import type { ModelSource } from '../engine/readerApi.js';
import { run, state, weights } from './training.js';

/** The pad of the Draw view, read by the network in training with its weights as they are now. */
export function TryIt() {
  useReadings();
  useSignalEffect(() => {
    const [facts, now] = [run.value, weights.value];
    if (facts && now) newest.offer({ network: facts.network, weights: now });
  });
  useEffect(keepDrawing, []);
  useEffect(() => () => void newest.end(), []);
  return (
    <section class="train-try" aria-labelledby="train-try">
      <h2 id="train-try">{state.value.name === 'done' ? 'Try it' : 'Try it while it learns'}</h2>
      <div class="train-desk">
        <div class="pad" role="group" aria-label="Drawing">
          <Pad />
          <Tools />
          <PictureNotice />
        </div>
        <div>
          <Answers />
          {trouble.value && <p class="train-problem">{trouble.value.message}</p>}
        </div>
      </div>
    </section>
  );
}

/** Weights come faster than a slow machine opens them: only the newest are lent. */
const newest = {
  waiting: undefined as ModelSource | undefined,
  lending: undefined as Promise<void> | undefined,

  offer(source: ModelSource): void {
    this.waiting = source;
    this.lending ??= this.lendAll().finally(() => (this.lending = undefined));
  },

  async lendAll(): Promise<void> {
    while (this.waiting) {
      const source = this.waiting;
      this.waiting = undefined;
      // What cannot be opened is followed by newer weights; the reader's death is told by itself.
      await lend(source).catch(() => undefined);
    }
  },

  async end(): Promise<void> {
    this.waiting = undefined;
    await this.lending;
    await takeBack().catch(() => undefined);
  },
};
