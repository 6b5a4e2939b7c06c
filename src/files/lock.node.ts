import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

export interface Lock {
  /**
   * Removes the lock file if it is still ours. Safe to call twice, and it never fails: what it cannot remove is stale
   * once the process has ended.
   */
  release(): Promise<void>;
}

/** Who holds a lock. */
export interface LockHolder {
  /** 0 where the file does not tell. */
  readonly pid: number;
  /** The machine's name; empty where the file does not tell. */
  readonly host: string;
  /** ISO time. */
  readonly since: string;
}

/** What a lock file holds, as JSON. */
interface Content extends LockHolder {
  /** When the process started, where the platform tells: another process may have the same number by now. */
  readonly started?: string | undefined;
  /** Names this very lock. */
  readonly id: string;
}

interface Found {
  readonly holder: LockHolder;
  readonly stale: boolean;
  readonly id: string | undefined;
}

/** A file that cannot be read yet is being written by its owner, who needs no longer than this (milliseconds). */
const WRITTEN_WITHIN = 10_000;
const MOST_BYTES = 4096;

/**
 * Takes the lock file `path`, in a folder that is there, or says who holds it: the process itself too. A lock whose
 * process is gone, or whose content is unreadable and older than 10 s, is taken over, by one of those that try. One of
 * another machine is never taken over, for nobody here can tell whether its process lives.
 * @throws what the file system throws
 */
export async function tryLock(path: string): Promise<{ readonly lock: Lock } | { readonly holder: LockHolder }> {
  for (;;) {
    const lock = await create(path);
    if (lock !== undefined) return { lock };
    const found = await look(path);
    if (found === undefined) continue;
    if (!found.stale) return { holder: found.holder };

    // Only who holds this second lock may remove the first, having looked again: so nobody removes a fresh one. Its
    // own holder may have died, and then it is taken over in the same way.
    const takeover = await tryLock(`${path}.takeover`);
    if ('holder' in takeover) {
      const now = await look(path);
      if (now === undefined) continue;
      return { holder: now.stale ? takeover.holder : now.holder };
    }
    try {
      if ((await look(path))?.stale === true) await rm(path, { force: true });
    } finally {
      await takeover.lock.release();
    }
  }
}

/** The lock, if nobody has it. */
async function create(path: string): Promise<Lock | undefined> {
  const content: Content = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    started: await startOf(process.pid),
    id: randomUUID(),
  };
  if (!(await putWhole(path, JSON.stringify(content)))) return undefined;
  // Where that cannot be read, it is: while we live nobody takes over what is written.
  const isOurs = async (): Promise<boolean> => {
    try {
      return (await look(path))?.id === content.id;
    } catch {
      return true;
    }
  };
  // Someone may have taken over the empty file of a process that was stopped for long.
  if (!(await isOurs())) return undefined;
  return {
    async release() {
      // What cannot be removed is stale once this process has ended.
      if (await isOurs()) await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

/**
 * A new file that holds `text` from the first moment on, so that nobody is killed between the two: false if there is one
 * already. Where the file system has no hard links, that moment is a short one.
 */
async function putWhole(path: string, text: string): Promise<boolean> {
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(unfinished, text, { flag: 'wx' });
    await link(unfinished, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!noLinks.has(codeOf(error))) throw error;
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // Nobody else can have made one beside the empty or half-written one.
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

const noLinks = new Set<unknown>(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);

/** What the lock file says; undefined if it is not there. */
async function look(path: string): Promise<Found | undefined> {
  for (let attempt = 0; ; attempt++) {
    const file = await readStart(path);
    if (file === undefined) return undefined;
    const content = parse(file.text);
    if (content !== undefined) {
      const { pid, host, since, id } = content;
      return { holder: { pid, host, since }, stale: await isGone(content), id };
    }
    const stale = Date.now() - file.modified.getTime() > WRITTEN_WITHIN;
    // Its owner is most likely writing it at this moment.
    if (stale || attempt === 5) {
      return { holder: { pid: 0, host: '', since: file.modified.toISOString() }, stale, id: undefined };
    }
    await pause(10);
  }
}

async function readStart(path: string): Promise<{ text: string; modified: Date } | undefined> {
  try {
    const handle = await open(path, 'r');
    try {
      const { mtime } = await handle.stat();
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
      return { text: buffer.toString('utf8', 0, bytesRead), modified: mtime };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): Content | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, host, since, started, id } = value as Readonly<Record<string, unknown>>;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined;
  if (typeof host !== 'string' || typeof since !== 'string' || typeof id !== 'string') return undefined;
  return { pid, host, since, id, started: typeof started === 'string' ? started : undefined };
}

/** Whether the process that wrote `content` is known to be gone. */
async function isGone({ pid, host, started }: Content): Promise<boolean> {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
  if (started === undefined) return false;
  const now = await startOf(pid);
  return now !== undefined && now !== started;
}

/**
 * Names the start of a process, on Linux: the clock ticks between the machine's start and its own, and which start of
 * the machine that was. `ended` for one that has ended and that its parent has not yet taken notice of.
 */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    return `${fields[19]} ${(await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()}`;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
