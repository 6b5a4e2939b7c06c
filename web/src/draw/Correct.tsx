import { computed } from '@preact/signals';
import './corrections.css';
import { correct, corrected, takeBack } from './corrections.js';
import { answer, model } from './reading.js';
import { blank } from './sketch.js';
import { aDigit } from './words.js';

// Answers come with every movement of the hand; what is here changes with few of them.
const status = computed(() => answer.value?.status ?? 'blank');
const named = computed(() => (status.value === 'ok' ? answer.value!.label : undefined));
const idle = computed(() => blank.value || status.value === 'blank');

/** "Wrong? It is a …": under an answer, for whoever knows better. */
export function Correct() {
  const said = corrected.value;
  const choose = (truth: number | null): void => {
    const read = answer.peek();
    if (read) void correct(truth, read, model.value?.name ?? '');
  };
  return (
    <div class="fix" role="group" aria-labelledby="fix-title" inert={idle.value}>
      <p id="fix-title" class="fix-title">
        Wrong? It is
      </p>
      <div class="fix-choices">
        {Array.from({ length: 10 }, (_, digit) => (
          <button
            key={digit}
            type="button"
            class="fix-choice"
            aria-label={`It is ${aDigit(digit)}`}
            aria-pressed={said?.truth === digit}
            disabled={named.value === digit}
            onClick={() => choose(digit)}
          >
            {digit}
          </button>
        ))}
        <button
          type="button"
          class="fix-choice fix-none"
          aria-label="It is not a digit"
          aria-pressed={said !== undefined && said.truth === null}
          disabled={status.value === 'not-a-digit'}
          onClick={() => choose(null)}
        >
          not a digit
        </button>
      </div>
      <p class="fix-said quiet" role="status">
        {said && (
          <>
            Kept as {aDigit(said.truth)}, read as {aDigit(said.label)}.{' '}
            <button type="button" class="fix-link" onClick={takeBack}>
              Take it back
            </button>
          </>
        )}
      </p>
    </div>
  );
}
