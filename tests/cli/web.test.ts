import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage, request, type RequestOptions } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { siteListener } from '../../src/cli/web/answer.js';
import { isolationHeaders, safeHeaders } from '../../src/cli/web/headers.js';
import { close, listen, urlOf } from '../../src/cli/web/listen.js';
import { readSite } from '../../src/cli/web/site.js';
import { cifra, type Result, workFolder } from './command.js';

const folder = workFolder();
const built = join(import.meta.dirname, '../../web/dist');

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** `path` as it stands, which `fetch` would tidy. */
function ask(url: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, agent: false, ...options }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    });
    asked.on('error', reject).end();
  });
}

describe('the server of the page', () => {
  let url: string;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const server = await listen(siteListener(await readSite(), true), { host: '127.0.0.1', firstPort: 7840 });
    url = urlOf(server);
    stop = () => close(server);
  });
  afterAll(() => stop());

  const script = (): string =>
    /src="\.\/(assets\/[^"]+\.js)"/.exec(readFileSync(join(built, 'index.html'), 'utf8'))![1]!;

  it('serves the page and its files with their types, and headers that allow little', async () => {
    const page = await ask(url, '/?view=train');
    expect(page.status).toBe(200);
    expect(page.body).toEqual(readFileSync(join(built, 'index.html')));
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const policy = page.headers['content-security-policy'] as string;
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
    expect(policy).not.toMatch(/'unsafe-eval'|script-src[^;]*unsafe-inline/);
    const js = await ask(url, `/${script()}`);
    expect(js.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-embedder-policy': 'require-corp',
    });
    for (const [path, type] of [
      ['/icon.svg', 'image/svg+xml'],
      ['/icon-192.png', 'image/png'],
      ['/manifest.webmanifest', 'application/manifest+json'],
      ['/serviceWorker.js', 'text/javascript; charset=utf-8'],
    ] as const) {
      const { status, headers } = await ask(url, path);
      expect({ path, status, type: headers['content-type'] }).toEqual({ path, status: 200, type });
      expect(headers['cache-control']).toBe('no-cache');
    }
  });

  it('lets nothing be isolated where that is not wanted', async () => {
    const server = await listen(siteListener(await readSite(), false), { host: '127.0.0.1', firstPort: 7840 });
    const { status, headers } = await ask(urlOf(server), '/');
    await close(server);
    expect(status).toBe(200);
    expect(headers['cross-origin-opener-policy']).toBeUndefined();
    expect(headers['cross-origin-embedder-policy']).toBeUndefined();
    expect(headers['content-security-policy']).toBeDefined();
  });

  it('compresses text for those who take it, and says so', async () => {
    const path = `/${script()}`;
    const plain = await ask(url, path);
    const asked = (encodings: string): Promise<Answer> => ask(url, path, { headers: { 'accept-encoding': encodings } });
    const brotli = await asked('gzip, deflate, br;q=0.9');
    const gzipped = await asked('gzip, br;q=0');
    expect([plain, brotli, gzipped].map(({ headers }) => headers['content-encoding'])).toEqual([
      undefined,
      'br',
      'gzip',
    ]);
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body);
    expect(gunzipSync(gzipped.body)).toEqual(plain.body);
    expect(brotli.body.length).toBeLessThan(plain.body.length / 2);
    expect(Number(brotli.headers['content-length'])).toBe(brotli.body.length);
    expect(brotli.headers.vary).toBe('Accept-Encoding');
    expect(new Set([plain, brotli, gzipped].map(({ headers }) => headers.etag)).size).toBe(3);
    const picture = await ask(url, '/icon-192.png', { headers: { 'accept-encoding': 'br' } });
    expect(picture.headers['content-encoding']).toBeUndefined();
  });

  it('says that what a browser has is still right', async () => {
    const { headers } = await ask(url, '/');
    const again = await ask(url, '/', { headers: { 'if-none-match': `"other", W/${headers.etag}` } });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
    expect((await ask(url, '/', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('answers HEAD as GET, without a body, and nothing else', async () => {
    const get = await ask(url, '/');
    const head = await ask(url, '/', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
      const { status, headers } = await ask(url, '/', { method });
      expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD']);
    }
  });

  it('serves no file but those of the page', async () => {
    for (const path of [
      ...['/nothing', '/assets', '/assets/', '/index.html/', '/_headers', '/.vite/license.md', '//', '/./index.html'],
      ...['/../package.json', '/assets/../../package.json', '/..%2fpackage.json', '/%2e%2e/%2e%2e/package.json'],
      ...['/..%5cpackage.json', '/%252e%252e/package.json', '/index.html%00.js', '//etc/passwd', '/C:/', '/__proto__'],
      ...['/constructor', '/~', '/%7e'],
    ]) {
      const { status, body, headers } = await ask(url, path);
      expect([path, status, body.toString()]).toEqual([path, 404, 'The page has no such file.\n']);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    for (const path of ['/%', '/%ff', '*', '/%e0%a4%a']) {
      expect([path, (await ask(url, path)).status]).toEqual([path, 400]);
    }
    expect((await ask(url, `${url}icon.svg`)).status).toBe(200);
    expect((await ask(url, '/%69con.svg?x=1')).status).toBe(200);
  });

  it('survives a visitor who speaks no HTTP', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.end('what is this\r\n\r\n');
    let said = '';
    for await (const part of socket) said += String(part);
    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expect((await ask(url, '/')).status).toBe(200);
  });

  it('is not there where the page is not built', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'cifra-no-page-'));
    for (const place of [empty, join(empty, 'nowhere')]) {
      await expect(readSite(place)).rejects.toMatchObject({
        code: 'web-not-built',
        message: expect.stringContaining('npm run web:build'),
      });
    }
    await rm(empty, { recursive: true });
  });
});

