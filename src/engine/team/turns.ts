/** In milliseconds: how long work may keep its thread from other events. */
const LONGEST_HOLD = 10;

/** Lets other events have their turn, where work goes on piece after piece on the caller's own thread. */
export class Turns {
  #last = -Infinity;

  /** To be awaited between two pieces of work: timers, messages, key presses and pictures come through now and then. */
  async pass(): Promise<void> {
    if (performance.now() - this.#last <= LONGEST_HOLD) return;
    await nextTurn();
    this.#last = performance.now();
  }
}

/** By a message to oneself: timers take 1 ms at least in Node, and 4 in a page. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
