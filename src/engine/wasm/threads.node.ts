import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Thread } from '../team/protocol.js';
import { nodeThread } from '../team/thread.node.js';

export function spawnThread(): Thread {
  return nodeThread(new Worker(new URL('./member.node.js', import.meta.url)));
}

export function coreCount(): number {
  return availableParallelism();
}