it('sends the headers that the guide gives', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/hosting.md'), 'utf8');
  const hostFile = readFileSync(join(built, '_headers'), 'utf8');
  for (const [name, value] of Object.entries({ ...safeHeaders, ...isolationHeaders })) {
    expect(guide.replaceAll('"', '')).toContain(`add_header ${name} ${value};`);
    expect(hostFile).toContain(`  ${name}: ${value}\n`);
  }
});

describe('cifra web', () => {
  const running: ChildProcess[] = [];
  afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));

  /** The command, once it serves. */
  async function serving(...words: string[]): Promise<{ url: string; child: ChildProcess; ended: Promise<Result> }> {
    let child!: ChildProcess;
    const ended = cifra(folder, ['web', '--json', ...words], (started) => running.push((child = started)));
    let said = '';
    for await (const part of child.stdout!) {
      said += String(part);
      if (said.includes('\n')) break;
    }
    const { event, url } = JSON.parse(said) as { event: string; url: string };
    expect(event).toBe('web');
    return { url, child, ended };
  }

  it('serves the page until Ctrl-C', async () => {
    const { url, child, ended } = await serving();
    const { status, headers } = await ask(url, '/');
    expect(status).toBe(200);
    expect(headers).toMatchObject(
      Object.fromEntries(Object.entries(safeHeaders).map(([name, value]) => [name.toLowerCase(), value])),
    );
    expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
    // A visitor who stays connected is no reason to stay.
    const visitor = get(url, { agent: false, headers: { connection: 'keep-alive' } }).on('error', () => undefined);
    await once(visitor, 'response');
    child.kill('SIGINT');
    const { status: exit, stderr } = await ended;
    expect(exit).toBe(130);
    expect(stderr).toContain(`The page is at ${url}`);
    expect(stderr).toContain('Interrupted.');
    expect(stderr).not.toContain('    at ');
  });

  it('takes the next port where its own is taken, and none where one was asked for', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refused = await cifra(folder, ['web', '--port', String(port)]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(`Error: Port ${port} of 127.0.0.1 is taken by another program.`);
    expect(refused.stdout).toBe('');
    const next = await listen(() => undefined, { host: '127.0.0.1', firstPort: port });
    expect((next.address() as AddressInfo).port).toBeGreaterThan(port);
    await close(next);
    other.close();
  });

  it('serves without isolation too', async () => {
    const { url, child, ended } = await serving('--isolation', 'no');
    expect((await ask(url, '/')).headers['cross-origin-embedder-policy']).toBeUndefined();
    child.kill('SIGTERM');
    expect((await ended).status).toBe(143);
  });

  it('says which hosts are none', async () => {
    for (const host of ['192.0.2.1', 'no-such-host.invalid']) {
      const { status, stderr } = await cifra(folder, ['web', '--host', host]);
      expect(status).toBe(1);
      expect(stderr).toContain(`Error: ${host} is no address of this machine.\n  Give one with --host`);
    }
  });
});
