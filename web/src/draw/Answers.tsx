import type { ComponentChildren } from 'preact';
import { percent } from '../../../src/numeric/words.js';
import { inWords } from '../../../src/reading/words.js';
import type { Answer } from '../engine/readerApi.js';
import './answers.css';

/** What the network takes the drawing for: the digit, and ten bars in their fixed order. */
export function Answers({ answer }: { readonly answer: Answer | undefined }) {
  const status = answer?.status ?? 'blank';
  const named = answer?.label ?? null;
  return (
    <div class="answers" data-status={status}>
      <p class="answers-digit" aria-hidden="true">
        {named ?? (status === 'blank' ? '' : '?')}
      </p>
      <p class="answers-words">{answer ? verdict(answer) : 'Draw a digit.'}</p>
      <ol class="answers-bars" aria-label="Probability of each digit">
        {Array.from({ length: 10 }, (_, digit) => {
          const share = status === 'blank' ? 0 : (answer?.probabilities[digit] ?? 0);
          return (
            <li key={digit} data-top={digit === named || undefined}>
              <span class="answers-name">{digit}</span>
              <span class="answers-bar" aria-hidden="true">
                <span style={{ transform: `scaleX(${share})` }} />
              </span>
              <span class="answers-share">{status === 'blank' ? '–' : percent(share, 1)}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function verdict(answer: Answer): ComponentChildren {
  const { status, label, confidence, top, reason } = answer;
  switch (status) {
    case 'blank':
      return 'Draw a digit.';
    case 'ok':
      return `Read as ${label}, ${percent(confidence)} sure.`;
    case 'unsure':
      return `Not sure: ${top
        .slice(0, 2)
        .map((digit) => digit.label)
        .join(' or ')}. ${sentence(reason)}`;
    case 'several':
      return `${sentence(inWords(answer))} Draw one alone.`;
    case 'not-a-digit':
      return `Not a digit: ${reason}. The bars say what it would be if it were one.`;
  }
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
