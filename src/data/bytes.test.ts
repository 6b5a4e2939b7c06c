import { describe, expect, it } from 'vitest';
import { formatCount, printable, unshared } from './bytes.js';

describe('unshared', () => {
  it('is the same memory, or a copy where threads share it', () => {
    const own = new Uint8Array([1, 2, 3]).subarray(1);
    expect(unshared(own)).toEqual(own);
    expect(unshared(own).buffer).toBe(own.buffer);
    const shared = new Uint8Array(new SharedArrayBuffer(4)).subarray(1, 3);
    shared.set([8, 9]);
    const copy = unshared(shared);
    expect([...copy]).toEqual([8, 9]);
    expect(copy.buffer).toBeInstanceOf(ArrayBuffer);
  });
});

describe('formatCount', () => {
  it('groups digits by three', () => {
    expect([0, 999, 1000, 47_040_016].map(formatCount)).toEqual(['0', '999', '1,000', '47,040,016']);
  });
});

describe('printable', () => {
  it('cuts what is long and takes out what a terminal would obey', () => {
    expect(printable('x_train é')).toBe('x_train é');
    expect(printable('a'.repeat(80))).toBe('a'.repeat(80));
    expect(printable('a'.repeat(81))).toBe(`${'a'.repeat(79)}…`);
    expect(printable('\x1b[2J\n\u202e\u2028\x9b')).toBe('\ufffd[2J\ufffd\ufffd\ufffd\ufffd');
  });
});
