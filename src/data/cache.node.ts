import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Cifra keeps what it downloads, by the custom of the platform. */
export function defaultCacheDir(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  return join(cacheBase(environment, platform, home), 'cifra');
}

function cacheBase(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  switch (platform) {
    case 'win32':
      return environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local');
    case 'darwin':
      return join(home, 'Library', 'Caches');
    default:
      // The XDG specification: empty or relative paths count as not set.
      return environment['XDG_CACHE_HOME']?.startsWith('/') ? environment['XDG_CACHE_HOME'] : join(home, '.cache');
  }
}
