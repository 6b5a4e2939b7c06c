import { percent } from '../../../src/numeric/words.js';
import { inWords } from '../../../src/reading/words.js';
import type { Answer } from '../engine/readerApi.js';

/** An answer as a sentence, also to be spoken. */
export function sentenceOf(answer: Answer | undefined): string {
  switch (answer?.status) {
    case undefined:
    case 'blank':
      return 'Draw a digit.';
    case 'ok':
      return `Read as ${answer.label}, ${percent(answer.confidence)} sure.`;
    case 'unsure': {
      const likely = answer.top.slice(0, 2).map(({ label }) => label);
      return `Not sure: ${likely.join(' or ')}. ${capitalized(answer.reason)}.`;
    }
    case 'several':
      return `${inWords(answer)}. Draw one alone.`;
    case 'not-a-digit':
      return `Not a digit: ${answer.reason}. The bars say what it would be if it were one.`;
  }
}

/** `a 7`, `an 8`; `no digit` for null. */
export function aDigit(digit: number | null): string {
  if (digit === null) return 'no digit';
  return `${digit === 8 ? 'an' : 'a'} ${digit}`;
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
