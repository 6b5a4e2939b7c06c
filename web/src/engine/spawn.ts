/** A worker that computes. */
export function spawn(name: 'reader' | 'trainer'): Worker {
  return new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name });
}
