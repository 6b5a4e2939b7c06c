import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DataProgress, download, type DownloadOptions, type Fetch } from '../../src/data/download.js';
import { DownloadFailure } from '../../src/data/downloadFailure.js';
import { closeServers, fileAnswer, nowhere, serve, serveRaw, serveSecure } from './servers.js';

afterEach(async () => {
  vi.useRealTimers();
  await closeServers();
});

const FILE = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const get = (url: string, options: DownloadOptions = {}) => download(url, 'file', 2000, options);

/** What the download fails with. */
async function failure(url: string, options: DownloadOptions = {}): Promise<DownloadFailure> {
  const error: unknown = await get(url, options).then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DownloadFailure)) throw error;
  expect(error.code).toBe('download-failed');
  expect(error.message).toMatch(/^http.*: .*[^.]\.$/);
  return error;
}

describe('patience', () => {
  it('ends with a server that accepts and says nothing', async () => {
    const url = await serveRaw(() => undefined);
    const error = await failure(url, { connectTimeout: 30 });
    expect([error.message, error.again]).toEqual([`${url}: no answer within 30 ms.`, true]);
  });

  it('ends with a server whose headers never end', async () => {
    const url = await serveRaw((socket) => socket.write('HTTP/1.1 200 OK\r\nx-slow: '));
    expect((await failure(url, { connectTimeout: 30 })).message).toContain('no answer within 30 ms');
  });

  it('ends with a server that stalls midway', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'content-length': 1000 }).write('part'));
    expect((await failure(url, { idleTimeout: 30 })).message).toBe(`${url}: no more data within 30 ms.`);
  });

  it('ends with a server that trickles', async () => {
    const url = await serve((_, response) => {
      const timer = setInterval(() => {
        if (response.destroyed) clearInterval(timer);
        else response.write('a');
      }, 5);
    });
    const error = await failure(url, { rateWindow: 60 });
    expect(error.message).toMatch(/: it sent only \d+ bytes in 60 ms\.$/);
    expect(error.again).toBe(true);
  });

  it('bears one that sends 1,000 bytes a second', async () => {
    vi.useFakeTimers();
    /** One that sends `size` bytes every 9.9 s. */
    const fetchOf =
      (size: number): Fetch =>
      async (_, { signal }) => {
        let left = 10;
        const body = new ReadableStream({
          start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)),
          pull: async (controller) => {
            await new Promise((resolve) => setTimeout(resolve, 9900));
            if (signal.aborted) return;
            controller.enqueue(new Uint8Array(size));
            if (--left === 0) controller.close();
          },
        });
        return new Response(body);
      };
    const enough = download('https://a.example/', 'file', 200_000, {}, { fetch: fetchOf(10_000) });
    const little = download('https://a.example/', 'file', 200_000, {}, { fetch: fetchOf(9999) });
    const refused = expect(little).rejects.toThrow('it sent only 29,997 bytes in 30,000 ms.');
    await vi.advanceTimersByTimeAsync(99_001);
    expect(await enough).toHaveLength(100_000);
    await refused;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('cancelling', () => {
  const reason = new Error('enough');
  it.each([
    ['before it begins', 0],
    ['before the answer', 1],
    ['midway', 2],
  ])('%s ends it at once, with the reason given', async (_, when) => {
    const stop = new AbortController();
    const stopAt = (step: number): void => {
      if (step === when) stop.abort(reason);
    };
    stopAt(0);
    let closed = Promise.resolve();
    const url = await serve((request, response) => {
      closed = new Promise((resolve) => request.socket.on('close', () => resolve()));
      stopAt(1);
      if (when === 2) response.writeHead(200, { 'content-length': 1000 }).write(FILE.subarray(0, 500));
    });
    const onProgress = (progress: DataProgress): void => {
      if (progress.kind === 'download' && progress.received > 0) stopAt(2);
    };
    await expect(get(url, { signal: stop.signal, onProgress })).rejects.toBe(reason);
    await closed;
  });
});

describe('the length', () => {
  it('announced larger than what comes is a broken connection', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 1500 });
      response.write(FILE, () => response.destroy());
    });
    const error = await failure(url);
    expect(error.message).toMatch(/after 1,000 of 1,500 bytes\.$/);
    expect(error.again).toBe(true);
  });

  it('announced smaller cuts off what follows', async () => {
    const url = await serveRaw((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n');
        socket.write(FILE);
      });
    });
    expect(await get(url)).toEqual(FILE.subarray(0, 400));
  });

  it('announced above what the file can have is refused before a byte is read', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'content-length': 2001 }).flushHeaders());
    const error = await failure(url);
    expect(error.message).toBe(`${url}: it announces 2,001 bytes, more than the 2,000 bytes that the file can have.`);
    expect(error.again).toBe(false);
  });

  it('not announced is bounded all the same', async () => {
    const url = await serve((_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(FILE, more);
      };
      more();
    });
    const error = await failure(url);
    expect(error.message).toBe(`${url}: it sends more than the 2,000 bytes that the file can have.`);
    expect(error.again).toBe(false);
    expect(await get(await serve((_, response) => response.write(FILE, () => response.end())))).toEqual(FILE);
  });

  it('is that of the packed bytes where a server packs them unasked', async () => {
    const packed = gzipSync(FILE);
    const headers = { 'content-encoding': 'gzip', 'content-length': packed.length };
    expect(await get(await serve((_, response) => response.writeHead(200, headers).end(packed)))).toEqual(FILE);
    const bomb = gzipSync(new Uint8Array(10_000_000));
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    expect((await failure(url)).message).toContain('it sends more than the 2,000 bytes');
  });
});

