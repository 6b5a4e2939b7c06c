import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultCacheDir, writeWhole } from './cache.node.js';

describe('defaultCacheDir', () => {
  it('follows the custom of the platform', () => {
    expect(defaultCacheDir({}, 'linux', '/home/a')).toBe(join('/home/a', '.cache', 'cifra'));
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/var/a' }, 'linux', '/home/a')).toBe(join('/var/a', 'cifra'));
    expect(defaultCacheDir({ XDG_CACHE_HOME: 'relative' }, 'linux', '/home/a')).toBe(
      join('/home/a', '.cache', 'cifra'),
    );
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/var/a' }, 'darwin', '/Users/a')).toBe(
      join('/Users/a', 'Library', 'Caches', 'cifra'),
    );
    expect(defaultCacheDir({ LOCALAPPDATA: 'C:/local' }, 'win32', 'C:/a')).toBe(join('C:/local', 'cifra'));
    expect(defaultCacheDir({}, 'win32', 'C:/a')).toBe(join('C:/a', 'AppData', 'Local', 'cifra'));
  });
});

describe('writeWhole', () => {
  it('makes the folders, replaces the file, and leaves nothing else', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'cifra-cache-'));
    try {
      const path = join(dir, 'a', 'b');
      await writeWhole(path, new Uint8Array([1, 2, 3]));
      await Promise.all([4, 5, 6].map((byte) => writeWhole(path, new Uint8Array(100).fill(byte))));
      const bytes = await readFile(path);
      expect(bytes.length).toBe(100);
      expect(new Set(bytes).size).toBe(1);
      expect(await readdir(join(dir, 'a'))).toEqual(['b']);
      await expect(writeWhole(join(path, 'c'), bytes)).rejects.toThrow();
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('removes what it began where the file cannot be put in place', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'cifra-cache-'));
    try {
      await writeWhole(join(dir, 'taken', 'inside'), new Uint8Array(1));
      await expect(writeWhole(join(dir, 'taken'), new Uint8Array(1))).rejects.toThrow();
      expect(await readdir(dir)).toEqual(['taken']);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
