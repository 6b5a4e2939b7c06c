import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { crc32 } from './crc32.js';
import { gunzip, isGzip } from './gzip.js';
import { inflate } from './inflate.js';

const text = new TextEncoder().encode('the quick brown fox jumps over the lazy dog '.repeat(50));
const packed = new Uint8Array(gzipSync(text));

/** A gzip header with every optional field, as RFC 1952 lays them out, around `text`. */
function withAllFields(): Uint8Array {
  const fields = [2, 0, 65, 66, ...new TextEncoder().encode('name\0comment\0')];
  const header = [0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, ...fields];
  const checksum = crc32(new Uint8Array(header)) & 0xffff;
  return new Uint8Array([...header, checksum & 255, checksum >> 8, ...packed.subarray(10)]);
}

describe('crc32', () => {
  it('gives the check value of the standard', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});

describe('gunzip', () => {
  it('gives back what was compressed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.constantFrom(0, 1, 9), async (bytes, level) => {
        const given = new Uint8Array(gzipSync(bytes, { level }));
        expect(isGzip(given)).toBe(true);
        expect(await gunzip(given, bytes.length, 'a.gz')).toEqual(bytes);
      }),
      { numRuns: 30 },
    );
  });

  it('accepts every optional field of the header', async () => {
    expect(await gunzip(withAllFields(), text.length, 'a.gz')).toEqual(text);
  });

  it('names the file and the remedy where the file is cut short, anywhere', async () => {
    for (let length = 0; length < packed.length; length++) {
      const error: unknown = await gunzip(packed.slice(0, length), 1e6, 'cut.gz').catch((caught: unknown) => caught);
      expect(error).toMatchObject({ name: 'CifraError', message: expect.stringMatching(/^cut\.gz (is damaged|says)/) });
    }
    await expect(gunzip(packed.slice(0, 30), text.length, 'cut.gz')).rejects.toThrow(/Check|Get the file again/);
  });

  it('never gives wrong contents for a file with a changed bit', async () => {
    for (let at = 10; at < packed.length; at++) {
      const changed = packed.slice();
      changed[at]! ^= 1 << (at % 8);
      const result: unknown = await gunzip(changed, text.length, 'a.gz').catch((caught: unknown) => caught);
      expect(result instanceof Error || Buffer.from(text).equals(result as Uint8Array)).toBe(true);
    }
  });

  it('refuses a wrong checksum', async () => {
    const changed = packed.slice();
    changed[changed.length - 8]! ^= 1;
    await expect(gunzip(changed, 1e6, 'a.gz')).rejects.toThrow(
      /a\.gz is damaged: its compressed data are broken or cut short \(.+\)\./,
    );
  });

  it('refuses bytes after the end', async () => {
    for (const trailing of ['x', '\0\0\0\0\0\0\0\0', 'some more text', packed]) {
      const longer = Buffer.concat([packed, typeof trailing === 'string' ? Buffer.from(trailing) : trailing]);
      await expect(gunzip(longer, text.length, 'a.gz')).rejects.toMatchObject({
        code: expect.stringMatching(/^data-(damaged|too-large)$/),
      });
    }
    const ending = packed.slice(-4);
    await expect(gunzip(Buffer.concat([packed, Buffer.from('abcd'), ending]), text.length, 'a.gz')).rejects.toThrow(
      /^a\.gz is damaged/,
    );
  });

  it('refuses bytes after the end also where the platform passes over them', async () => {
    vi.stubGlobal(
      'DecompressionStream',
      class extends TransformStream {
        constructor() {
          super({ transform: (_, controller) => controller.enqueue(text) });
        }
      },
    );
    try {
      expect(await gunzip(packed, text.length, 'a.gz')).toEqual(text);
      const longer = Buffer.concat([packed, Buffer.from('abcd'), packed.slice(-4)]);
      await expect(gunzip(longer, text.length, 'a.gz')).rejects.toThrow('a.gz is damaged: other bytes follow its end.');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('refuses contents beyond the bound, claimed or hidden', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(10_000_000)));
    await expect(gunzip(bomb, 1000, 'bomb.gz')).rejects.toMatchObject({
      code: 'data-too-large',
      message: expect.stringContaining('bomb.gz says it holds 10,000,000 bytes, and at most 1,000 are expected.'),
    });
    new DataView(bomb.buffer).setUint32(bomb.length - 4, 100, true);
    await expect(gunzip(bomb, 1000, 'bomb.gz')).rejects.toThrow('holds more than the 100 bytes it should');
  });

  it('refuses what is not gzip', async () => {
    await expect(gunzip(new Uint8Array([1, 2, 3]), 10, 'a.gz')).rejects.toThrow('does not begin with 1f 8b');
    await expect(gunzip(new Uint8Array([0x1f, 0x8b, 7, ...packed.subarray(3)]), 1e6, 'a.gz')).rejects.toThrow(
      /a\.gz is damaged: its compressed data are broken/,
    );
  });
});

describe('inflate', () => {
  it('refuses a stream that holds fewer bytes than it should', async () => {
    await expect(inflate('deflate-raw', deflateRawSync(text), text.length + 1, 'a')).rejects.toThrow(
      'it holds 2,200 bytes, not the 2,201 it should',
    );
  });
});
