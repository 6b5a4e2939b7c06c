import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../../src/data/dataset.js';
import { loadEntry, type LoadOptions } from '../../src/data/load.node.js';
import { partialFile } from '../../src/data/partial.node.js';
import { IMAGES, served, tiny } from './dataset.js';
import { closeServers, fileAnswer, serve, serveProxy } from './servers.js';

let cacheDir: string;
let notes: string[];
/** What was asked for the images: the range, or undefined for the whole. */
let ranges: (string | undefined)[];

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'cifra-resume-'));
  [notes, ranges, cut] = [[], [], () => undefined];
  vi.stubEnv('CIFRA_DATA_DIR', '');
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeServers();
  await rm(cacheDir, { recursive: true, force: true });
});

const images = served[IMAGES]!;
const half = Math.floor(images.length / 2);
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A mirror; the requests for the images are answered by `answers`, in turn, and then as a file server does. */
function mirror(...answers: Answer[]): Promise<string> {
  return serve((request, response) => {
    const bytes = served[request.url!];
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    const isImages = request.url === IMAGES;
    if (isImages) ranges.push(request.headers.range);
    const answer = (isImages ? answers.shift() : undefined) ?? fileAnswer(bytes, '"1"');
    answer(request, response);
  });
}

/** Ends the connection once half of the images have come. */
let cut: () => void;
const halfOf = (bytes: Uint8Array, headers: Record<string, string | number>): Answer => {
  return (_, response) => {
    response.writeHead(200, headers).write(bytes.subarray(0, half));
    cut = () => response.destroy();
  };
};
const cutOff = halfOf(images, { etag: '"1"', 'content-length': images.length });
const part = (from: number, total: number | string, bytes: Uint8Array, etag = '"1"'): Answer => {
  const range = `bytes ${from}-${from + bytes.length - 1}/${total}`;
  return (_, response) => response.writeHead(206, { etag, 'content-range': range }).end(bytes);
};

function load(mirrors: readonly string[], options: LoadOptions = {}): Promise<Dataset> {
  const onProgress: LoadOptions['onProgress'] = (event) => {
    if (event.kind === 'note') notes.push(event.message);
    if (event.kind === 'download' && event.received > 0) cut();
    options.onProgress?.(event);
  };
  return loadEntry(tiny(mirrors), { cacheDir, pauses: [], ...options, onProgress });
}

const kept = async (): Promise<string[]> => (await readdir(join(cacheDir, 'mnist'))).sort();
const fileList = Object.keys(served)
  .map((path) => path.slice(1))
  .sort();

/** Breaks off a load midway; then the second half of the images is wanted. */
async function breakOff(url: string): Promise<void> {
  await expect(load([url])).rejects.toThrow(/after [\d,]+ of [\d,]+ bytes/);
  expect(await kept()).toEqual([expect.stringMatching(/^train-images-idx3-ubyte\.gz\.[0-9a-f]{8}\.part$/)]);
}

