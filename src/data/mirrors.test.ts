import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CifraError } from '../numeric/errors.js';
import type { DownloadOptions } from './download.js';
import { DownloadFailure, type FailureDetails } from './downloadFailure.js';
import { fromMirrors, sleep } from './mirrors.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const failed = (mirror: string, details: FailureDetails = {}) => new DownloadFailure(mirror, 'it failed', details);

/** Runs with a clock that goes by itself; `asked` says when each mirror was, in milliseconds. */
async function run(mirrors: string[], attempt: (mirror: string, time: number) => string, options: DownloadOptions) {
  const asked: [string, number][] = [];
  const notes: string[] = [];
  const start = performance.now();
  const outcome = fromMirrors(
    mirrors,
    async (mirror) => {
      const time = Math.round(performance.now() - start);
      asked.push([mirror, time]);
      return attempt(mirror, time);
    },
    { ...options, onProgress: (event) => event.kind === 'note' && notes.push(event.message) },
  );
  outcome.catch(() => undefined);
  await vi.runAllTimersAsync();
  return { outcome: await outcome, asked, notes };
}

const throwing = (error: Error) => () => {
  throw error;
};

describe('fromMirrors', () => {
  it('takes the first that succeeds', async () => {
    const attempt = (mirror: string): string => {
      if (mirror === 'a') throw failed('a');
      return `from ${mirror}`;
    };
    const { outcome, asked, notes } = await run(['a', 'b', 'c'], attempt, {});
    expect(outcome).toEqual({ result: 'from b' });
    expect(asked.map(([mirror]) => mirror)).toEqual(['a', 'b']);
    expect(notes).toEqual(['Mirror failed: a: it failed.']);
  });

  it('tries all again after growing pauses, and says a reason once', async () => {
    const { outcome, asked, notes } = await run(['a', 'b'], (mirror) => throwing(failed(mirror))(), {});
    expect(asked).toEqual([0, 500, 2500, 7500].flatMap((time) => ['a', 'b'].map((mirror) => [mirror, time])));
    expect(outcome).toMatchObject({ failures: [{ message: 'a: it failed.' }, { message: 'b: it failed.' }] });
    expect(notes).toEqual([
      'Mirror failed: a: it failed.',
      'Mirror failed: b: it failed.',
      'Trying again in 0.5 s.',
      'Trying again in 2 s.',
      'Trying again in 5 s.',
    ]);
  });

  it('asks once where there are no pauses', async () => {
    const { asked } = await run(['a', 'b'], (mirror) => throwing(failed(mirror))(), { pauses: [] });
    expect(asked).toHaveLength(2);
  });

  it('does not ask again where it is of no use', async () => {
    const attempt = (mirror: string): string => {
      if (mirror === 'c') throw new CifraError('data-checksum', 'It is another file.');
      throw failed(mirror, { again: mirror === 'b' });
    };
    const { outcome, asked } = await run(['a', 'b', 'c'], attempt, { pauses: [10, 20] });
    expect(asked.map(([mirror]) => mirror)).toEqual(['a', 'b', 'c', 'b', 'b']);
    expect(outcome).toMatchObject({ failures: [{}, {}, { code: 'data-checksum' }] });
    expect((await run(['a', 'c'], attempt, {})).asked).toHaveLength(2);
    expect((await run([], attempt, {})).outcome).toEqual({ failures: [] });
  });

  it('waits as long as a server asks for, and asks others meanwhile', async () => {
    const attempt = (mirror: string, time: number): string => {
      if (mirror === 'a' && time >= 3000) return 'at last';
      throw failed(mirror, mirror === 'a' ? { retryAfter: 3000 } : {});
    };
    const both = await run(['a', 'b'], attempt, { pauses: [1000, 1000, 1000] });
    expect(both.asked.map(([mirror, time]) => `${mirror}${time}`)).toEqual(['a0', 'b0', 'b1000', 'b2000', 'a3000']);
    const alone = await run(['a'], attempt, { pauses: [10] });
    expect(alone.asked.map(([, time]) => time)).toEqual([0, 3000]);
    expect(alone.outcome).toEqual({ result: 'at last' });
  });

  it('does not wait for a server that asks for more than a minute', async () => {
    const { asked } = await run(['a'], throwing(failed('a', { retryAfter: 60_001 })), {});
    expect(asked).toHaveLength(1);
  });

  it('passes on what is no failure of a mirror', async () => {
    const error = new TypeError('a mistake');
    await expect(fromMirrors(['a', 'b'], throwing(error) as () => Promise<string>, {})).rejects.toBe(error);
  });

  it('ends a pause with the reason of the signal', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const waiting = fromMirrors(['a'], () => Promise.reject(failed('a')), { signal: stop.signal });
    setTimeout(() => stop.abort(reason), 100);
    const ended = expect(waiting).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(100);
    await ended;
    expect(vi.getTimerCount()).toBe(0);
    await expect(sleep(1000, stop.signal)).rejects.toBe(reason);
  });
});
