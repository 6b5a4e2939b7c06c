import type * as fs from 'node:fs/promises';
import { mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeWhole } from './atomicWrite.node.js';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>();
  return { ...real, open: vi.fn(real.open), rename: vi.fn(real.rename), rm: vi.fn(real.rm) };
});
const { open: realOpen } = await vi.importActual<typeof fs>('node:fs/promises');

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cifra-files-'));
  path = join(folder, 'run.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Makes the next opened file fail at `step`, after half of the bytes where it writes. */
function failAt(step: 'writeFile' | 'sync'): void {
  vi.mocked(open).mockImplementationOnce(async (...given) => {
    const handle = await realOpen(...given);
    vi.spyOn(handle, step).mockImplementationOnce(async (data?: unknown) => {
      if (data instanceof Uint8Array) await handle.write(data.subarray(0, data.length / 2));
      throw new Error('ENOSPC: no space left on device');
    });
    return handle;
  });
}

describe('writeWhole', () => {
  it.each(['writeFile', 'sync'] as const)('leaves the old file, and nothing else, where %s fails', async (step) => {
    failAt(step);
    await expect(writeWhole(path, Buffer.from('first'))).rejects.toThrow('ENOSPC');
    expect(await readdir(folder)).toEqual([]);

    await writeWhole(path, Buffer.from('old'));
    failAt(step);
    await expect(writeWhole(path, Buffer.from('new and longer'))).rejects.toThrow('ENOSPC');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['run.json']);
  });

  it('puts the file in place only after its bytes are on disk', async () => {
    const steps: string[] = [];
    vi.mocked(open).mockImplementationOnce(async (...given) => {
      const handle = await realOpen(...given);
      const sync = handle.sync.bind(handle);
      vi.spyOn(handle, 'sync').mockImplementationOnce(async () => {
        steps.push(`sync with ${(await readdir(folder)).includes('run.json') ? 'a file' : 'no file'} in place`);
        await sync();
      });
      return handle;
    });
    vi.mocked(rename).mockImplementationOnce(async (from, to) => {
      steps.push(`rename of ${await readFile(from, 'utf8')}`);
      await (await vi.importActual<typeof fs>('node:fs/promises')).rename(from, to);
    });
    await writeWhole(path, Buffer.from('whole'));
    expect(steps).toEqual(['sync with no file in place', 'rename of whole']);
    expect(await readFile(path, 'utf8')).toBe('whole');
  });
});

describe("writeWhole's folder", () => {
  /** Makes the flush of the folder, the second file opened, fail. */
  function failFolder(at: 'open' | 'sync', code: string): void {
    const error = Object.assign(new Error(`${code}: no`), { code });
    vi.mocked(open)
      .mockImplementationOnce(realOpen)
      .mockImplementationOnce(async (...given) => {
        expect(given).toEqual([folder, 'r']);
        if (at === 'open') throw error;
        const handle = await realOpen(...given);
        vi.spyOn(handle, 'sync').mockRejectedValueOnce(error);
        return handle;
      });
  }

  it('is flushed after the file is in place', async () => {
    let flushed: string[] | undefined;
    vi.mocked(open)
      .mockImplementationOnce(realOpen)
      .mockImplementationOnce(async (...given) => {
        const handle = await realOpen(...given);
        vi.spyOn(handle, 'sync').mockImplementationOnce(async () => {
          flushed = await readdir(folder);
        });
        return handle;
      });
    await writeWhole(path, Buffer.from('whole'));
    expect(flushed).toEqual(['run.json']);
  });

  it.each([
    ['sync', 'EPERM'],
    ['sync', 'EINVAL'],
    ['sync', 'EBADF'],
    ['open', 'EISDIR'],
    ['open', 'EACCES'],
  ] as const)('need not be flushed where the platform cannot (%s, %s)', async (at, code) => {
    failFolder(at, code);
    await writeWhole(path, Buffer.from('whole'));
    expect(await readFile(path, 'utf8')).toBe('whole');
  });

  it('fails aloud where its flush fails otherwise', async () => {
    failFolder('sync', 'EIO');
    await expect(writeWhole(path, Buffer.from('whole'))).rejects.toThrow('EIO');
    expect(await readdir(folder)).toEqual(['run.json']);
  });
});

describe('writeWhole that fails twice', () => {
  it('tells the first error', async () => {
    vi.mocked(open).mockImplementationOnce(async (...given) => {
      const handle = await realOpen(...given);
      vi.spyOn(handle, 'writeFile').mockRejectedValueOnce(new Error('ENOSPC'));
      const close = handle.close.bind(handle);
      vi.spyOn(handle, 'close').mockImplementationOnce(async () => {
        await close();
        throw new Error('EIO');
      });
      return handle;
    });
    vi.mocked(rm).mockRejectedValueOnce(new Error('EROFS'));
    await expect(writeWhole(path, Buffer.from('whole'))).rejects.toThrow('ENOSPC');
  });
});

describe('writeWhole among others', () => {
  it('makes the folders, replaces the file, and leaves nothing else', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'cifra-files-'));
    try {
      const path = join(dir, 'a', 'b');
      await writeWhole(path, new Uint8Array([1, 2, 3]));
      await Promise.all([4, 5, 6].map((byte) => writeWhole(path, new Uint8Array(100).fill(byte))));
      const bytes = await readFile(path);
      expect(bytes.length).toBe(100);
      expect(new Set(bytes).size).toBe(1);
      expect(await readdir(join(dir, 'a'))).toEqual(['b']);
      await expect(writeWhole(join(path, 'c'), bytes)).rejects.toThrow();
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('removes what it began where the file cannot be put in place', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'cifra-files-'));
    try {
      await writeWhole(join(dir, 'taken', 'inside'), new Uint8Array(1));
      await expect(writeWhole(join(dir, 'taken'), new Uint8Array(1))).rejects.toThrow();
      expect(await readdir(dir)).toEqual(['taken']);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
