import { describe, expect, it } from 'vitest';
import { divergingColour, type Rgb, sequentialColour } from './colours.js';
import { upperEnd } from './planes.js';

/** Relative luminance (sRGB), 0 to 1. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

const steps = Array.from({ length: 101 }, (_, i) => i / 100);

describe('the scales of colours', () => {
  it('of amounts gets lighter all the way, so that it can be read in grey', () => {
    const lights = steps.map((step) => luminance(sequentialColour(step)));
    lights.slice(1).forEach((light, i) => expect(light).toBeGreaterThan(lights[i]!));
    expect([sequentialColour(0), sequentialColour(1)]).toEqual([
      [68, 1, 84],
      [253, 231, 37],
    ]);
  });

  it('of what has a sign is lightest at 0, and blue below, red above', () => {
    const lights = steps.map((step) => luminance(divergingColour(2 * step - 1)));
    lights.slice(1).forEach((light, i) => {
      if (i < 50) expect(light).toBeGreaterThan(lights[i]!);
      else expect(light).toBeLessThan(lights[i]!);
    });
    for (const step of steps.filter((value) => value > 0.1)) {
      const [[redAbove, , blueAbove], [redBelow, , blueBelow]] = [divergingColour(step), divergingColour(-step)];
      expect(redAbove).toBeGreaterThan(blueAbove);
      expect(blueBelow).toBeGreaterThan(redBelow);
    }
    expect(divergingColour(0)).toEqual([247, 247, 247]);
  });

  it('stay at their ends beyond them', () => {
    expect(sequentialColour(3)).toEqual(sequentialColour(1));
    expect(divergingColour(-2)).toEqual(divergingColour(-1));
  });
});

describe('upperEnd', () => {
  it('leaves a few outliers out', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i < 5 ? 50 : i / 1000));
    expect(upperEnd(values)).toBeCloseTo(0.99, 1);
  });

  it('is the largest value where there is nothing to leave out', () => {
    expect(upperEnd(steps)).toBe(1);
    expect(upperEnd([0, 0, 0, 0, 7])).toBe(7);
    expect(upperEnd([0, 0])).toBe(0);
  });
});
