// The other end: what the processes of the sides that run in Node have in common. pytorch.py does the same.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { peersFolder } from './sides.mjs';

const require = createRequire(join(peersFolder, 'any.js'));

/** A peer's package, from `.cache/peers` or the project's own node_modules. */
export function peer(name) {
  try {
    return require(name);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw Object.assign(error, { isMissing: true, message: error.message.split('\n')[0] });
  }
}

const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const failure = ({ message, isMissing }) => ({ error: message, ...(isMissing && { isMissing }) });

/**
 * Starts the side and answers requests until there are no more.
 * @param start given the settings; resolves to { version, note?, probabilities(), training(i), inference(i), one(i) },
 * where the i-th step of a measure resolves to the number of images that went through
 */
export async function serve(start) {
  console.log = console.info = console.error; // lines on stdout are answers
  let side;
  try {
    side = await start(JSON.parse(process.argv[2]));
    answer({ version: side.version, note: side.note });
  } catch (error) {
    answer(failure(error));
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const { measure, seconds } = JSON.parse(line);
    try {
      if (measure === 'probabilities') answer({ value: Array.from(await side.probabilities()) });
      else if (measure === 'one') answer({ value: await medianTime(side.one, seconds) });
      else answer({ value: await rate(side[measure], seconds) });
    } catch (error) {
      answer(failure(error));
    }
  }
  process.exit(0);
}

/** Images a second. */
async function rate(step, seconds) {
  let images = 0;
  let elapsed = 0;
  const started = performance.now();
  for (let i = 0; elapsed < seconds * 1000; i++) {
    images += await step(i);
    elapsed = performance.now() - started;
  }
  return (images / elapsed) * 1000;
}

/** The median of single steps, in ms. */
async function medianTime(step, seconds) {
  const times = [];
  const end = performance.now() + seconds * 1000;
  for (let i = 0, last = performance.now(); last < end; i++) {
    await step(i);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}
