import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answers, calibrationError, coverageCurve } from '../numeric/calibration.js';
import { CifraError } from '../numeric/errors.js';
import { wilsonInterval } from '../numeric/statistics.js';
import {
  chartSheet,
  classesChart,
  coverageChart,
  curvesChart,
  intervalsChart,
  networkChart,
  reliabilityChart,
  sharesChart,
  stripChart,
} from './index.js';
import { all, parsed, scaleOf, words } from './testing.js';

const percents = (text: string): number => Number(text.replace('−', '-').replace('%', '')) / 100;
const bad = /NaN|Infinity|undefined|⚠/;

/** The numbers of an attribute of every element. */
function numbers(svg: string, selector: string, attribute: string): number[] {
  return all(parsed(svg), selector).map((one) => Number(one.getAttribute(attribute)));
}

/** Confidences from 0.5 to 1; the least certain ones are wrong. */
const many: Answers = {
  confidences: Float64Array.from({ length: 2000 }, (_, i) => 0.5 + i / 4000),
  right: Uint8Array.from({ length: 2000 }, (_, i) => (i < 40 ? 0 : 1)),
};
const extremes: [string, Answers][] = [
  ['one answer', { confidences: [1], right: [1] }],
  ['one that is wrong', { confidences: [0.2], right: [0] }],
  ['none right', { confidences: [0.4, 0.9, 0.9], right: [0, 0, 0] }],
  ['none wrong', { confidences: [0.4, 0.9, 0.9], right: [1, 1, 1] }],
];

describe('reliabilityChart', () => {
  it('has a bar for each bin with answers, as high as its accuracy', () => {
    const calibration = calibrationError(many);
    const svg = reliabilityChart({ calibration });
    const y = scaleOf(svg, 'y', percents);
    const tops = numbers(svg, '[aria-label="rect"] rect', 'y');
    const filled = calibration.bins.filter(({ count }) => count > 0);
    expect(tops).toHaveLength(filled.length);
    tops.forEach((top, i) => expect(top).toBeCloseTo(y(filled[i]!.accuracy), 1));
    expect(words(svg)).toContain(String(filled.at(-1)!.count));
  });

  it.each(extremes)('can draw %s', (_, answers) => {
    expect(reliabilityChart({ calibration: calibrationError(answers), standalone: true })).not.toMatch(bad);
  });

  it('refuses shares beyond 1', () => {
    const bins = [{ low: 0, high: 1, count: 3, confidence: 1, accuracy: 1.5 }];
    expect(() => reliabilityChart({ calibration: { ece: 0, bins } })).toThrow('accuracy of bin 0 is 1.5');
  });
});

describe('coverageChart', () => {
  it('marks all, half of the errors, and nine in ten', () => {
    const svg = coverageChart({ coverage: coverageCurve(many), count: 2000 });
    expect(words(svg)).toEqual(expect.arrayContaining(['98.00% of all 2,000', '98.99% of 99.0%', '99.85% of 98.2%']));
    const [x, y] = [scaleOf(svg, 'x', percents), scaleOf(svg, 'y', percents)];
    expect(numbers(svg, 'circle', 'cx')[0]).toBeCloseTo(x(1), 1);
    expect(numbers(svg, 'circle', 'cy')[0]).toBeCloseTo(y(0.98), 1);
  });

  it.each(extremes)('can draw %s', (_, answers) => {
    const coverage = coverageCurve(answers);
    expect(coverageChart({ coverage, count: answers.right.length, standalone: true })).not.toMatch(bad);
  });
});

describe('classesChart', () => {
  it('puts recall where its scale says, and writes both numbers', () => {
    const recalls = [0.99, 0.985, 0.9912];
    const classes = recalls.map((recall, i) => ({ name: `${i}`, recall, precision: 0.98, count: 1000 }));
    const svg = classesChart({ classes });
    const x = scaleOf(svg, 'x', percents);
    numbers(svg, 'circle', 'cx').forEach((at, i) => expect(at).toBeCloseTo(x(recalls[i]!), 1));
    expect(words(svg)).toEqual(expect.arrayContaining(['99.12%', '98.50%', '98.00%']));
  });

  it('can draw a class that nothing was taken for, one without images, and long names', () => {
    const classes = [
      { name: 'a'.repeat(200), recall: 0, count: 10 },
      { name: '<b> & "c"', recall: 0, count: 0 },
    ];
    const svg = classesChart({ classes, width: 240 });
    expect(svg).not.toMatch(bad);
    expect(svg).toContain('&lt;b&gt; &amp; &quot;c&quot;');
  });
});

describe('stripChart', () => {
  const values = [-30, 0, 30];
  const accuracy = [0.9, 0.99, 0.8];
  const intervals = accuracy.map((share) => wilsonInterval(500 * share, 500));
  const strip = { name: 'rotation', unit: 'degrees', values, neutral: 0, accuracy, intervals };

  it('puts accuracies where the scales say', () => {
    const svg = stripChart(strip);
    const [x, y] = [scaleOf(svg, 'x', (text) => Number(text.replace('−', '-'))), scaleOf(svg, 'y', percents)];
    numbers(svg, 'circle', 'cx').forEach((at, i) => expect(at).toBeCloseTo(x(values[i]!), 1));
    numbers(svg, 'circle', 'cy').forEach((at, i) => expect(at).toBeCloseTo(y(accuracy[i]!), 1));
    expect(words(svg)).toEqual(expect.arrayContaining(['unchanged', 'rotation, degrees']));
  });

  it('can draw one value', () => {
    expect(stripChart({ ...strip, values: [0], accuracy: [1], intervals: [{ low: 1, high: 1 }] })).not.toMatch(bad);
  });

  it('refuses values without accuracies', () => {
    expect(() => stripChart({ ...strip, accuracy: [1] })).toThrow('3 values, 1 accuracies and 3 intervals');
  });
});

