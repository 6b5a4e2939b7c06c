import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import type { PartialFile, Saved } from './download.js';

/** Room for the first line. */
const MOST_HEADER = 4096;

interface Header {
  readonly url: string;
  readonly validator: string;
  readonly total?: number | undefined;
}

/**
 * The file `path` with what has come of `url`: a line of JSON that names the url, its validator and size, and the bytes.
 * It belongs to whoever holds the download's lock.
 */
export function partialFile(path: string, url: string): PartialFile & { discard(): Promise<void> } {
  let handle: FileHandle | undefined;

  /** A part that cannot be kept is no reason not to download. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch {
      await close();
      return undefined;
    }
  }

  async function close(): Promise<void> {
    await handle?.close().catch(() => undefined);
    handle = undefined;
  }

  async function discard(): Promise<void> {
    await close();
    await rm(path, { force: true }).catch(() => undefined);
  }

  return {
    discard,
    close,
    read: (maxBytes) =>
      attempt(async () => {
        if ((await stat(path)).size > maxBytes + MOST_HEADER) return undefined;
        return parse(new Uint8Array(await readFile(path)), url);
      }),
    begin: async (validator, total, saved) => {
      await close();
      if (saved === undefined) await discard();
      if (validator === undefined) return;
      await attempt(async () => {
        handle = await open(path, 'a');
        const header: Header = { url, validator, total };
        if (saved === undefined) await handle.writeFile(`${JSON.stringify(header)}\n`);
      });
    },
    append: async (chunk) => {
      await attempt(async () => handle?.writeFile(chunk));
    },
  };
}

function parse(file: Uint8Array<ArrayBuffer>, url: string): Saved | undefined {
  const end = file.indexOf(10);
  if (end < 0 || end >= MOST_HEADER) return undefined;
  const header: unknown = JSON.parse(new TextDecoder().decode(file.subarray(0, end)));
  if (typeof header !== 'object' || header === null) return undefined;
  const { url: from, validator, total } = header as Readonly<Record<string, unknown>>;
  const bytes = file.subarray(end + 1);
  if (from !== url || typeof validator !== 'string' || bytes.length === 0) return undefined;
  if (total === undefined) return { validator, total, bytes };
  return typeof total === 'number' && bytes.length <= total ? { validator, total, bytes } : undefined;
}
