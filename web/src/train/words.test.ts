import { describe, expect, it } from 'vitest';
import { ago, fileSize, timeLeft } from './words.js';

describe('words', () => {
  it.each([
    [0.3, 'less than a second left'],
    [7, 'a few seconds left'],
    [42, 'about 40 s left'],
    [56, 'about 1 min left'],
    [600, 'about 10 min left'],
    [3599, 'about 1 h 0 min left'],
    [7500, 'about 2 h 5 min left'],
    [Infinity, 'time left unknown'],
  ])('tell the time left: %d s', (seconds, words) => {
    expect(timeLeft(seconds)).toBe(words);
  });

  it('tell how long ago something was', () => {
    const now = Date.parse('2026-03-01T12:00:00Z');
    expect(ago('2026-03-01T11:59:30Z', now)).toBe('just now');
    expect(ago('2026-03-01T11:58:30Z', now)).toBe('1 minute ago');
    expect(ago('2026-03-01T09:00:00Z', now)).toBe('3 hours ago');
    expect(ago('2026-02-20T12:00:00Z', now)).toBe('9 days ago');
    // A clock that was put back.
    expect(ago('2026-03-01T13:00:00Z', now)).toBe('just now');
  });

  it('tell sizes', () => {
    expect([812, 1200, 3.14e6, 2.5e9].map(fileSize)).toEqual(['812 bytes', '1 kB', '3.1 MB', '2.50 GB']);
  });
});
