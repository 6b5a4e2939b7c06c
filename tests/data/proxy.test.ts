import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { download, type DownloadOptions } from '../../src/data/download.js';
import { DownloadFailure } from '../../src/data/downloadFailure.js';
import type { Environment } from '../../src/data/proxy.node.js';
import { environmentFetch } from '../../src/data/proxiedFetch.node.js';
import { closeServers, fileAnswer, nowhere, serve, serveProxy, serveRaw, serveSecure } from './servers.js';

const FILE = Uint8Array.from({ length: 3000 }, (_, i) => i % 251);
const through = (): undefined => undefined;

/** As if the certificates of the tests' servers were trusted. */
const trustAll = (): unknown => vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');

beforeEach(() => vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined));
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await closeServers();
});

const get = (url: string, environment: Environment, options: DownloadOptions = {}) =>
  download(url, 'file', 200_000, options, { fetch: environmentFetch(environment) });

async function failure(url: string, environment: Environment, options?: DownloadOptions): Promise<DownloadFailure> {
  const error: unknown = await get(url, environment, options).catch((reason: unknown) => reason);
  if (!(error instanceof DownloadFailure)) throw error;
  return error;
}

describe('through a proxy', () => {
  it('come http urls', async () => {
    const url = await serve(fileAnswer(FILE, '"a"'));
    const proxy = await serveProxy(through);
    expect(await get(`${url}a?b=c#d`, { HTTP_PROXY: `http://${proxy.host}` })).toEqual(FILE);
    expect(proxy.asked).toEqual([`GET ${url}a?b=c`]);
    expect(await get(url, { HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: '127.0.0.1' })).toEqual(FILE);
    expect(proxy.asked).toHaveLength(1);
  });

  it('come https urls, which it cannot read', async () => {
    trustAll();
    const url = await serveSecure(fileAnswer(FILE, '"a"'));
    const proxy = await serveProxy(through);
    const environment = { https_proxy: `http://an%40na:se%3Acret@${proxy.host}` };
    expect(await get(`${url}file`, environment)).toEqual(FILE);
    expect(proxy.asked).toEqual([`CONNECT ${new URL(url).host}`]);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('an@na:se:cret').toString('base64')}`]);
  });

  it('come redirects, each by the proxy for it', async () => {
    trustAll();
    const end = await serveSecure(fileAnswer(FILE, '"a"'));
    const url = await serve((_, response) => response.writeHead(302, { location: end }).end('moved'));
    const proxy = await serveProxy(through);
    expect(await get(url, { ALL_PROXY: proxy.host })).toEqual(FILE);
    expect(proxy.asked).toEqual([`GET ${url}`, `CONNECT ${new URL(end).host}`]);
  });

  it('comes nothing of a server whose certificate nobody vouches for', async () => {
    const url = await serveSecure(fileAnswer(FILE, '"a"'));
    const { host } = await serveProxy(through);
    const error = await failure(url, { HTTPS_PROXY: host });
    expect(error.message).toMatch(/: its certificate is not trusted \(self-signed certificate\)\.$/);
    expect(error.again).toBe(false);
  });

  it('comes what is packed, unpacked, and what has no body', async () => {
    const { host } = await serveProxy(through);
    const packed = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(FILE)),
    );
    expect(await get(packed, { HTTP_PROXY: host })).toEqual(FILE);
    const empty = await serve((_, response) => response.writeHead(204).end());
    expect((await failure(empty, { HTTP_PROXY: host })).message).toBe(`${empty}: the server answered 204 No Content.`);
  });

  it.each(['http', 'https'])('ends a broken connection, or one that stalls, or is cancelled (%s)', async (scheme) => {
    trustAll();
    const make = scheme === 'http' ? serve : serveSecure;
    const { host } = await serveProxy(through);
    const environment = { ALL_PROXY: host };
    const cut = await make((_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('part', () => setTimeout(() => response.destroy(), 5));
    });
    expect((await failure(cut, environment)).message).toMatch(/after 4 of 1,000 bytes\.$/);
    const silent = await make(() => undefined);
    expect((await failure(silent, environment, { connectTimeout: 100 })).message).toContain('no answer within 100 ms');
    const stalling = await make((_, response) => response.writeHead(200, { 'content-length': 1000 }).write('part'));
    expect((await failure(stalling, environment, { idleTimeout: 30 })).message).toContain('no more data within 30 ms');
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = (): void => stop.abort(reason);
    await expect(get(stalling, environment, { signal: stop.signal, onProgress })).rejects.toBe(reason);
  });
});

describe('a proxy that does not help', () => {
  const target = { http: 'http://a.invalid/', https: 'https://a.invalid/' };

  it.each(['http', 'https'] as const)('wants a password (%s)', async (scheme) => {
    const { host } = await serveProxy(() => 407);
    const url = target[scheme];
    const without = await failure(url, { ALL_PROXY: host });
    expect(without.message).toBe(
      `${url}: the proxy ${host} (ALL_PROXY) wants user name and password (407 Proxy Authentication Required).`,
    );
    expect([without.again, without.hint]).toEqual([false, expect.stringContaining('http://user:password@host:port')]);
    const wrong = await failure(url, { ALL_PROXY: `anna:secret@${host}` });
    expect(wrong.message).toContain(`(ALL_PROXY) does not accept this user name and password (407`);
    expect(`${wrong.message}${wrong.hint}`).not.toContain('secret');
  });

  it('forbids', async () => {
    const { host } = await serveProxy(() => 403);
    const error = await failure(target.https, { HTTPS_PROXY: host });
    expect(error.message).toBe(`${target.https}: the proxy ${host} (HTTPS_PROXY) does not let it through (403 No).`);
    expect(error.again).toBe(false);
    const busy = await serveProxy(() => 503);
    expect((await failure(target.https, { HTTPS_PROXY: busy.host })).again).toBe(true);
  });

  it.each(['http', 'https'] as const)('is not there, or silent, or no proxy (%s)', async (scheme) => {
    const url = target[scheme];
    const { host } = new URL(await nowhere());
    const gone = await failure(url, { ALL_PROXY: host });
    expect(gone.message).toContain(`${url}: the proxy ${host} (ALL_PROXY): the connection was refused (connect ECONN`);
    expect(gone.hint).toContain('The proxy that the environment names cannot be reached');
    const silent = new URL(await serveRaw(() => undefined)).host;
    expect((await failure(url, { ALL_PROXY: silent }, { connectTimeout: 30 })).message).toContain('no answer within');
    const other = new URL(await serveRaw((socket) => socket.end('SSH-2.0-server\r\n'))).host;
    expect((await failure(url, { ALL_PROXY: other })).message).toContain(`the proxy ${other} (ALL_PROXY): `);
  });

  it('lets the connection through and then falls silent, or breaks off', async () => {
    const talk = (next: (socket: Socket) => void) =>
      serveRaw((socket) =>
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n', () => next(socket));
        }),
      );
    const silent = new URL(await talk(() => undefined)).host;
    const error = await failure(target.https, { ALL_PROXY: silent }, { connectTimeout: 50 });
    expect(error.message).toContain('no answer within 50 ms');
    const broken = new URL(await talk((socket) => socket.destroy())).host;
    expect((await failure(target.https, { ALL_PROXY: broken })).again).toBe(true);
  });
});
