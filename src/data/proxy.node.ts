import { DownloadFailure } from './downloadFailure.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy that the environment names. */
export interface Proxy {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** `Basic ...`, where the address holds a user name. */
  readonly authorization: string | undefined;
  /** What messages call it, without the password: `the proxy proxy.example:3128 (HTTPS_PROXY)`. */
  readonly title: string;
}

/**
 * The proxy for `url`, by HTTPS_PROXY or HTTP_PROXY, else ALL_PROXY, unless NO_PROXY names its host; each also in small
 * letters, which come first. `http://user:password@host:port`; `http://` may be left out.
 * @throws DownloadFailure if the address is not one of a http or https proxy
 */
export function proxyFor(url: URL, environment: Environment): Proxy | undefined {
  if (isExempt(url, read(environment, 'NO_PROXY')?.value ?? '')) return undefined;
  const named = read(environment, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY', 'ALL_PROXY');
  if (named === undefined) return undefined;
  const { value, variable } = named;
  const address = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  if (address === undefined || address.hostname === '') {
    throw refused(url, variable, 'does not hold the address of a proxy');
  }
  if (address.protocol !== 'http:' && address.protocol !== 'https:') {
    throw refused(url, variable, `names a proxy of the kind ${address.protocol}, which is not supported`);
  }
  const secure = address.protocol === 'https:';
  const { username, password } = address;
  const credentials = `${decode(username)}:${decode(password)}`;
  return {
    secure,
    host: bare(address.hostname),
    port: portOf(address),
    authorization: username === '' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`,
    title: `the proxy ${address.hostname}:${portOf(address)} (${variable})`,
  };
}

function refused(url: URL, variable: string, why: string): DownloadFailure {
  const hint = `Set ${variable} to an address such as http://proxy.example:3128, or take it away.`;
  return new DownloadFailure(url.href, `the environment's ${variable} ${why}`, { again: false, hint });
}

function read(environment: Environment, ...names: string[]): { value: string; variable: string } | undefined {
  for (const variable of names.flatMap((name) => [name.toLowerCase(), name])) {
    const value = environment[variable]?.trim();
    if (value) return { value, variable };
  }
  return undefined;
}

/** Whether `list` names the url's host: `*`, a host, with those below it, or either with a port, by commas or spaces. */
function isExempt(url: URL, list: string): boolean {
  const host = bare(url.hostname).toLowerCase();
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    // A bare IPv6 address has colons and no port.
    const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry);
    const name = bare((parts?.[1] ?? entry).toLowerCase()).replace(/^\*?\./, '');
    if (name === '' || (parts?.[2] !== undefined && Number(parts[2]) !== portOf(url))) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}

/** The port of a http or https address. */
export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** An IPv6 address without its brackets. */
export function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function parse(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
