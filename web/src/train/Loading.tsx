import { grouped } from './words.js';

interface LoadingProps {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** How far something has come that must be there before it can begin. */
export function Loading({ what, done, total }: LoadingProps) {
  const known = total > 0;
  return (
    <div class="train-loading">
      <p>
        Getting ready: {what}
        {known && <span class="quiet"> {Math.floor((100 * done) / total)}%</span>}
      </p>
      <Bar share={known ? done / total : undefined} name={what} words={`${grouped(done)} of ${grouped(total)}`} />
    </div>
  );
}

interface BarProps {
  /** 0 to 1; undefined where nobody knows. */
  readonly share: number | undefined;
  readonly name: string;
  readonly words: string;
  /** How many equal parts it has, told apart by small gaps. */
  readonly parts?: number;
}

export function Bar({ share, name, words, parts = 1 }: BarProps) {
  return (
    <div
      class="train-bar"
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share !== undefined && { 'aria-valuenow': Math.round(100 * share), 'aria-valuetext': words })}
      style={{ '--share': share ?? 0, '--parts': parts }}
    >
      <i />
    </div>
  );
}
