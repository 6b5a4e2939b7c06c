import { commandOf } from './command.js';
import { Copy } from './Copy.js';
import { Downloads } from './Downloads.js';
import { begun, run, state } from './training.js';
import { counted, duration, grouped, percent, titleOf } from './words.js';

/** What came out of a run that has come to its end. */
export function Result() {
  const [at, facts] = [state.value, run.value];
  if (at.name !== 'done' || !facts) return null;
  const command = begun.value && commandOf(begun.value);
  const { testAccuracy, testErrors, testCount, weightsSha256, seconds } = at.result;
  return (
    <section class="train-result" aria-labelledby="train-result">
      <h2 id="train-result">It reads {percent(testAccuracy)} of the test images right</h2>
      <p>
        {counted(testErrors, 'error')} on {grouped(testCount)} test images of {titleOf(facts.dataset.name)}, which it
        had never seen{facts.recipe.validation === 'test' ? ' in training, only in checks after its epochs' : ''}. It
        took {duration(seconds)}.
      </p>
      <p class="train-hash">
        Weights <code title={weightsSha256}>{weightsSha256.slice(0, 16)}…</code>{' '}
        <Copy text={weightsSha256} name="Copy the hash of the weights" />{' '}
        <span class="quiet">
          {facts.numerics === 'strict'
            ? 'Their fingerprint: the same settings give the same one on every machine.'
            : 'Their fingerprint.'}
        </span>
      </p>
      {command && (
        <p class="train-hash">
          The same in Node: <code>{command}</code> <Copy text={command} name="Copy the command" />
        </p>
      )}
      <Downloads place={facts.place} finished saved={false} />
    </section>
  );
}