describe('a download that broke off', () => {
  it('goes on where it was, in a retry', async () => {
    const url = await mirror(cutOff, (_, response) => response.writeHead(502).end());
    const dataset = await load([url], { pauses: [1, 1] });
    expect(dataset.source).toBe(`downloaded from ${url}`);
    expect(ranges).toEqual([undefined, `bytes=${half}-`, `bytes=${half}-`]);
    expect(await kept()).toEqual(fileList);
  });

  it('goes on where it was, in a later load, and says how much was there', async () => {
    const url = await mirror(cutOff);
    await breakOff(url);
    const first: number[] = [];
    await load([url], {
      onProgress: (event) =>
        event.kind === 'download' && event.url === `${url}${IMAGES.slice(1)}` && first.push(event.received),
    });
    expect(ranges).toEqual([undefined, `bytes=${half}-`]);
    expect([first[0], first.at(-1)]).toEqual([half, images.length]);
    expect(await kept()).toEqual(fileList);
    expect((await readFile(join(cacheDir, 'mnist', IMAGES))).equals(images)).toBe(true);
  });

  it('goes on by its date where the server has no strong ETag', async () => {
    const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
    const headers = { etag: 'W/"1"', 'last-modified': date };
    let condition: string | undefined;
    const url = await mirror(halfOf(images, { ...headers, 'content-length': images.length }), (request, response) => {
      condition = request.headers['if-range'] as string | undefined;
      const range = `bytes ${half}-${images.length - 1}/${images.length}`;
      response.writeHead(206, { ...headers, 'content-range': range }).end(images.subarray(half));
    });
    await breakOff(url);
    await load([url]);
    expect(condition).toBe(date);
  });

  it('begins anew at another mirror, whose file is not known to be the same', async () => {
    const other = await mirror();
    await breakOff(await mirror(cutOff));
    await load([other]);
    expect(ranges).toEqual([undefined, undefined]);
    expect(await kept()).toEqual(fileList);
  });

  it('is not kept where the server names neither ETag nor date, or packs the bytes', async () => {
    for (const answer of [
      halfOf(images, { 'content-length': images.length }),
      halfOf(gzipSync(images), { etag: '"1"', 'content-encoding': 'gzip' }),
    ]) {
      await expect(load([await mirror(answer)])).rejects.toMatchObject({ code: 'download-failed' });
      expect(await kept()).toEqual([]);
    }
  });

  const rest = images.subarray(half);
  it.each<[string, Answer, number]>([
    ['the file has changed', fileAnswer(images, '"2"'), 2],
    ['the server knows no ranges', (_, response) => response.writeHead(200, { etag: '"1"' }).end(images), 2],
    ['the range begins elsewhere', part(half + 1, images.length, images.subarray(half + 1)), 3],
    ['the range ends too early', part(half, images.length, rest.subarray(0, 10)), 3],
    ['the size is another', part(half, images.length + 5, Buffer.concat([rest, Buffer.alloc(5)])), 3],
    ['the part is of another file', part(half, images.length, rest, '"2"'), 3],
    ['the range is not said', (_, response) => response.writeHead(206, { etag: '"1"' }).end(rest), 3],
    ['the range is nonsense', (_, response) => response.writeHead(206, { 'content-range': 'bytes' }).end(rest), 3],
    ['the server has less', (_, response) => response.writeHead(416).end(), 3],
  ])('begins anew where %s', async (_, answer, requests) => {
    const url = await mirror(cutOff, answer);
    await breakOff(url);
    await load([url]);
    expect(ranges).toEqual([undefined, `bytes=${half}-`, undefined].slice(0, requests));
    expect(notes.filter((note) => note.includes('once again'))).toEqual([]);
    expect(await kept()).toEqual(fileList);
  });

  it('is found out by the checksum where a server lies about its part', async () => {
    const url = await mirror(cutOff, part(half, images.length, Buffer.alloc(rest.length, 1)));
    await breakOff(url);
    await load([url]);
    expect(ranges).toEqual([undefined, `bytes=${half}-`, undefined]);
    expect(notes.at(-1)).toMatch(/It is downloaded once again\.$/);
    expect(await kept()).toEqual(fileList);
  });

  it('stays for the next time where the server has no time', async () => {
    const url = await mirror(cutOff, (_, response) => response.writeHead(503).end());
    await breakOff(url);
    await expect(load([url])).rejects.toThrow('the server answered 503');
    await load([url]);
    expect(ranges.slice(1)).toEqual([`bytes=${half}-`, `bytes=${half}-`]);
  });
});

