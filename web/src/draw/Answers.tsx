import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { percent } from '../../../src/numeric/words.js';
import { answer, type Shown } from './reading.js';
import { sentenceOf } from './words.js';
import './answers.css';

/** Silence, in ms, after which a result is spoken: not while one draws. */
const SETTLED = 700;
const digits = Array.from({ length: 10 }, (_, digit) => digit);

/** What the network takes the drawing for: the digit, and ten bars in their fixed order. */
export function Answers() {
  const read = answer.value;
  const status = read?.status ?? 'blank';
  const named = read?.label ?? null;
  const words = sentenceOf(read);
  useMeasured(read);
  return (
    <div class="answers" data-status={status}>
      <p class="answers-digit" aria-hidden="true">
        {named ?? (status === 'blank' ? '' : '?')}
      </p>
      <p class="answers-words">{words}</p>
      <ol class="answers-bars" aria-label="Probability of each digit">
        {digits.map((digit) => {
          const share = status === 'blank' ? 0 : (read?.probabilities[digit] ?? 0);
          return (
            <li key={digit} data-top={digit === named || undefined}>
              <span class="answers-name">{digit}</span>
              <span class="answers-bar" aria-hidden="true">
                <span style={{ transform: `scaleX(${share.toFixed(3)})` }} />
              </span>
              <span class="answers-share">{status === 'blank' ? '–' : percent(share, 1)}</span>
            </li>
          );
        })}
      </ol>
      <Spoken words={words} />
    </div>
  );
}

/** For screen readers, once nothing has changed for a while. */
function Spoken({ words }: { readonly words: string }) {
  const [spoken, speak] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => speak(words), SETTLED);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <p class="visually-hidden" role="status">
      {spoken}
    </p>
  );
}

/** Leaves how long the answer took, from the hand's movement to the page, where `npm run bench:web` finds it. */
function useMeasured(read: Shown | undefined): void {
  useLayoutEffect(() => {
    if (!read) return;
    const { since, heard, milliseconds } = read;
    const detail = { sinceHeard: performance.now() - heard, reading: milliseconds };
    performance.measure('stroke-answered', { start: since, detail });
  }, [read]);
}
