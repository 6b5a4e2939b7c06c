import { describe, expect, it } from 'vitest';
import { type Place, PointerStrokes, type Touch } from './pointer.js';

const place = (): Place => ({ left: 100, top: 50, width: 200, height: 200 });
type Done = readonly [what: string, ...points: number[]];

/** A pad that notes what is done to it. */
function noted(): { strokes: PointerStrokes; done: Done[] } {
  const done: Done[] = [];
  const strokes = new PointerStrokes({
    begin: (tool, points) => done.push([tool, ...points]),
    extend: (points) => done.push(['extend', ...points]),
    end: () => done.push(['end']),
    drop: () => done.push(['drop']),
  });
  return { strokes, done };
}

function mouse(x: number, y: number, more: Partial<Touch> = {}): Touch {
  const at = { clientX: 100 + 200 * x, clientY: 50 + 200 * y, timeStamp: 0 };
  return { type: 'pointermove', pointerId: 1, pointerType: 'mouse', button: 0, buttons: 1, ...at, ...more };
}
const finger = (id: number, x: number): Touch => mouse(x, 0.5, { pointerId: id, pointerType: 'touch' });

describe('strokes out of pointer events', () => {
  it('hold every point, those between two events too', () => {
    const { strokes, done } = noted();
    expect(strokes.down(mouse(0.25, 0.5), place)).toBe(true);
    const between = [mouse(0.3, 0.5), mouse(0.4, 0.5), mouse(0.5, 0.5)];
    strokes.move(mouse(0.5, 0.5, { getCoalescedEvents: () => between }), place);
    strokes.move(mouse(0.5, 0.75, { getCoalescedEvents: () => [] }), place);
    strokes.up(mouse(1.5, 0.75, { buttons: 0 }), place);
    expect(done.map(([what]) => what)).toEqual(['chosen', 'extend', 'extend', 'extend', 'end']);
    const points = done.flatMap(([, ...values]) => values);
    [0.25, 0.5, 0.3, 0.5, 0.4, 0.5, 0.5, 0.5, 0.5, 0.75, 1.5, 0.75].forEach((value, i) =>
      expect(points[i]).toBeCloseTo(value),
    );
  });

  it('grow before the next frame where the browser tells of movements at once', () => {
    const { strokes, done } = noted();
    strokes.down(mouse(0.2, 0.5), place);
    strokes.move(mouse(0.3, 0.5, { type: 'pointerrawupdate' }), place);
    strokes.move(mouse(0.4, 0.5, { type: 'pointerrawupdate' }), place);
    const told = [mouse(0.3, 0.5), mouse(0.4, 0.5)];
    strokes.move(mouse(0.4, 0.5, { getCoalescedEvents: () => told }), place);
    expect(done.map(([, x]) => x?.toFixed(1))).toEqual(['0.2', '0.3', '0.4']);
    // Another button was pressed, and this one let go: that comes as a pointermove alone.
    strokes.move(mouse(0.4, 0.5, { buttons: 2 }), place);
    expect(done.at(-1)).toEqual(['end']);
    // The next stroke may come without.
    strokes.down(mouse(0.2, 0.5), place);
    strokes.move(mouse(0.5, 0.5), place);
    expect(done.at(-1)![1]).toBeCloseTo(0.5);
  });

  it('are drawn by one finger at a time', () => {
    const { strokes, done } = noted();
    strokes.down(finger(1, 0.1), place);
    expect(strokes.down(finger(2, 0.9), place)).toBe(false);
    strokes.move(finger(2, 0.8), place);
    strokes.up(finger(2, 0.8), place);
    strokes.up(finger(1, 0.2), place);
    expect(strokes.down(finger(2, 0.9), place)).toBe(true);
    expect(done.map(([what]) => what)).toEqual(['chosen', 'extend', 'end', 'chosen']);
  });

  it('are the pen’s where a palm lay down before it', () => {
    const { strokes, done } = noted();
    const pen = mouse(0.5, 0.5, { pointerId: 7, pointerType: 'pen' });
    strokes.down(finger(1, 0.1), place);
    expect(strokes.down(pen, place)).toBe(true);
    strokes.move(finger(1, 0.3), place);
    expect(strokes.down(finger(2, 0.3), place)).toBe(false);
    strokes.end(pen);
    expect(done.map(([what]) => what)).toEqual(['chosen', 'drop', 'chosen', 'end']);
  });

  it('erase with a pen’s other end', () => {
    const { strokes, done } = noted();
    const pen = mouse(0.5, 0.5, { pointerType: 'pen', button: 5, buttons: 32 });
    expect(strokes.down(pen, place)).toBe(true);
    strokes.move({ ...pen, button: -1 }, place);
    expect(done.map(([what]) => what)).toEqual(['eraser', 'extend']);
  });

  it('need the first button, and end with it', () => {
    const { strokes, done } = noted();
    expect(strokes.down(mouse(0.5, 0.5, { button: 2, buttons: 2 }), place)).toBe(false);
    expect(strokes.down(mouse(0.5, 0.5), place)).toBe(true);
    strokes.move(mouse(0.6, 0.5, { buttons: 3 }), place);
    strokes.move(mouse(0.7, 0.5, { buttons: 2 }), place);
    strokes.move(mouse(0.8, 0.5, { buttons: 1 }), place);
    expect(done.map(([what]) => what)).toEqual(['chosen', 'extend', 'end']);
  });

  it('end where the next one of the same pointer begins', () => {
    const { strokes, done } = noted();
    strokes.down(mouse(0.5, 0.5), place);
    strokes.down(mouse(0.6, 0.5), place);
    expect(done.map(([what]) => what)).toEqual(['chosen', 'end', 'chosen']);
  });

  it('stay where the browser takes the pointer away', () => {
    const { strokes, done } = noted();
    strokes.down(finger(1, 0.1), place);
    strokes.end(finger(1, 0.1));
    strokes.end(finger(1, 0.1));
    expect(done.map(([what]) => what)).toEqual(['chosen', 'end']);
  });
});
