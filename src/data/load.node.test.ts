import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tinyContents as contents, tinyEntry as tiny } from '../../tests/data/tinyDataset.js';
import { type DatasetEntry, fileNames, fileRoles, type FileRole } from './dataset.js';
import type { DataProgress } from './download.js';
import { encodeIdxLabels } from './idx.js';
import { loadDataset, loadEntry as load, type LoadOptions } from './load.node.js';
import { resolveAuto, resolveDataset } from './resolve.node.js';

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Each mirror is asked once. */
const loadEntry = (entry: DatasetEntry, options: LoadOptions) => load(entry, { pauses: [], ...options });

let folder: string;
let cacheDir: string;
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cifra-data-'));
  cacheDir = join(folder, 'cache');
  vi.stubEnv('CIFRA_DATA_DIR', '');
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']) vi.stubEnv(name, '');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true, force: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A mirror that serves the four files, or what `change` makes of them. */
function mirror(asked: string[] = [], change = (bytes: Buffer): Buffer => bytes): Promise<string> {
  return serve((request, response) => {
    asked.push(request.url!);
    const role = fileRoles.find((candidate) => request.url === `/${fileNames[candidate]}.gz`);
    if (role === undefined) response.writeHead(404).end();
    else response.end(change(gzipSync(contents[role])));
  });
}

const notFound: RequestListener = (_, response) => void response.writeHead(403).end('no');

/** The address of a server that is gone. */
async function nowhere(): Promise<string> {
  const url = await serve(notFound);
  await new Promise((resolve) => servers.pop()!.close(resolve));
  return url;
}

async function write(dir: string, names: Partial<Record<FileRole, string>>): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const role of fileRoles) {
    const name = names[role];
    if (name === undefined) continue;
    await writeFile(join(dir, name), name.endsWith('.gz') ? gzipSync(contents[role]) : contents[role]);
  }
}

const packedNames = {
  trainImages: 'train-images-idx3-ubyte.gz',
  trainLabels: 'train-labels-idx1-ubyte.gz',
  testImages: 't10k-images-idx3-ubyte.gz',
  testLabels: 't10k-labels-idx1-ubyte.gz',
};

describe('a given folder', () => {
  it.each([
    ['raw files', '.', fileNames],
    ['.gz files', '.', packedNames],
    ['a sub-folder of the name', 'mnist', packedNames],
    ["torchvision's sub-folder", 'MNIST/raw', fileNames],
    [
      'names with a dot, mixed',
      '.',
      { ...packedNames, trainImages: 'train-images.idx3-ubyte', testLabels: 't10k-labels.idx1-ubyte.gz' },
    ],
  ])('may hold %s', async (_, sub, names) => {
    const dir = join(folder, 'data');
    await write(join(dir, sub), names);
    const dataset = await loadEntry(tiny([]), { dataDir: dir, cacheDir });
    expect(dataset.train.images.shape).toEqual([5, 28, 28, 1]);
    expect(Buffer.from(dataset.train.images.data).equals(contents.trainImages.subarray(16))).toBe(true);
    expect([...dataset.train.labels]).toEqual([5, 0, 4, 1, 9]);
    expect(dataset.test.images.shape).toEqual([3, 28, 28, 1]);
    expect([...dataset.test.labels]).toEqual([7, 2, 1]);
    expect(dataset.source).toBe(`the folder ${join(dir, sub)}`);
    expect(dataset.sha256[fileNames.testLabels]).toBe(sha256(contents.testLabels));
    const listing = fileRoles.map((role) => `${sha256(contents[role])}  ${fileNames[role]}\n`).join('');
    expect(dataset.hash).toBe(sha256(listing));
  });

  it('may be named by the environment', async () => {
    await write(folder, packedNames);
    vi.stubEnv('CIFRA_DATA_DIR', folder);
    expect((await loadEntry(tiny([]), { cacheDir })).source).toBe(`the folder ${folder}`);
  });

  it('is not passed over where it does not exist', async () => {
    const dir = join(folder, 'none');
    await expect(loadEntry(tiny([await mirror()]), { dataDir: dir, cacheDir })).rejects.toMatchObject({
      code: 'data-folder',
      message: expect.stringContaining(
        `${dir} is not a folder: nothing of that name is to be found; it was given as the folder with mnist.`,
      ),
      remedy: expect.stringContaining(
        'Give the folder that holds train-images-idx3-ubyte.gz and the other three files',
      ),
    });
  });

  it('is refused where files are missing, and they are named', async () => {
    await write(folder, { trainImages: packedNames.trainImages, testLabels: fileNames.testLabels });
    await mkdir(join(folder, 't10k-images-idx3-ubyte'));
    await expect(loadEntry(tiny(['http://a.example/']), { dataDir: folder, cacheDir })).rejects.toMatchObject({
      code: 'data-files-missing',
      message: expect.stringContaining(
        `${folder}, given as the folder with mnist, does not hold it: ${folder} lacks train-labels-idx1-ubyte, t10k-images-idx3-ubyte (each raw or .gz), nor is there mnist.npz.`,
      ),
      remedy: 'Put the four files there (from http://a.example/), or give no folder to have them downloaded.',
    });
  });

  it('is refused where a file is not the published one, with both hashes', async () => {
    await write(folder, packedNames);
    const changed = contents.testLabels.slice();
    changed[8] = 3;
    const path = join(folder, packedNames.testLabels);
    await writeFile(path, gzipSync(changed));
    await expect(loadEntry(tiny([]), { dataDir: folder, cacheDir })).rejects.toMatchObject({
      code: 'data-checksum',
      message: expect.stringContaining(
        `${path} is not mnist's t10k-labels-idx1-ubyte: the SHA-256 of its contents is ${sha256(changed)}, and ${sha256(contents.testLabels)} was expected.`,
      ),
    });
  });

  it('is refused where a file is something else, in the words of its reader', async () => {
    await write(folder, fileNames);
    const path = join(folder, fileNames.trainImages);
    await writeFile(path, '<html>');
    await expect(loadEntry(tiny([]), { dataDir: folder, cacheDir })).rejects.toThrow(
      `${path} is not an IDX file of images: it begins with "<" like a web page`,
    );
    await writeFile(path, new Uint8Array(20_000));
    await expect(loadEntry(tiny([]), { dataDir: folder, cacheDir })).rejects.toMatchObject({ code: 'data-too-large' });
  });
});

