import { expect, it } from 'vitest';
import { plane } from './picture.js';
import { findRuling } from './ruling.js';
import { inkLevels } from './threshold.js';

/** A page with a stroke from (40, 20) to (46, 80), and lines at these heights. */
function page(lines: number[], strength: number, { slope = 0, from = 0, to = 160, turned = false } = {}) {
  const ink = plane(160, 160);
  ink.data.forEach((_, i) => {
    const [px, py] = [i % 160, Math.floor(i / 160)];
    const [x, y] = turned ? [py, px] : [px, py];
    const lined = x >= from && x < to && lines.some((line) => Math.abs(y - line - slope * x) < 1.1);
    const stroke = px >= 40 && px < 46 && py >= 20 && py < 80;
    ink.data[i] = stroke ? 0.9 : lined ? strength : 0;
  });
  return { ink, levels: inkLevels(ink) };
}

it.each([
  ['two lines', [30, 70], 0.5, {}],
  ['one faint line', [50], 0.4, {}],
  ['dark lines', [30, 70], 0.9, {}],
  ['falling lines', [30, 70], 0.5, { slope: 0.05 }],
  ['rising lines', [60, 120], 0.5, { slope: -0.04 }],
  ['upright lines', [90, 130], 0.5, { turned: true }],
] as const)('%s are erased, strokes stay', (_, lines, strength, options) => {
  const { ink, levels } = page([...lines], strength, options);
  const ruling = findRuling(ink, levels)!;
  expect(ruling.lines).toBe(lines.length);
  let [left, lost] = [0, 0];
  ink.data.forEach((value, i) => {
    const [x, y] = [i % 160, Math.floor(i / 160)];
    const stroke = x >= 40 && x < 46 && y >= 20 && y < 80;
    if (stroke && ruling.erased.data[i] === 1) lost++;
    if (!stroke && value > levels.floor && ruling.erased.data[i] === 0) left++;
  });
  expect(lost).toBeLessThan(12);
  expect(left).toBeLessThan(40);
});

it.each([
  ['one line as dark as the stroke', [50], 0.9, {}],
  ['lines that end within the page', [30, 70], 0.5, { from: 20, to: 130 }],
  ['no line', [], 0.5, {}],
] as const)('%s: no ruling', (_, lines, strength, options) => {
  const { ink, levels } = page([...lines], strength, options);
  expect(findRuling(ink, levels)).toBeUndefined();
});
