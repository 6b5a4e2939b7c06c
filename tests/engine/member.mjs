// A thread of a team, run from the built files, whose programs do what the payload says.
import { serveNode } from '../../dist/engine/team/thread.node.js';

serveNode((payload, { member, members, wait }) => {
  const is = (name) => payload[name] === member;
  if (is('throwsInLoad')) throw new RangeError('no room');
  const counters = payload.counters && new Int32Array(payload.counters);
  return {
    run(rows, mode) {
      if (is('throws')) throw new TypeError('a bad kernel');
      if (is('exits')) process.exit(3);
      if (is('spins')) for (;;);
      // Rounds: everyone counts, waits, and looks whether everyone has counted.
      let late = 0;
      for (let round = 1; round <= (payload.rounds ?? 0); round++) {
        counters[member] = round;
        wait();
        for (let other = 0; other < members; other++) if (counters[other] !== round) late++;
        wait();
      }
      if (counters) Atomics.add(counters, members, late);
      if ('throws' in payload || 'exits' in payload || 'spins' in payload) wait();
      return 1000 * member + 10 * rows + mode;
    },
  };
});
