import { describe, expect, it } from 'vitest';
import { readZipEntry, zipEntries } from './zip.js';

/** An archive of one stored file `a` that holds "hi", and changes of 2-byte fields of its last record. */
function archive(changes: Readonly<Record<number, number>> = {}): Uint8Array {
  const bytes = new Uint8Array(31 + 2 + 47 + 22);
  const view = new DataView(bytes.buffer);
  for (const [at, sizes] of [
    [0, 14],
    [33, 16],
  ] as const) {
    view.setUint32(at, at === 0 ? 0x04034b50 : 0x02014b50, true);
    view.setUint32(at + sizes, 0xd8932aac, true);
    view.setUint32(at + sizes + 4, 2, true);
    view.setUint32(at + sizes + 8, 2, true);
    view.setUint16(at + sizes + 12, 1, true);
  }
  bytes.set([0x61, 0x68, 0x69], 30);
  bytes[79] = 0x61;
  const end = 80;
  view.setUint32(end, 0x06054b50, true);
  view.setUint16(end + 8, 1, true);
  view.setUint16(end + 10, 1, true);
  view.setUint32(end + 12, 47, true);
  view.setUint32(end + 16, 33, true);
  for (const [offset, value] of Object.entries(changes)) view.setUint16(end + Number(offset), value, true);
  return bytes;
}

describe('zipEntries', () => {
  it('reads the directory', async () => {
    const bytes = archive();
    const entry = zipEntries(bytes, 'a.zip').get('a')!;
    expect(entry).toEqual({
      name: 'a',
      encrypted: false,
      method: 0,
      crc32: 0xd8932aac,
      compressedSize: 2,
      size: 2,
      offset: 0,
    });
    expect(new TextDecoder().decode(await readZipEntry(bytes, entry, 2, 'a.zip'))).toBe('hi');
  });

  it.each([
    [
      'zip64 by its count',
      { 10: 0xffff },
      'zip-unsupported',
      'a.zip is a zip64 archive, which is not supported.\n  Give',
    ],
    ['zip64 by its place', { 16: 0xffff, 18: 0xffff }, 'zip-unsupported', 'a.zip is a zip64 archive'],
    ['several parts', { 8: 2 }, 'zip-unsupported', 'a.zip is one of several parts, which is not supported'],
    ['a directory beyond its end', { 14: 1 }, 'data-damaged', 'a.zip is damaged: its directory lies outside it'],
    ['more files than it has', { 8: 2, 10: 2 }, 'data-damaged', 'its directory is broken'],
  ])('refuses %s', (_, changes, code, message) => {
    expect(() => zipEntries(archive(changes), 'a.zip')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

describe('readZipEntry', () => {
  it('refuses data that lie outside the archive', async () => {
    const bytes = archive();
    const entry = { ...zipEntries(bytes, 'a.zip').get('a')!, compressedSize: 100, size: 100 };
    await expect(readZipEntry(bytes, entry, 1000, 'a.zip')).rejects.toThrow(
      'a in a.zip is damaged: its data lie outside the archive.\n  Get the file again',
    );
  });
});
