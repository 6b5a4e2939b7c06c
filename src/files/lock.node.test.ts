import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type * as fs from 'node:fs/promises';
import { link, mkdtemp, open, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import ts from 'typescript';
import { tryLock } from './lock.node.js';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>();
  return { ...real, open: vi.fn(real.open), link: vi.fn(real.link), writeFile: vi.fn(real.writeFile) };
});
const { writeFile: reallyWrite } = await vi.importActual<typeof fs>('node:fs/promises');

let programs: string;
let program: string;
let folder: string;
let path: string;
const children: ChildProcess[] = [];

/** Takes the lock, says so or who holds it, and stays. */
const CHILD = `
import { tryLock } from './lock.mjs';
process.stdin.once('data', async () => {
  const result = await tryLock(process.argv[2]);
  process.stdout.write('lock' in result ? 'taken\\n' : 'held by ' + result.holder.pid + '\\n');
});
process.stdout.write('ready\\n');
`;

beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), 'cifra-lock-'));
  const source = await readFile(new URL('lock.node.ts', import.meta.url), 'utf8');
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  await writeFile(join(programs, 'lock.mjs'), ts.transpile(source, options));
  program = join(programs, 'child.mjs');
  await writeFile(program, CHILD);
});
afterAll(() => rm(programs, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cifra-lock-'));
  path = join(folder, 'run.lock');
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  await rm(folder, { recursive: true, force: true });
});

