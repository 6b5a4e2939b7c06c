import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Thread } from '../team/protocol.js';
import { nodeThread } from '../team/thread.node.js';

export function spawnThread(): Thread {
  // Without the process's own options: `node --input-type=module -e ...` would want the thread's code on the command line.
  return nodeThread(new Worker(new URL('./member.node.js', import.meta.url), { execArgv: [] }));
}

/** Before Node 22 V8 has it behind this flag; threads that are started later have it, too. */
export function enableRelaxedSimd(): void {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}

export function coreCount(): number {
  return availableParallelism();
}
