import { useComputed } from '@preact/signals';
import { standing } from './RunPanel.js';
import { epochLogs, run, state } from './training.js';
import { counted, percent } from './words.js';

/** For those who listen: ends of epochs and changes of state, nothing in between. */
export function Told() {
  const words = useComputed(() => {
    const [at, facts] = [state.value, run.value];
    if (at.name === 'loading') return `Getting ready: ${at.what}.`;
    if (!facts) return '';
    if (at.name === 'done') {
      return `Done: ${percent(at.result.testAccuracy)} of the test images read right, ${counted(at.result.testErrors, 'error')}.`;
    }
    const log = epochLogs.value.at(-1);
    const accuracy = log?.valAccuracy ?? log?.accuracy;
    const ended =
      log && accuracy !== undefined
        ? `Epoch ${log.epoch} of ${facts.epochs} has ended: ${percent(accuracy)} read right. `
        : '';
    // What follows an epoch's end by itself is not worth a word.
    return `${ended}${at.name === 'validating' ? 'Learning' : standing()}.`;
  });
  return (
    <p class="visually-hidden" role="status">
      {words}
    </p>
  );
}
