import type { Output } from './terminal/output.js';

/** The user pressed Ctrl-C, or the system asked us to end; what was to be saved is saved. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(
    message: string,
    /** Of the process: 128 and the signal's number, as shells have it. */
    readonly exitStatus: number,
  ) {
    super(message);
  }
}

const exitStatusOf = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof exitStatusOf;

/** npm hands on the Ctrl-C that the terminal has sent to us already: within this time, in milliseconds, it is one. */
const SAME_KEY_PRESS = 300;

/**
 * A signal that Ctrl-C and SIGTERM abort, with an `Interrupted` as its reason, so that a step can end and what was done
 * be saved. A second one ends the process at once.
 * @param doing what is said then
 */
export function interruptSignal(output: Output, doing = 'Stopping after this step'): AbortSignal {
  const controller = new AbortController();
  let first = -Infinity;
  const hear = (name: Signal): void => {
    const now = performance.now();
    if (controller.signal.aborted) {
      if (now - first > SAME_KEY_PRESS) process.exit(exitStatusOf[name]);
      return;
    }
    first = now;
    output.clear(true);
    const again = name === 'SIGINT' ? 'Ctrl-C again' : 'another signal';
    output.notes.line(`${doing}; ${again} stops at once.`);
    controller.abort(new Interrupted('Interrupted.', exitStatusOf[name]));
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => hear(name));
  return controller.signal;
}
