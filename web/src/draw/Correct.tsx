import './corrections.css';
import { correct, corrected, takeBack } from './corrections.js';
import { answer, model } from './reading.js';
import { blank } from './sketch.js';
import { aDigit } from './words.js';

/** "Wrong? It is a …": under an answer, for whoever knows better. */
export function Correct() {
  const read = answer.value;
  const idle = blank.value || !read || read.status === 'blank';
  const said = corrected.value;
  const choose = (truth: number | null): void => void (read && correct(truth, read, model.value?.name ?? ''));
  return (
    <div class="fix" role="group" aria-labelledby="fix-title" inert={idle}>
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
            disabled={read?.status === 'ok' && read.label === digit}
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
          disabled={read?.status === 'not-a-digit'}
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
