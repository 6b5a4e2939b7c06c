import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadEntry, type LoadOptions } from '../../src/data/load.node.js';
import { compileLoader, IMAGES, served, tiny } from './dataset.js';
import { closeServers, fileAnswer, serve } from './servers.js';

let programs: string;
let program: string;
let cacheDir: string;
let notes: string[];
let asked: string[];
const children: ChildProcess[] = [];

beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), 'cifra-loader-'));
  program = await compileLoader(programs);
});
afterAll(() => rm(programs, { recursive: true, force: true }));

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'cifra-together-'));
  [notes, asked] = [[], []];
  for (const name of ['CIFRA_DATA_DIR', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const child of children.splice(0)) await kill(child);
  await closeServers();
  await rm(cacheDir, { recursive: true, force: true });
});

/** A mirror that answers the first request for the images by half of them, and waits before the rest for `rest`. */
function mirror(rest?: Promise<unknown>): Promise<string> {
  return serve((request, response) => {
    const bytes = served[request.url!]!;
    asked.push(`${request.url}${request.headers.range === undefined ? '' : ` ${request.headers.range}`}`);
    if (request.url !== IMAGES || rest === undefined) {
      fileAnswer(bytes, '"1"')(request, response);
      return;
    }
    response.writeHead(200, { etag: '"1"', 'content-length': bytes.length }).write(bytes.subarray(0, 100));
    void rest.then(() => response.end(bytes.subarray(100)));
    rest = undefined;
  });
}

const load = (url: string, options: LoadOptions = {}) =>
  loadEntry(tiny([url]), {
    cacheDir,
    pauses: [],
    onProgress: (event) => event.kind === 'note' && notes.push(event.message),
    ...options,
  });

type Said = { kind: string; message?: string; received?: number; source?: string };

/** Loads in a process of its own. */
function loadElsewhere(url: string) {
  const child = spawn(process.execPath, [program, JSON.stringify(tiny([url])), JSON.stringify({ cacheDir })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const said: Said[] = [];
  const waiting: { test: (event: Said) => boolean; found: (event: Said) => void }[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const event = JSON.parse(line) as Said;
    said.push(event);
    for (const { test, found } of waiting) if (test(event)) found(event);
  });
  const when = (test: (event: Said) => boolean): Promise<Said> => {
    const before = said.find(test);
    return before ? Promise.resolve(before) : new Promise((found) => waiting.push({ test, found }));
  };
  return { child, said, when };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

const each = Object.keys(served);
const kept = async (): Promise<string[]> => (await readdir(join(cacheDir, 'mnist'))).sort();
const fileList = each.map((path) => path.slice(1)).sort();
const lockPath = (): string => join(cacheDir, 'mnist', `${IMAGES}.lock`);

/** Half of the images have come. */
const isMidway = ({ kind, received }: Said): boolean => kind === 'download' && received! > 0;

describe('several loads at once', () => {
  it('fetch each file once, in one process', async () => {
    let go: (value?: unknown) => void = () => undefined;
    const url = await mirror(new Promise((resolve) => (go = resolve)));
    const loads = Array.from({ length: 3 }, () => load(url));
    await vi.waitFor(() => expect(notes).toHaveLength(2));
    go();
    const datasets = await Promise.all(loads);
    expect(new Set(datasets.map(({ hash }) => hash)).size).toBe(1);
    expect([...asked].sort()).toEqual([...each].sort());
    expect(notes[0]).toBe(
      `Waiting for another load of this program, which is fetching train-images-idx3-ubyte (${lockPath()}).`,
    );
    expect(await kept()).toEqual(fileList);
  });

  it('fetch each file once, in several processes', async () => {
    let go: (value?: unknown) => void = () => undefined;
    const url = await mirror(new Promise((resolve) => (go = resolve)));
    const others = [loadElsewhere(url), loadElsewhere(url), loadElsewhere(url)];
    const isWaiting = ({ kind, message }: Said): boolean =>
      kind === 'note' && message!.startsWith('Waiting for process');
    const states = await Promise.all(others.map(({ when }) => when((event) => isMidway(event) || isWaiting(event))));
    expect(states.filter(isMidway)).toHaveLength(1);
    go();
    await Promise.all(others.map(({ when }) => when(({ kind }) => kind === 'done')));
    expect([...asked].sort()).toEqual([...each].sort());
    expect(await kept()).toEqual(fileList);
  });

  it('go on from where a killed one was', async () => {
    const url = await mirror(new Promise(() => undefined));
    const other = loadElsewhere(url);
    await other.when(isMidway);
    // The event tells of bytes that are on disk.
    await kill(other.child);
    expect(await kept()).toEqual([expect.stringMatching(/\.lock$|\.part$/), expect.stringMatching(/\.lock$|\.part$/)]);
    await load(url);
    expect(asked.slice(0, 2)).toEqual([IMAGES, `${IMAGES} bytes=100-`]);
    expect(notes).toEqual([]);
    expect(await kept()).toEqual(fileList);
  });

  it('use what was fetched before the other was killed', async () => {
    const url = await mirror();
    const other = loadElsewhere(url);
    await other.when(({ kind }) => kind === 'done');
    await writeFile(lockPath(), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since: 'long ago', id: 'gone' }));
    expect((await load(url)).source).toContain('the cache');
    expect(asked).toHaveLength(4);
  });
});

describe('waiting for another process', () => {
  /** As if another machine were fetching the images. */
  async function hold(): Promise<void> {
    await mkdir(join(cacheDir, 'mnist'), { recursive: true });
    const away = { pid: 7, host: 'another.example', since: '2020-01-01T00:00:00.000Z', id: 'away' };
    await writeFile(lockPath(), JSON.stringify(away));
  }

  it('can be cancelled', async () => {
    await hold();
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = (): void => void setTimeout(() => stop.abort(reason), 5);
    await expect(load(await mirror(), { signal: stop.signal, onProgress })).rejects.toBe(reason);
    expect(await kept()).toEqual([`${IMAGES.slice(1)}.lock`]);
  });

  it('has an end, after which the file is fetched all the same', async () => {
    await hold();
    await load(await mirror(), { lockTimeout: 30 });
    const who = `process 7 on another.example (since 2020-01-01T00:00:00.000Z)`;
    expect(notes).toEqual([
      `Waiting for ${who}, which is fetching train-images-idx3-ubyte (${lockPath()}).`,
      `train-images-idx3-ubyte is fetched without waiting any longer for ${who} (${lockPath()}).`,
    ]);
    expect(asked).toHaveLength(4);
    expect(await kept()).toEqual([...fileList, `${IMAGES.slice(1)}.lock`].sort());
  });
});