describe('limit', () => {
  beforeEach(() => write(folder, fileNames));

  it('takes the first images of both parts, or of each its own number', async () => {
    const both = await loadEntry(tiny([]), { dataDir: folder, limit: 4 });
    expect([both.train.labels.length, both.test.labels.length]).toEqual([4, 3]);
    expect(both.train.images.shape).toEqual([4, 28, 28, 1]);
    const each = await loadEntry(tiny([]), { dataDir: folder, limit: { train: 2 } });
    expect([...each.train.labels, ...each.test.labels]).toEqual([5, 0, 7, 2, 1]);
    expect(each.hash).toBe(both.hash);
  });

  it.each([0, -1, 1.5, NaN])('refuses %d', async (limit) => {
    await expect(loadEntry(tiny([]), { dataDir: folder, limit })).rejects.toThrow(
      `The number of images to take was given as ${limit}.\n  Give a whole number of at least 1`,
    );
  });
});

describe('the cache and the mirrors', () => {
  it('downloads once, with progress, and then reads the cache', async () => {
    const asked: string[] = [];
    const url = await mirror(asked);
    const progress: DataProgress[] = [];
    const first = await loadEntry(tiny([url]), { cacheDir, onProgress: (event) => progress.push(event) });
    expect(first.source).toBe(`downloaded from ${url}`);
    expect(asked).toEqual(fileRoles.map((role) => `/${fileNames[role]}.gz`));
    const ofImages = progress.filter((event) => event.kind === 'download' && event.file === packedNames.trainImages);
    const total = gzipSync(contents.trainImages).length;
    expect(ofImages[0]).toMatchObject({ url: `${url}${packedNames.trainImages}`, received: 0, total });
    expect(ofImages.at(-1)).toMatchObject({ received: total, total });

    const second = await loadEntry(tiny(['http://a.example/']), { cacheDir, download: false });
    expect(second.source).toBe(`the cache ${join(cacheDir, 'mnist')}`);
    expect(second.train).toEqual(first.train);
    expect((await readdir(join(cacheDir, 'mnist'))).sort()).toEqual(Object.values(packedNames).sort());
  });

  it('asks the next mirror when one fails, and stays with it', async () => {
    const asked: string[] = [];
    const good = await mirror(asked);
    const refused: string[] = [];
    const bad = await serve((request, response) => {
      refused.push(request.url!);
      notFound(request, response);
    });
    const notes: string[] = [];
    const dataset = await loadEntry(tiny([bad, good]), {
      cacheDir,
      onProgress: (event) => event.kind === 'note' && notes.push(event.message),
    });
    expect(dataset.source).toBe(`downloaded from ${good}`);
    expect(notes).toEqual([`Mirror failed: ${bad}${packedNames.trainImages}: the server answered 403 Forbidden.`]);
    expect([refused.length, asked.length]).toEqual([1, 4]);
  });

  it.each([
    ['other contents', (): Buffer => gzipSync(contents.testImages), /SHA-256|idx|is not an IDX/],
    ['a web page', (): Buffer => Buffer.from('<html>sign in</html>'), /begins with "<" like a web page/],
    ['half a file', (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2), /damaged|says it holds/],
    [
      'far too much',
      (): Buffer => Buffer.alloc(100_000),
      /it announces 100,000 bytes, more than the 8,\d+ bytes that the file can have/,
    ],
    ['nothing', (): Buffer => Buffer.alloc(0), /it has only 0 bytes/],
  ])('refuses a mirror that serves %s, and keeps nothing of it', async (_, change, reason) => {
    const bad = await mirror([], change);
    const failure = loadEntry(tiny([bad]), { cacheDir });
    await expect(failure).rejects.toMatchObject({ code: 'download-failed', message: expect.stringMatching(reason) });
    expect(await readdir(join(cacheDir, 'mnist'))).toEqual([]);

    expect((await loadEntry(tiny([bad, await mirror()]), { cacheDir })).train.labels).toHaveLength(5);
  });

  it('refuses a connection that ends early', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('part', () => response.destroy());
    });
    await expect(loadEntry(tiny([url]), { cacheDir })).rejects.toMatchObject({ code: 'download-failed' });
  });

  it('gives up on a server that does not answer', async () => {
    const silent = await serve(() => undefined);
    await expect(loadEntry(tiny([silent]), { cacheDir, connectTimeout: 40 })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('no answer within 40 ms.'),
    });
  });

  it('gives up on a server that stops sending', async () => {
    const stalling = await serve((_, response) => response.writeHead(200, { 'content-length': 1000 }).write('part'));
    await expect(loadEntry(tiny([stalling]), { cacheDir, idleTimeout: 40 })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('no more data within 40 ms.'),
    });
  });

  it('names every mirror and the ways out when there is no network', async () => {
    const [first, second] = [await nowhere(), await nowhere()];
    await expect(loadEntry(tiny([first, second]), { cacheDir })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(
        new RegExp(
          `^mnist could not be downloaded\\. ${first}\\S+: the connection was refused \\(connect ECONNREFUSED .*${second}\\S+: the connection was refused`,
        ),
      ),
      remedy: expect.stringContaining('give their folder (--data-dir or CIFRA_DATA_DIR)'),
    });
  });

  it('replaces a damaged file of the cache, and says so', async () => {
    const asked: string[] = [];
    const entry = tiny([await mirror(asked)]);
    await write(join(cacheDir, 'mnist'), { ...packedNames, testLabels: fileNames.testLabels });
    await writeFile(join(cacheDir, 'mnist', fileNames.testLabels), 'damaged');
    await expect(loadEntry(entry, { cacheDir, download: false })).rejects.toMatchObject({ code: 'idx-magic' });

    const notes: string[] = [];
    await loadEntry(entry, { cacheDir, onProgress: (event) => event.kind === 'note' && notes.push(event.message) });
    expect(asked).toEqual([`/${packedNames.testLabels}`]);
    expect(notes).toEqual([expect.stringMatching(/not an IDX file of labels.*It is downloaded again\.$/)]);
    await loadEntry(entry, { cacheDir, download: false });
  });

  it('says what is missing when it may not download', async () => {
    await expect(loadEntry(tiny([]), { cacheDir, download: false })).rejects.toMatchObject({
      code: 'data-not-found',
      message: expect.stringContaining(join(cacheDir, 'mnist')),
      remedy: expect.stringContaining('--data-dir'),
    });
  });

  it('uses a download that cannot be kept', async () => {
    await writeFile(cacheDir, 'a file where the folder should be');
    const notes: string[] = [];
    const dataset = await loadEntry(tiny([await mirror()]), {
      cacheDir,
      onProgress: (event) => event.kind === 'note' && notes.push(event.message),
    });
    expect(dataset.train.labels).toHaveLength(5);
    expect(notes).toHaveLength(4);
    expect(notes[0]).toContain('could not be kept for the next time');
  });

  it('stops when it is told to, with the reason given', async () => {
    const reason = new Error('enough');
    const stop = new AbortController();
    const url = await serve(() => stop.abort(reason));
    await expect(loadEntry(tiny([url, await mirror()]), { cacheDir, signal: stop.signal })).rejects.toBe(reason);
    await expect(resolveAuto(tiny([url]), { cacheDir, signal: stop.signal })).rejects.toBe(reason);
  });
});

