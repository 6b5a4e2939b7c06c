// What the page does: it trains itself, or lets a worker do so, and stays free for its user meanwhile.
import { trainer } from './trainer.mjs';

/** Milliseconds between two looks at the clock. */
const TICK = 4;

/** Training in the page: its threads compute, and the page waits for their messages. */
globalThis.prepareHere = async (threads, most) => {
  const { rate } = await trainer(threads, most);
  globalThis.rate = rate;
};

/** Training in a worker: without shared memory the thread that trains also computes. */
globalThis.prepareWorker = async (threads, most) => {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' });
  const ask = (message) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(message);
    });
  await ask({ threads, most });
  globalThis.rate = ask;
};

/** The longest time in milliseconds that the page could do nothing else in a window of training. */
globalThis.longestPause = async (count) => {
  let last = performance.now();
  let longest = 0;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last - TICK);
    last = now;
  };
  const ticks = setInterval(look, TICK);
  await globalThis.rate(count);
  clearInterval(ticks);
  look();
  return longest;
};
