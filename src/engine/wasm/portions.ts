import { countUnits } from './lower/call.js';
import type { Plan, PlannedStage } from './plan.js';

/**
 * Into how many portions a stage is cut for each member. Members take them one after the other, since threads are never
 * equally fast for long: with one half each, the faster of two would wait at every barrier.
 */
const PORTIONS = 16;

/** How a stage is shared: it has `count` units, or rows of a chain, which are taken in multiples of `grain`. */
export function sharesOf({ calls, chain }: PlannedStage, rows: number): { count: number; grain: number } {
  const { units } = calls[0]!;
  if (!chain) return { count: countUnits(units, units.rows ?? rows), grain: 1 };
  return { count: units.rows ?? rows, grain: Math.max(chain.step, chain.group) };
}

/** How much of `count` a member of a team takes at a time. */
export function portionOf(count: number, grain: number, members: number): number {
  return Math.ceil(count / (members * PORTIONS * grain)) * grain;
}

/**
 * How evenly a program's work could be shared by so many equally fast threads, by counting: the share of one thread of
 * all work (1 / members at best), if the busiest of each stage must do as many portions as come to it. A stage's work is
 * the multiply-adds and the bytes of its calls.
 */
export function busiestShare({ stages }: Plan, rows: number, members: number): number {
  let [all, busiest] = [0, 0];
  for (const stage of stages) {
    const steady = stage.calls.filter(({ once }) => !once);
    const work = steady.reduce((sum, { multiplyAdds, bytes }) => sum + multiplyAdds + bytes, 0);
    const { count, grain } = sharesOf(stage, rows);
    const portion = portionOf(count, grain, members);
    const rounds = Math.ceil(Math.ceil(count / portion) / members);
    all += work;
    busiest += work * Math.min(1, (rounds * portion) / count);
  }
  return busiest / all;
}
