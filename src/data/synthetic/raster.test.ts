import { describe, expect, it } from 'vitest';
import { fitToBox, placeByMass, shrink } from './frame.js';
import { Hand } from './hand.js';
import { canvas, drawLines, roughen } from './raster.js';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

describe('drawLines', () => {
  it('covers the area of the line it draws', () => {
    const onto = canvas(60);
    const radius = 4;
    drawLines(
      [
        [
          { x: 12.3, y: 17.1, radius },
          { x: 44.8, y: 38.6, radius },
        ],
      ],
      1,
      onto,
    );
    const length = Math.sqrt((44.8 - 12.3) ** 2 + (38.6 - 17.1) ** 2);
    expect(sum(onto.data) / (2 * radius * length + Math.PI * radius * radius)).toBeCloseTo(1, 2);
  });

  it('does not add ink where lines cross, and starts on an empty canvas', () => {
    const onto = canvas(30);
    const across = [
      { x: 5, y: 15, radius: 2 },
      { x: 25, y: 15, radius: 2 },
    ];
    const down = [
      { x: 15, y: 5, radius: 2 },
      { x: 15, y: 25, radius: 2 },
    ];
    drawLines([down], 1, onto);
    drawLines([across, across], 1, onto);
    expect(onto.data[7 * 30 + 15]).toBe(0);
    drawLines([across, down], 1, onto);
    expect(Math.max(...onto.data)).toBe(1);
    expect(onto.data[7 * 30 + 15]).toBe(1);
  });

  it('stays on the canvas', () => {
    const onto = canvas(10);
    drawLines(
      [
        [
          { x: -5, y: -5, radius: 3 },
          { x: 15, y: 15, radius: 3 },
        ],
      ],
      2,
      onto,
    );
    expect(onto.data[0]).toBe(1);
    expect(onto.data[99]).toBe(1);
  });
});

describe('roughen', () => {
  it('changes partly covered pixels only, by at most the amount, and leaves a trace of ink', () => {
    const onto = canvas(4);
    onto.data.set([0, 1, 0.5, 0.01, 0.9, 0.1]);
    const before = onto.data.slice();
    roughen(onto, 0.3, new Hand(1, 0));
    expect([...onto.data.slice(0, 2)]).toEqual([0, 1]);
    expect(onto.data[2]).not.toBe(before[2]);
    for (let i = 2; i < 6; i++) {
      expect(onto.data[i]).toBeGreaterThan(0);
      expect(onto.data[i]).toBeLessThanOrEqual(1);
      expect(Math.abs(onto.data[i]! - before[i]!)).toBeLessThanOrEqual(0.3);
    }
    expect(sum(onto.data.slice(6))).toBe(0);
  });
});

describe('fitToBox', () => {
  it('fills the box with the longer side of the ink, pen included, and centres the other', () => {
    const [line] = fitToBox(
      [
        [
          { x: 0, y: 0, radius: 1 },
          { x: 2, y: 6, radius: 1 },
        ],
      ],
      40,
    );
    expect(line).toEqual([
      { x: 15, y: 5, radius: 5 },
      { x: 25, y: 35, radius: 5 },
    ]);
  });
});

describe('shrink', () => {
  it('takes the mean of each square', () => {
    const from = canvas(4);
    from.data.set([1, 1, 0, 0, 1, 1, 0, 0.4, 0, 0, 0, 0, 0, 1, 0, 0]);
    const to = canvas(2);
    shrink(from, to);
    expect([...to.data]).toEqual([1, 0.1, 0.25, 0]);
  });
});

describe('placeByMass', () => {
  const placed = (x: number, y: number) => {
    const box = canvas(20);
    box.data[y * 20 + x] = 1;
    const field = new Uint8Array(784);
    placeByMass(box, field, 28);
    return field.indexOf(255);
  };

  it('puts the centre of mass at index 14', () => {
    expect(placed(10, 8)).toBe(14 * 28 + 14);
    expect(placed(6, 14)).toBe(14 * 28 + 14);
  });

  it('keeps the whole box in the field', () => {
    expect(placed(0, 19)).toBe(19 * 28 + 8);
  });

  it('writes full ink as 255, none as 0 and a trace as at least 1', () => {
    const box = canvas(20);
    box.data.set([1, 0.5, 0.001]);
    const field = new Uint8Array(784);
    placeByMass(box, field, 28);
    expect(field.filter((value) => value > 0)).toEqual(Uint8Array.of(255, 128, 1));
  });
});
