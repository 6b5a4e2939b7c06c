import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CifraError } from '../numeric/errors.js';
import { curvesChart, type CurvesChartOptions } from './curves.js';
import { all, parsed, scaleOf, vertices, words } from './testing.js';

const about = { title: 'Loss', x: { label: 'epoch' }, y: { label: 'loss' } };
const falling = [1, 2, 3, 4, 5].map((x) => ({ x, y: 0.5 / x }));
const flat = falling.map(({ x }) => ({ x, y: 0.2 }));

describe('curvesChart', () => {
  it('puts every point where the scales say', () => {
    const svg = curvesChart({ ...about, series: [{ name: 'training', points: falling }] });
    const [x, y] = [scaleOf(svg, 'x'), scaleOf(svg, 'y')];
    const line = all(parsed(svg), '[aria-label="line"] path')[0]!;
    const drawn = vertices(line.getAttribute('d')!);
    expect(drawn).toHaveLength(5);
    drawn.forEach(([left, top], i) => {
      expect(left).toBeCloseTo(x(falling[i]!.x), 1);
      expect(top).toBeCloseTo(y(falling[i]!.y), 1);
    });
  });

  it('puts powers of ten at equal distances on a logarithmic scale, and leaves out what has no place there', () => {
    const points = [0.1, 0.01, 0, 0.001].map((value, i) => ({ x: i, y: value }));
    const svg = curvesChart({ ...about, y: { label: 'rate', log: true }, series: [{ name: 'rate', points }] });
    const [a, b, c, ...rest] = vertices(all(parsed(svg), '[aria-label="line"] path')[0]!.getAttribute('d')!);
    expect(rest).toEqual([]);
    expect(b![1] - a![1]).toBeCloseTo(c![1] - b![1], 1);
  });

  it('names curves at their ends, apart from each other, with their dashes', () => {
    const series = [
      { name: 'training', points: falling, dashed: true },
      { name: 'validation', points: falling.map(({ x, y }) => ({ x, y: y + 0.001 })) },
    ];
    const svg = curvesChart({ ...about, series });
    const [above, below] = ['validation', 'training'].map((name) => {
      const label = all(parsed(svg), 'text').find(({ textContent }) => textContent === name)!;
      return Number(label.getAttribute('y'));
    });
    expect(below! - above!).toBeGreaterThanOrEqual(12);
    expect(all(parsed(svg), '[stroke-dasharray="5 4"] path, path[stroke-dasharray="5 4"]')).toHaveLength(1);
  });

  it('names them above where there is no room beside', () => {
    const names = Array.from({ length: 12 }, (_, i) => `a run of a long name ${i}`);
    const svg = curvesChart({ ...about, width: 366, series: names.map((name) => ({ name, points: falling })) });
    expect(words(svg)).toEqual(expect.arrayContaining(names));
    for (const text of all(parsed(svg), 'text')) expect(Number(text.getAttribute('x') ?? 0)).toBeLessThan(366);
  });

  it('draws nothing outside the ends it is given', () => {
    const svg = curvesChart({
      ...about,
      y: { label: 'loss', domain: [0.1, 0.3] },
      series: [{ name: 'a', points: falling }],
    });
    const y = scaleOf(svg, 'y');
    const heights = all(parsed(svg), '[aria-label="line"] path').flatMap((path) => vertices(path.getAttribute('d')!));
    expect(heights.length).toBeGreaterThan(2);
    for (const [, at] of heights) {
      expect(at).toBeLessThanOrEqual(y(0.1) + 0.1);
      expect(at).toBeGreaterThanOrEqual(y(0.3) - 0.1);
    }
  });

  it('tells the figures in words', () => {
    const y = { label: 'accuracy', percent: true };
    const points = [0.9, 0.95, 0.9921].map((value, i) => ({ x: i + 1, y: value }));
    const svg = curvesChart({
      ...about,
      y,
      series: [{ name: 'validation', points }],
      marks: [{ x: 2, label: 'augmented' }],
    });
    expect(parsed(svg).getAttribute('role')).toBe('img');
    expect(all(parsed(svg), 'title')[0]!.textContent).toBe('Loss');
    expect(all(parsed(svg), 'desc')[0]!.textContent).toBe(
      'accuracy by epoch. validation: 90.00% at 1 to 99.21% at 3, between 90.00% and 99.21%. Marked: augmented at 2.',
    );
    expect(words(svg)).toContain('augmented');
  });

  it('is for light and dark pages on paper of its own when it stands alone', () => {
    const series = [{ name: 'a', points: falling }];
    expect(curvesChart({ ...about, series })).not.toContain('<style');
    const svg = curvesChart({ ...about, series, standalone: true });
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(words(svg)).toContain('Loss');
  });

  it.each<[string, Partial<CurvesChartOptions>, string]>([
    ['no series', { series: [] }, 'there are no series'],
    ['no points', { series: [{ name: 'a', points: [] }] }, 'there are no points'],
    ['NaN', { series: [{ name: 'a', points: [{ x: 1, y: NaN }] }] }, 'a, y of point 0 is NaN'],
    ['infinity', { series: [{ name: 'a', points: [{ x: -Infinity, y: 1 }] }] }, 'a, x of point 0 is -Infinity'],
    ['a colour there is not', { series: [{ name: 'a', points: falling, colour: 7 }] }, 'its colour is 7'],
    ['a width of nothing', { width: 0 }, 'width is 0'],
    ['a height that is no number', { height: NaN }, 'height is NaN'],
  ])('refuses %s', (_, options, message) => {
    const draw = (): string => curvesChart({ ...about, series: [{ name: 'a', points: falling }], ...options });
    expect(draw).toThrow(CifraError);
    expect(draw).toThrow(message);
  });

  it.each<[string, readonly { x: number; y: number }[]]>([
    ['one point', [{ x: 1, y: 0.3 }]],
    ['equal values', flat],
    ['zeros', flat.map(({ x }) => ({ x, y: 0 }))],
    ['one place', flat.map(({ y }) => ({ x: 1, y }))],
    [
      'large and small',
      [
        { x: 0, y: -1e90 },
        { x: 1e-90, y: 1e90 },
      ],
    ],
  ])('can draw %s', (_, points) => {
    for (const percent of [false, true]) {
      const svg = curvesChart({ ...about, y: { label: 'y', percent }, series: [{ name: 'a', points }] });
      expect(svg).not.toMatch(/NaN|Infinity|undefined|⚠/);
    }
  });

  it('draws whatever it accepts, within its frame, equal for equal input, with words escaped', () => {
    const number = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    const point = fc.record({ x: number, y: number });
    const series = fc.record({ name: fc.string(), points: fc.array(point, { minLength: 1 }), dashed: fc.boolean() });
    const options = fc.record({
      series: fc.array(series, { minLength: 1, maxLength: 10 }),
      marks: fc.array(fc.record({ x: number, label: fc.string({ unit: 'binary' }) }), { maxLength: 4 }),
      y: fc.record({ label: fc.string(), percent: fc.boolean() }),
      width: fc.integer({ min: 240, max: 1200 }),
    });
    fc.assert(
      fc.property(options, (given) => {
        const svg = curvesChart({ ...about, ...given });
        const text = [...given.series.map(({ name }) => name), given.y.label, ...given.marks.map((mark) => mark.label)];
        expect(svg.replace(/<(title|desc|text)[^>]*>[^<]*/g, '')).not.toMatch(/NaN|Infinity|undefined|⚠/);
        if (text.every((word) => !word.includes('<'))) expect(svg).not.toContain('&lt;');
        expect(svg.match(/<[^a-z/]|&(?!amp;|lt;|gt;|quot;)/)).toBeNull();
        expect(curvesChart({ ...about, ...given })).toBe(svg);
        for (const path of all(parsed(svg), '[aria-label="line"] path')) {
          for (const [x, y] of vertices(path.getAttribute('d') ?? '')) {
            expect(x >= 0 && x <= given.width && y >= 0 && y <= 280).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
