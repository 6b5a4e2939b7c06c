import type { LockTaken, StorageLock } from '../../../src/runs/runStore.js';

const taken: LockTaken = {
  who: 'another tab or window of this browser has it open',
  remedy: 'Wait until it has ended, or stop it. Closing that tab lets go of it.',
};

/** Locks that all tabs of this browser heed, and that end with the worker which has them. */
export async function webLock(path: string): Promise<StorageLock | LockTaken> {
  const { locks }: { locks?: LockManager } = globalThis.navigator ?? {};
  if (!locks) return lockHere(path);
  return new Promise((resolve, reject) => {
    const held = locks.request(`cifra ${path}`, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(taken);
      return new Promise<void>((letGo) => {
        const release = async (): Promise<void> => {
          letGo();
          await held;
        };
        resolve({ release });
      });
    });
    held.catch(reject);
  });
}

const here = new Set<string>();

/** Pages that are not secure have no locks: this worker at least does nothing twice. */
function lockHere(path: string): StorageLock | LockTaken {
  if (here.has(path)) return taken;
  here.add(path);
  return { release: async () => void here.delete(path) };
}
