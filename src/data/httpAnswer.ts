import { DownloadFailure } from './downloadFailure.js';

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * The answer at the end of the redirects, each of which `go` asks for. A browser does not show redirects; there it
 * follows them itself.
 * @throws DownloadFailure for too many redirects, and for one to another scheme, to http from https, or to nowhere
 */
export async function follow(
  url: string,
  go: (address: string, redirect: 'manual' | 'follow') => Promise<Response>,
): Promise<Response> {
  let address = new URL(url);
  const refuse = (why: string): DownloadFailure => new DownloadFailure(url, why, { again: false });
  for (let redirects = 0; ; redirects++) {
    const response = await go(address.href, 'manual');
    if (response.type === 'opaqueredirect') return go(address.href, 'follow');
    if (!REDIRECTS.includes(response.status)) return response;
    await response.body?.cancel();
    if (redirects === MOST_REDIRECTS) throw refuse(`it redirects more than ${MOST_REDIRECTS} times`);
    const next = target(response.headers.get('location'), address);
    if (next === undefined) throw refuse('it redirects without saying where');
    if (next.protocol !== 'https:' && next.protocol !== 'http:') {
      throw refuse(`it redirects to ${next.protocol}, and only https: and http: are followed`);
    }
    if (address.protocol === 'https:' && next.protocol === 'http:') {
      throw refuse('it redirects from https to http, where anyone could change what is sent');
    }
    address = next;
  }
}

function target(location: string | null, base: URL): URL | undefined {
  try {
    return location === null ? undefined : new URL(location, base);
  } catch {
    return undefined;
  }
}

/** How long the server asks to be left alone, in milliseconds. */
export function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}