/** A process that is ready to take the lock. */
async function begin(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

/** Has the process take the lock. */
async function take(child: ChildProcess): Promise<string> {
  const answer = once(child.stdout!, 'data');
  child.stdin!.write('go');
  return String((await answer)[0]).trim();
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

async function taken(result = tryLock(path)) {
  const found = await result;
  if ('holder' in found) throw new Error(`held by ${found.holder.pid}`);
  return found.lock;
}

async function holder() {
  const found = await tryLock(path);
  if ('lock' in found) throw new Error('taken');
  return found.holder;
}

const content = async (): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;

describe('tryLock', () => {
  it('takes a free lock, and gives it back', async () => {
    const lock = await taken();
    expect(await content()).toMatchObject({ pid: process.pid, host: hostname() });
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await taken()).release();
  });

  it('names the holder, the process itself too', async () => {
    await taken();
    const { since } = await content();
    expect(await holder()).toEqual({ pid: process.pid, host: hostname(), since });
    expect(await readdir(folder)).toEqual(['run.lock']);
  });

  it('does not remove the lock that another has taken since', async () => {
    const first = await taken();
    await first.release();
    const second = await taken();
    await first.release();
    expect((await holder()).pid).toBe(process.pid);

    await writeFile(path, JSON.stringify({ ...(await content()), id: 'another' }));
    await second.release();
    expect(await readdir(folder)).toEqual(['run.lock']);
  });

  it('releases quietly where the folder is gone', async () => {
    const lock = await taken();
    await rm(folder, { recursive: true });
    await lock.release();
    await expect(tryLock(path)).rejects.toThrow('ENOENT');
  });

  it('is held by a process that lives, and taken over once it was killed', async () => {
    const child = await begin();
    expect(await take(child)).toBe('taken');
    expect((await holder()).pid).toBe(child.pid);
    await kill(child);
    await taken();
    expect((await content())['pid']).toBe(process.pid);
    expect(await readdir(folder)).toEqual(['run.lock']);
  });

  it('goes to exactly one of eight processes that find the same stale lock', async () => {
    const dead = await begin();
    await take(dead);
    const eight = await Promise.all(Array.from({ length: 8 }, begin));
    await kill(dead);
    const answers = await Promise.all(eight.map(take));
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
    expect(await content()).toMatchObject({ pid: eight[answers.indexOf('taken')]!.pid });
    expect(await readdir(folder)).toEqual(['run.lock']);
  });

  it('goes to one of many attempts in one process', async () => {
    for (let round = 0; round < 20; round++) {
      await writeFile(path, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since: 'long ago', id: 'gone' }));
      const results = await Promise.all(Array.from({ length: 20 }, () => tryLock(path)));
      const locks = results.flatMap((result) => ('lock' in result ? [result.lock] : []));
      expect(locks).toHaveLength(1);
      await locks[0]!.release();
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('is not kept from taking over by one who died doing so', async () => {
    const gone = { pid: 2 ** 22 + 1, host: hostname(), since: 'long ago' };
    for (const name of ['', '.takeover', '.takeover.takeover']) {
      await writeFile(`${path}${name}`, JSON.stringify({ ...gone, id: name }));
    }
    await taken();
    expect(await readdir(folder)).toEqual(['run.lock']);
  });

  it('leaves a stale lock to one who lives and is taking it over', async () => {
    const gone = { pid: 2 ** 22 + 1, host: hostname(), since: 'long ago', id: 'gone' };
    await writeFile(path, JSON.stringify(gone));
    const other = await tryLock(`${path}.takeover`);
    expect((await holder()).pid).toBe(process.pid);
    expect(await content()).toEqual(gone);
    if ('lock' in other) await other.lock.release();
    await taken();
  });

  it.skipIf(process.platform !== 'linux')('recognizes a process that only has the number of the holder', async () => {
    await taken();
    const mine = await content();
    expect(mine['started']).toMatch(/^\d+ [0-9a-f-]{36}$/);
    await writeFile(path, JSON.stringify({ ...mine, started: `1 ${String(mine['started']).split(' ')[1]}` }));
    await taken();
    // Where it is not known when the holder started, its number must do.
    await writeFile(path, JSON.stringify({ ...mine, started: undefined }));
    expect((await holder()).pid).toBe(process.pid);
  });

  it('never takes over from another machine', async () => {
    const away = { pid: 2 ** 22 + 1, host: 'another.example', since: '2020-01-01T00:00:00.000Z' };
    await writeFile(path, JSON.stringify({ ...away, id: 'away' }));
    await utimes(path, new Date(0), new Date(0));
    expect(await holder()).toEqual(away);
  });

  it.each([
    ['empty', ''],
    ['torn', '{"pid":12,"ho'],
    ['not an object', 'null'],
    ['without a process', '{"pid":0,"host":"a","since":"b","id":"c"}'],
    ['of a negative process', '{"pid":-1,"host":"a","since":"b","id":"c"}'],
    ['without a host', '{"pid":1,"since":"b","id":"c"}'],
    ['endless', ' '.repeat(100_000)],
  ])('waits with one that is %s until it is 10 s old', async (_, text) => {
    await writeFile(path, text);
    const recent = new Date(Date.now() - 5000);
    await utimes(path, recent, recent);
    expect(await holder()).toEqual({ pid: 0, host: '', since: recent.toISOString() });
    await utimes(path, new Date(Date.now() - 11_000), new Date(Date.now() - 11_000));
    await taken();
  });

  const noLinks = () =>
    vi.mocked(link).mockRejectedValueOnce(Object.assign(new Error('EPERM: not permitted'), { code: 'EPERM' }));

  it.each([true, false])('leaves nothing where its content cannot be written (hard links: %s)', async (links) => {
    if (!links) {
      noLinks();
      vi.mocked(writeFile).mockImplementationOnce(reallyWrite);
    }
    vi.mocked(writeFile).mockImplementationOnce(async (file) => {
      await reallyWrite(file, 'ha');
      throw new Error('ENOSPC: no space left on device');
    });
    await expect(tryLock(path)).rejects.toThrow('ENOSPC');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is a lock also where there are no hard links', async () => {
    noLinks();
    await taken();
    noLinks();
    expect((await holder()).pid).toBe(process.pid);
    expect(await readdir(folder)).toEqual(['run.lock']);
  });

  it("leaves another's lock alone where it cannot look at it", async () => {
    await taken();
    vi.mocked(open).mockRejectedValueOnce(Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' }));
    await expect(tryLock(path)).rejects.toThrow('EMFILE');
    expect(await readdir(folder)).toEqual(['run.lock']);
    expect((await holder()).pid).toBe(process.pid);
  });

  it('gives up what was taken over while it was being written', async () => {
    noLinks();
    vi.mocked(writeFile).mockImplementationOnce(reallyWrite);
    vi.mocked(writeFile).mockImplementationOnce(async (...given) => {
      await reallyWrite(...given);
      // As if this process had been stopped for long just now.
      await rm(path);
      await reallyWrite(path, JSON.stringify({ pid: 7, host: 'another.example', since: 'now', id: 'other' }));
    });
    expect(await holder()).toEqual({ pid: 7, host: 'another.example', since: 'now' });
  });
});
