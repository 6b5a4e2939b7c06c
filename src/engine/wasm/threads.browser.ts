import type { Thread } from '../team/protocol.js';
import { browserThread } from '../team/thread.browser.js';

export function spawnThread(): Thread {
  return browserThread(new Worker(new URL('./member.browser.js', import.meta.url), { type: 'module' }));
}

/** A page cannot. */
export function enableRelaxedSimd(): void {}

export function coreCount(): number {
  return navigator.hardwareConcurrency;
}
