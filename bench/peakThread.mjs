// A thread of peaks.mjs: repeats a loop for as long as it is told and answers with what it did a second.
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { COPY_BYTES, MULTIPLY_ADDS_PER_TURN } from './peakLoops.mjs';

/* global WebAssembly */

/** One call takes some tens of microseconds: little enough to end in time. */
const TURNS = 10_000;
const BYTES_PER_CALL = 2 ** 21;
const PAGE = 65536;

const { exports } = new WebAssembly.Instance(workerData);

const loops = {
  multiplyAdds: () => ({ call: () => exports.multiplyAdds(TURNS), amount: 2 * TURNS * MULTIPLY_ADDS_PER_TURN }),
  copy(workingSet) {
    const bytes = Math.max(COPY_BYTES, workingSet - (workingSet % COPY_BYTES));
    const missing = Math.ceil(bytes / PAGE) - exports.memory.buffer.byteLength / PAGE;
    // Pages that were never written to would all be the same one of zeros.
    if (missing > 0) {
      exports.memory.grow(missing);
      new Uint8Array(exports.memory.buffer).fill(1);
    }
    const passes = Math.max(1, Math.round(BYTES_PER_CALL / bytes));
    return { call: () => exports.copy(bytes, passes), amount: bytes * passes };
  },
};

parentPort.on('message', ({ loop, workingSet, seconds }) => {
  const { call, amount } = loops[loop](workingSet);
  const begun = performance.now();
  const end = begun + 1000 * seconds;
  let now = begun;
  let calls = 0;
  for (; now < end; calls++) {
    call();
    now = performance.now();
  }
  parentPort.postMessage((calls * amount) / (now - begun) / 1e6);
});
