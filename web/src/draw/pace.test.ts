import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Pace } from './pace.js';

const FRAME = 1000 / 60;

/** When readings begin for a hand that moves at these times, the newest movement waiting for its turn. */
function readings(moves: readonly number[]): number[] {
  const pace = new Pace();
  const begun: number[] = [];
  let free = -Infinity;
  for (const at of moves) {
    if (at < free) continue;
    const wait = pace.next(at);
    free = at + wait;
    if (wait > 0) expect(pace.next(free + 1e-9)).toBe(0);
    begun.push(free);
  }
  return begun;
}

it('reads at most once a frame, with one more that came early', () => {
  const gaps = fc.array(fc.double({ min: 0.01, max: 40, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, (all) => {
      let now = 0;
      const begun = readings(all.map((gap) => (now += gap)));
      begun.forEach((from, i) =>
        begun.slice(i).forEach((to, k) => expect(k).toBeLessThanOrEqual((to - from) / FRAME + 1 + 1e-6)),
      );
    }),
  );
});

it('lets a hand that moves once a frame or less never wait', () => {
  const jitter = fc.array(fc.double({ min: 0, max: FRAME / 2, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(jitter, (all) => {
      const moves = all.map((late, i) => i * FRAME + late);
      expect(readings(moves)).toEqual(moves);
    }),
  );
});
