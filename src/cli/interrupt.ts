import type { Output } from './terminal/output.js';

/** The user pressed Ctrl-C, and what was to be saved is saved. Exit status 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** npm hands on the Ctrl-C that the terminal has sent to us already: within this time, in milliseconds, it is one. */
const SAME_KEY_PRESS = 300;

/**
 * A signal that Ctrl-C aborts, so that a step can end and what was saved is told of. A second Ctrl-C ends the process
 * at once.
 */
export function interruptSignal(output: Output): AbortSignal {
  const controller = new AbortController();
  let first = -Infinity;
  process.on('SIGINT', () => {
    const now = performance.now();
    if (controller.signal.aborted) {
      if (now - first > SAME_KEY_PRESS) process.exit(130);
      return;
    }
    first = now;
    output.clear(true);
    output.notes.line('Stopping after this step; Ctrl-C again stops at once.');
    controller.abort(new Interrupted('Interrupted.'));
  });
  return controller.signal;
}
