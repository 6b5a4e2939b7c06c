import { describe, expect, it } from 'vitest';
import { BLANK, changed, cleared, historyOf, redone, undone } from './history.js';
import type { Scene } from './scene.js';

const dot = (x: number): Scene => ({ strokes: [{ tool: 'pen', width: 0.1, points: [x, 0.5] }] });
const photo = (): Scene => ({ picture: { width: 1, height: 1, data: new Uint8Array(4) }, strokes: [] });
const [one, two, three] = [dot(0.1), dot(0.2), dot(0.3)];

describe('history', () => {
  it('goes back and forth', () => {
    const all = [one, two].reduce(changed, historyOf(BLANK));
    expect(all.present).toBe(two);
    expect(undone(all).present).toBe(one);
    expect(undone(undone(all)).present).toBe(BLANK);
    expect(redone(redone(undone(undone(all))))).toEqual(all);
  });

  it('forgets what was undone when something else is drawn', () => {
    const other = changed(undone([one, two].reduce(changed, historyOf(BLANK))), three);
    expect(other).toEqual({ past: [BLANK, one], present: three, future: [] });
  });

  it('stays as it is where there is nothing to do', () => {
    const fresh = historyOf(BLANK);
    expect([undone, redone, cleared].map((step) => step(fresh))).toEqual([fresh, fresh, fresh]);
  });

  it('brings back what was cleared', () => {
    const history = cleared(changed(historyOf(BLANK), one));
    expect(history.present).toBe(BLANK);
    expect(undone(history).present).toBe(one);
    expect(undone(cleared(historyOf(photo()))).present.picture).toBeDefined();
  });

  it('keeps a bounded past', () => {
    const many = Array.from({ length: 600 }, (_, i) => dot(i / 600)).reduce(changed, historyOf(BLANK));
    expect(many.past).toHaveLength(500);
    expect(undone(many).present.strokes[0]!.points[0]).toBeCloseTo(598 / 600);
    const photos = Array.from({ length: 20 }, photo).reduce(changed, historyOf(BLANK));
    expect(photos.past).toHaveLength(11);
  });
});
