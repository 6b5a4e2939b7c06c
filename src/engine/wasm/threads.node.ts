import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Thread } from '../team/protocol.js';
import { nodeThread } from '../team/thread.node.js';

export function spawnThread(): Thread {
  // Without the process's own options: `node --input-type=module -e ...` would want the thread's code on the command line.
  return nodeThread(new Worker(new URL('./member.node.js', import.meta.url), { execArgv: [] }));
}

export function coreCount(): number {
  return availableParallelism();
}