describe('resolveDataset', () => {
  it('takes the given folder without a word', async () => {
    await write(folder, fileNames);
    const { dataset, notice } = await resolveAuto(tiny([]), { dataDir: folder, cacheDir });
    expect([dataset.source, notice]).toEqual([`the folder ${folder}`, undefined]);
  });

  it('says why a given folder was not used, also where the data come from elsewhere', async () => {
    const url = await mirror();
    const dir = join(folder, 'none');
    const { dataset, notice } = await resolveAuto(tiny([url]), { dataDir: dir, cacheDir });
    expect(dataset.name).toBe('mnist');
    expect(notice).toMatch(/^The given folder was not used: .*none is not a folder.* another place: downloaded from/);
  });

  it('falls back to the synthetic digits and says so', async () => {
    const url = await nowhere();
    const dir = join(folder, 'none');
    const progress: DataProgress[] = [];
    const { dataset, notice } = await resolveAuto(tiny([url]), {
      dataDir: dir,
      cacheDir,
      limit: { train: 12, test: 3 },
      onProgress: (event) => progress.push(event),
    });
    expect(dataset.name).toBe('synthetic');
    expect(dataset.train.images.shape).toEqual([12, 28, 28, 1]);
    expect(dataset.test.images.shape).toEqual([3, 28, 28, 1]);
    expect(notice).toMatch(
      /^MNIST could not be had, so these are Cifra's synthetic digits, and no figure here is one of MNIST's\. Why: .*none is not a folder.*mnist could not be downloaded\. .*ECONNREFUSED/,
    );
    expect(progress.at(-1)).toEqual({ kind: 'generate', done: 15, total: 15 });
  });

  it('gives the same synthetic digits each time, and test images that do not depend on the limit', async () => {
    const { dataset: a, notice } = await resolveDataset('synthetic', { limit: { train: 4, test: 2 } });
    const { dataset: b } = await resolveDataset('synthetic', { limit: { train: 4, test: 2 } });
    const { dataset: c } = await resolveDataset('synthetic', { limit: { train: 2, test: 2 }, syntheticSeed: 0 });
    const { dataset: d } = await resolveDataset('synthetic', { limit: { train: 4, test: 2 }, syntheticSeed: 1 });
    expect(notice).toBeUndefined();
    expect(a).toEqual(b);
    expect(a.test).toEqual(c.test);
    expect(a.train.images.data.subarray(0, 2 * 784)).toEqual(c.train.images.data);
    expect(new Set([a.hash, c.hash, d.hash]).size).toBe(3);
    expect(a.sha256[fileNames.trainLabels]).toBe(sha256(encodeIdxLabels(a.train.labels)));
  });

  it('refuses a limit or a name it does not know, rather than to fall back', async () => {
    await expect(resolveAuto(tiny([]), { limit: 0 })).rejects.toMatchObject({ code: 'data-limit' });
    const wrong: string = 'fashion-mnits';
    await expect(loadDataset(wrong as 'mnist')).rejects.toThrow(
      'There is no dataset "fashion-mnits"; did you mean "fashion-mnist".\n  Give one of mnist, fashion-mnist.',
    );
    await expect(resolveDataset(wrong as 'mnist')).rejects.toMatchObject({ code: 'dataset-unknown' });
  });

  it('fails with mnist where it cannot be had', async () => {
    await expect(resolveDataset('mnist', { cacheDir, download: false })).rejects.toMatchObject({
      code: 'data-not-found',
    });
  });
});
