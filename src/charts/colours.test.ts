import { describe, expect, it } from 'vitest';
import { chartColours } from './colours.js';

type Triple = readonly [number, number, number];

/** How dichromats see linear RGB (Machado, Oliveira and Fernandes, 2009), row by row. */
const VISION = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

function linear(hex: string): Triple {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const curve = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return [curve(r!), curve(g!), curve(b!)];
}

function times(matrix: readonly number[], [x, y, z]: Triple): Triple {
  const row = (i: number): number => matrix[3 * i]! * x + matrix[3 * i + 1]! * y + matrix[3 * i + 2]! * z;
  return [row(0), row(1), row(2)];
}

/** Oklab (Ottosson, 2020), in hundredths: a distance of 2 can just be seen. */
function oklab(rgb: Triple): Triple {
  const cones = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ];
  const [l, m, s] = times(cones.flat(), rgb).map((value) => 100 * Math.cbrt(Math.max(0, value)));
  const lab = [0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099];
  return times([...lab, 0.0259040371, 0.7827717662, -0.808675766], [l!, m!, s!]);
}

function contrast(one: string, other: string): number {
  const [light, dark] = [one, other]
    .map((hex) => times([0.2126, 0.7152, 0.0722, 0, 0, 0, 0, 0, 0], linear(hex))[0])
    .sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

describe.each(['light', 'dark'] as const)('the colours for %s pages', (kind) => {
  const colours = chartColours[kind];
  const series = ([1, 2, 3, 4, 5, 6] as const).map((slot) => colours[slot]);

  it.each(Object.entries(VISION))('tell six series apart with %s', (_, matrix) => {
    const seen = series.map((hex) => {
      const [r, g, b] = times(matrix, linear(hex)).map((value) => Math.min(1, Math.max(0, value)));
      return oklab([r!, g!, b!]);
    });
    seen.forEach((a, i) => {
      for (const b of seen.slice(0, i)) expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(12);
    });
  });

  it('stand out from the paper: text by 4.5, lines by 3 (WCAG 2.2)', () => {
    for (const hex of series) expect(contrast(hex, colours.paper)).toBeGreaterThanOrEqual(3);
    for (const name of ['ink', 'quiet', 1, 2, 3] as const) {
      expect(contrast(colours[name], colours.paper)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
