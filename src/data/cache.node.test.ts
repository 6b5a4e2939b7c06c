import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultCacheDir } from './cache.node.js';

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
