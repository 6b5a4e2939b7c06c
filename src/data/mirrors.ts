import { CifraError } from '../numeric/errors.js';
import type { DownloadOptions } from './download.js';
import { DownloadFailure, firstLine } from './downloadFailure.js';

/** A server that asks to be left alone for longer than this, in milliseconds, is not asked again. */
const LONGEST_WAIT = 60_000;

interface Failed {
  readonly error: CifraError;
  /** By the clock of `performance.now()`; infinite where there is no use in another try. */
  readonly notBefore: number;
}

/**
 * What `attempt` gives for the first mirror with which it succeeds. All are tried in their order, and again after each
 * pause, except those where another try is of no use (`DownloadFailure.again`; any other CifraError says as much).
 * @returns the result, or each mirror's last failure
 * @throws what `attempt` throws other than CifraError; the signal's reason if it is aborted
 */
export async function fromMirrors<T>(
  mirrors: readonly string[],
  attempt: (mirror: string) => Promise<T>,
  { pauses = [500, 2000, 5000], onProgress, signal }: DownloadOptions,
): Promise<{ readonly result: T } | { readonly failures: readonly CifraError[] }> {
  const failed = new Map<string, Failed>();
  const note = (message: string): void => onProgress?.({ kind: 'note', message });
  for (let round = 0; ; round++) {
    for (const mirror of mirrors) {
      const last = failed.get(mirror);
      // A timer may be early by a little.
      if (last !== undefined && last.notBefore > performance.now() + 5) continue;
      try {
        return { result: await attempt(mirror) };
      } catch (error) {
        if (!(error instanceof CifraError)) throw error;
        if (error.message !== last?.error.message) note(`Mirror failed: ${firstLine(error)}`);
        failed.set(mirror, { error, notBefore: performance.now() + waitAfter(error) });
      }
    }
    const pause = pauses[round];
    const earliest = Math.min(...[...failed.values()].map(({ notBefore }) => notBefore)) - performance.now();
    if (pause === undefined || earliest > LONGEST_WAIT) {
      return { failures: [...failed.values()].map(({ error }) => error) };
    }
    const wait = Math.ceil(Math.max(pause, earliest));
    note(`Trying again in ${wait / 1000} s.`);
    await sleep(wait, signal);
  }
}

function waitAfter(error: CifraError): number {
  if (!(error instanceof DownloadFailure) || !error.again || error.retryAfter > LONGEST_WAIT) return Infinity;
  return error.retryAfter;
}

/** @throws the signal's reason as soon as it is aborted */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