describe('sharesChart', () => {
  it('has bars of lengths like the shares, with share and amount', () => {
    const parts = [0.6, 0.3, 0.1, 0].map((share, i) => ({ name: `part ${i}`, share }));
    const svg = sharesChart({ parts, total: 50, unit: 'ms' });
    const widths = numbers(svg, '[aria-label="rect"] rect', 'width');
    expect(widths[0]! / widths[1]!).toBeCloseTo(2, 2);
    expect(widths[0]! / widths[2]!).toBeCloseTo(6, 1);
    expect(words(svg)).toEqual(expect.arrayContaining(['60.0%', '30.0 ms', '5.00 ms', '0 ms']));
  });
});

describe('networkChart', () => {
  const layers = [
    { name: 'conv2d', type: 'Conv2D', outputShape: [26, 26, 32], parameters: 320, multiplyAdds: 194_688 },
    { name: 'flatten', type: 'Flatten', outputShape: [21_632], parameters: 0, multiplyAdds: 0 },
    { name: 'dense', type: 'Dense', outputShape: [10], parameters: 216_330, multiplyAdds: 216_320 },
  ];

  it('draws blocks and bars to scale, and says what is summed', () => {
    const svg = networkChart({ layers });
    const widths = numbers(svg, '[aria-label="rect"] rect', 'width');
    // Values and multiply-adds and parameters of the convolution; flatten's values; all three of the last.
    expect(widths).toHaveLength(7);
    expect(widths[0]).toBeCloseTo(widths[3]!, 1);
    expect(widths[2]! / widths[6]!).toBeCloseTo(194_688 / 216_320, 2);
    expect(words(svg)).toEqual(expect.arrayContaining(['216,650', '411,008', '26 × 26 × 32', '195k']));
  });

  it('can draw a layer of nothing', () => {
    const layer = { name: 'a', type: 'A', outputShape: [], parameters: 0, multiplyAdds: 0 };
    expect(networkChart({ layers: [layer], width: 300, standalone: true })).not.toMatch(bad);
  });
});

describe('intervalsChart', () => {
  const row = { label: 'with', estimate: 0.0012, low: -0.0001, high: 0.0025, points: [0.0005, 0.002] };

  it.each([700, 360])('puts estimates and single values where the scale says, at %i pixels', (width) => {
    const svg = intervalsChart({ rows: [row], reference: 0, x: { label: 'difference', percent: true }, width });
    const x = scaleOf(svg, 'x', (text) => percents(text.replace('+', '')));
    const drawn = numbers(svg, 'circle', 'cx');
    [0.0005, 0.002, 0.0012].forEach((value, i) => expect(drawn[i]).toBeCloseTo(x(value), 0));
    expect(words(svg)).toContain('+0.120%');
    expect(svg).toContain('+0.120% (95% interval −0.010% to +0.250%)');
  });

  it('refuses an interval that runs backwards', () => {
    const draw = (): string => intervalsChart({ rows: [{ ...row, low: 1 }], x: { label: 'x' } });
    expect(draw).toThrow(CifraError);
    expect(draw).toThrow('runs from 1 down to 0.0025');
  });

  it('draws whatever it accepts', () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const rows = fc.array(fc.record({ label: fc.string(), values: fc.array(number, { minLength: 3, maxLength: 8 }) }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(rows, fc.boolean(), fc.integer({ min: 240, max: 1000 }), (given, percent, width) => {
        const drawn = given.map(({ label, values: [a = 0, b = 0, ...points] }) => {
          return { label, estimate: (a + b) / 2, low: Math.min(a, b), high: Math.max(a, b), points };
        });
        const svg = intervalsChart({ rows: drawn, reference: 0, x: { label: 'x', percent }, width });
        expect(svg.replace(/<(title|desc|text)[^>]*>[^<]*/g, '')).not.toMatch(bad);
        for (const at of numbers(svg, 'circle', 'cx')) expect(at >= 0 && at <= width).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('chartSheet', () => {
  const chart = curvesChart({
    title: 'a < b',
    series: [
      {
        name: 'a',
        points: [
          { x: 1, y: 1 },
          { x: 2, y: 3 },
        ],
      },
    ],
    x: { label: 'x' },
    y: { label: 'y' },
  });

  it('puts charts side by side and under each other in one file', () => {
    const charts = [{ svg: chart, heading: 'first' }, { svg: chart }, { svg: chart }];
    const svg = chartSheet({ title: 'all', subtitle: 'of them', charts, columns: 2 });
    const nested = all(parsed(svg), 'svg svg');
    expect(nested.map((one) => one.getAttribute('x'))).toEqual(['28', '708', '28']);
    expect(nested[2]!.getAttribute('y')! > nested[0]!.getAttribute('y')!).toBe(true);
    expect(words(svg)).toEqual(expect.arrayContaining(['all', 'of them', 'first']));
    expect(svg).toContain('prefers-color-scheme:dark');
  });

  it('refuses what is no chart', () => {
    expect(() => chartSheet({ title: 'a', charts: [{ svg: '<p>' }] })).toThrow('not one of its charts');
  });
});