describe('what was kept', () => {
  /** Writes the part of the images that the mirror's would be. */
  async function keep(url: string, content: (url: string) => string | Uint8Array): Promise<void> {
    const address = `${url}${IMAGES.slice(1)}`;
    const name = createHash('sha256').update(address).digest('hex').slice(0, 8);
    await mkdir(join(cacheDir, 'mnist'), { recursive: true });
    await writeFile(join(cacheDir, 'mnist', `${IMAGES}.${name}.part`), content(address));
  }
  const header = (url: string, rest: object): string => `${JSON.stringify({ url, validator: '"1"', ...rest })}\n`;

  it('is not asked for again where it is whole', async () => {
    const url = await mirror();
    await keep(url, (of) => Buffer.concat([Buffer.from(header(of, { total: images.length })), images]));
    await load([url]);
    expect(ranges).toEqual([]);
    expect(await kept()).toEqual(fileList);
  });

  it.each<[string, (url: string) => string | Uint8Array]>([
    ['empty', () => ''],
    ['of another url', () => `${header('http://a.example/', {})}abc`],
    ['without bytes', (url) => header(url, {})],
    ['longer than the file', (url) => `${header(url, { total: 2 })}abc`],
    ['of a size that is none', (url) => `${header(url, { total: 'all' })}abc`],
    ['without a validator', (url) => `${header(url, { validator: 1 })}abc`],
    ['not JSON', () => '{"url\nabc'],
    ['not an object', () => 'null\nabc'],
    ['without an end of the first line', () => 'a'.repeat(5000)],
    ['larger than any', () => new Uint8Array(100_000)],
  ])('is not used where it is %s', async (_, content) => {
    const url = await mirror();
    await keep(url, content);
    await load([url]);
    expect(ranges).toEqual([undefined]);
    expect(await kept()).toEqual(fileList);
  });

  it('is damaged, and the checksum finds out', async () => {
    const url = await mirror();
    await keep(url, (of) => Buffer.concat([Buffer.from(header(of, { total: images.length })), Buffer.alloc(half)]));
    await load([url]);
    expect(ranges).toEqual([`bytes=${half}-`, undefined]);
    expect(await kept()).toEqual(fileList);
  });

  it('cannot be kept, and the download goes on without', async () => {
    const nowhere = partialFile(join(cacheDir, 'none', 'part'), 'http://a.example/');
    expect(await nowhere.read(100)).toBeUndefined();
    await nowhere.begin('"1"', 10, undefined);
    await nowhere.append(new Uint8Array(3));
    await nowhere.close();
    await nowhere.discard();
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('is swept when the file has come, also what a killed process was writing', async () => {
    const url = await mirror();
    await keep('http://another.example/', () => 'abc');
    await writeFile(join(cacheDir, 'mnist', `${IMAGES}.0b5c-uuid.part`), 'abc');
    await load([url]);
    expect(await kept()).toEqual(fileList);
  });
});

describe('a file that is not the right one', () => {
  const wrong: Answer = (_, response) => {
    const bytes = gzipSync(Buffer.from('\0\0\x08\x03\0\0\0\x01\0\0\0\x1c\0\0\0\x1c'.padEnd(16 + 784, 'a'), 'latin1'));
    response.writeHead(200, { etag: '"1"' }).end(bytes);
  };

  it('is downloaded once again', async () => {
    await load([await mirror(wrong)]);
    expect(ranges).toEqual([undefined, undefined]);
    expect(notes).toEqual([expect.stringMatching(/SHA-256 .* was expected\. It is downloaded once again\.$/)]);
    expect(await kept()).toEqual(fileList);
  });

  it('is named when it is wrong again, and not asked for any more', async () => {
    const url = await mirror(wrong, wrong, wrong, wrong);
    await expect(load([url], { pauses: [1, 1] })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/^mnist could not be downloaded\. http.*is not mnist's train-images.*SHA-256/),
    });
    expect(ranges).toEqual([undefined, undefined]);
    expect(await kept()).toEqual([]);
    expect((await load([url, await mirror()])).train.labels).toHaveLength(20);
  });
});

describe('the mirrors', () => {
  it('are asked again after a pause, which is said', async () => {
    const busy: Answer = (_, response) => response.writeHead(500).end();
    await load([await mirror(busy, busy)], { pauses: [1, 2, 3] });
    expect(notes).toEqual([
      expect.stringMatching(/^Mirror failed: .* the server answered 500 Internal Server Error\.$/),
      'Trying again in 0.001 s.',
      'Trying again in 0.002 s.',
    ]);
  });

  it('may be asked by way of a proxy that the environment names', async () => {
    const proxy = await serveProxy(() => undefined);
    vi.stubEnv('HTTP_PROXY', `http://${proxy.host}`);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    await load([await mirror()]);
    expect(proxy.asked).toHaveLength(4);
  });

  it('leave nothing half-written when the load is cancelled', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const url = await mirror((_, response) => {
      response.writeHead(200, { 'content-length': images.length }).write(images.subarray(0, half));
    });
    const onProgress: LoadOptions['onProgress'] = (event) => {
      if (event.kind === 'download' && event.received > 0) stop.abort(reason);
    };
    await expect(load([url], { signal: stop.signal, onProgress })).rejects.toBe(reason);
    expect(await kept()).toEqual([]);
  });
});