describe('redirects', () => {
  const redirect = (location: string | undefined, status = 302) =>
    serve((_, response) => response.writeHead(status, location === undefined ? {} : { location }).end());

  it.each([301, 302, 303, 307, 308])('are followed (%i)', async (status) => {
    const end = await serve(fileAnswer(FILE, '"a"'));
    expect(await get(await redirect(`${end}there`, status))).toEqual(FILE);
  });

  it('are followed five times, and no more', async () => {
    let left = 5;
    const url = await serve((_, response) => {
      if (left-- > 0) response.writeHead(302, { location: '/again' }).end();
      else response.end(FILE);
    });
    expect(await get(url)).toEqual(FILE);
    left = 6;
    expect((await failure(url)).message).toBe(`${url}: it redirects more than 5 times.`);
  });

  it.each([
    ['file:///etc/hosts', 'it redirects to file:, and only https: and http: are followed'],
    ['ftp://a.example/', 'it redirects to ftp:, and only https: and http: are followed'],
    ['data:,x', 'it redirects to data:, and only https: and http: are followed'],
    ['http://[', 'it redirects without saying where'],
    [undefined, 'it redirects without saying where'],
  ])('to %s are refused', async (location, why) => {
    const url = await redirect(location);
    const error = await failure(url);
    expect([error.message, error.again]).toEqual([`${url}: ${why}.`, false]);
  });

  it('from https to http are refused', async () => {
    const plain = await serve(fileAnswer(FILE, '"a"'));
    const answer = new Response(null, { status: 302, headers: { location: plain } });
    const attempt = download('https://a.example/', 'file', 2000, {}, { fetch: async () => answer });
    await expect(attempt).rejects.toThrow(
      'https://a.example/: it redirects from https to http, where anyone could change what is sent.',
    );
  });

  it('are left to a browser, which does not show them', async () => {
    const asked: string[] = [];
    const fetch = async (_: string, { redirect }: { redirect: string }): Promise<Response> => {
      asked.push(redirect);
      if (redirect === 'follow') return new Response(FILE);
      return Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' });
    };
    expect(await download('https://a.example/', 'file', 2000, {}, { fetch })).toEqual(FILE);
    expect(asked).toEqual(['manual', 'follow']);
  });
});

describe('refusals', () => {
  it.each([
    [404, {}, false, 0],
    [403, {}, false, 0],
    [410, {}, false, 0],
    [204, {}, false, 0],
    [206, {}, false, 0],
    [500, {}, true, 0],
    [503, { 'retry-after': '7' }, true, 7000],
    [429, { 'retry-after': '120' }, true, 120_000],
    [429, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, true, 0],
    [429, { 'retry-after': 'soon' }, true, 0],
    [408, {}, true, 0],
  ])('%i %o: another try is %s, after %i ms', async (status, headers, again, retryAfter) => {
    const url = await serve((_, response) => response.writeHead(status, headers).end());
    const error = await failure(url);
    expect([error.again, error.retryAfter]).toEqual([again, retryAfter]);
    expect(error.message).toMatch(status === 206 ? /a part where the whole was asked for/ : `answered ${status} `);
  });

  it('say when the date of Retry-After is', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const url = await serve((_, response) => response.writeHead(503, { 'retry-after': date }).end());
    const { retryAfter } = await failure(url);
    expect(retryAfter).toBeGreaterThan(50_000);
    expect(retryAfter).toBeLessThanOrEqual(60_000);
  });
});

describe('plain words', () => {
  it.each([
    ['ENOTFOUND', 'its name is not known (getaddrinfo ENOTFOUND)', /no network/, true],
    ['EAI_AGAIN', 'its name could not be looked up (getaddrinfo EAI_AGAIN)', /no network/, true],
    ['ENETUNREACH', 'the network cannot be reached (getaddrinfo ENETUNREACH)', /no network/, true],
    ['ECONNRESET', 'the connection was broken off (getaddrinfo ECONNRESET)', undefined, true],
    ['CERT_HAS_EXPIRED', 'its certificate is not trusted (getaddrinfo CERT_HAS_EXPIRED)', /clock/, false],
    ['EPROTO', 'what answers does not speak TLS (getaddrinfo EPROTO)', /certificate/, true],
    ['E_OTHER', 'getaddrinfo E_OTHER', undefined, true],
  ])('for %s', async (code, why, hint, again) => {
    const cause = Object.assign(new Error(`getaddrinfo ${code}.\nand more`), { code });
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause: new AggregateError([cause]) }));
    const error: unknown = await download('https://a.example/', 'file', 1, {}, { fetch }).catch((e: unknown) => e);
    if (!(error instanceof DownloadFailure)) throw error;
    expect([error.message, error.again]).toEqual([`https://a.example/: ${why}.`, again]);
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toMatch(hint);
  });

  it('for a server that is not there', async () => {
    const error = await failure(await nowhere());
    expect(error.message).toMatch(/the connection was refused \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)\.$/);
    expect(error.hint).toContain('There seems to be no network');
  });

  it('for a certificate that nobody vouches for', async () => {
    const error = await failure(await serveSecure(fileAnswer(FILE, '"a"')));
    expect(error.message).toMatch(/: its certificate is not trusted \(.*self-signed certificate.*\)\.$/);
    expect([error.again, error.hint]).toEqual([false, expect.stringContaining('NODE_EXTRA_CA_CERTS')]);
  });

  it('for what is not even an answer', async () => {
    const url = await serveRaw((socket) => socket.end('SSH-2.0-server\r\n'));
    expect((await failure(url)).again).toBe(true);
    expect((await failure(await serveRaw((socket) => socket.destroy()))).message).toMatch(/broken off|closed/);
  });
});
