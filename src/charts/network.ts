import { grouped } from '../numeric/words.js';
import { type ChartOptions, checkNumber, checkSize, checkSome } from './checks.js';
import { colour } from './colours.js';
import { element } from './document.js';
import { drawFrame, finish, label } from './frame.js';
import { rect } from './plot.js';
import { rowsAxis } from './rows.js';
import { fitted, textWidth, widest } from './textWidth.js';

export interface NetworkChartOptions extends ChartOptions {
  readonly title?: string;
  /** In their order: `model.network.summaryData().layers` fits. */
  readonly layers: readonly {
    readonly name: string;
    /** "Conv2D" */
    readonly type: string;
    /** Without the batch. */
    readonly outputShape: readonly number[];
    readonly parameters: number;
    /** For one image. */
    readonly multiplyAdds: number;
  }[];
}

const ROW = 36;
const TOP = 40;

/**
 * A network to scale: for each layer how many values it gives, as blocks around a middle line from the image to the
 * answer, its parameters and its multiply-adds, each on a scale from 0 of its own.
 * @returns the text of an `<svg>`
 * @throws CifraError `chart-empty` without layers, `chart-value` for numbers below 0
 */
export function networkChart(options: NetworkChartOptions): string {
  const { layers, title = 'The network to scale' } = options;
  const width = checkSize(options.width, 720, 'width');
  const count = checkSome(layers, 'layers');
  const rows = layers.map(({ name, type, outputShape, parameters, multiplyAdds }, row) => {
    outputShape.forEach((size) => checkNumber(size, `a size of ${name}`, 0));
    const values = outputShape.reduce((product, size) => product * size, 1);
    return {
      ...{ name, type, row, values: checkNumber(values, `the values of ${name}`, 0) },
      shape: outputShape.join(' × '),
      parameters: checkNumber(parameters, `the parameters of ${name}`, 0),
      multiplyAdds: checkNumber(multiplyAdds, `the multiply-adds of ${name}`, 0),
    };
  });
  const narrow = width < 560;
  const left = Math.min(0.4 * width, widest(rows.flatMap(({ type, shape }) => [type, shape])) + (narrow ? 10 : 24));
  const columns = columnsFor(left, width);
  const most = (key: Key): number => Math.max(1, ...rows.map((row) => row[key]));
  const long = (key: Key, value: number): number => {
    const room = columns[key].width - (key === 'values' ? 0 : NUMBER);
    return value === 0 ? 0 : Math.max(1.5, (room * value) / most(key));
  };
  const bars = rows.flatMap((row) =>
    KEYS.filter((key) => row[key] > 0).map((key) => {
      const [size, { at, fill }] = [long(key, row[key]), columns[key]];
      const from = key === 'values' ? at + (columns[key].width - size) / 2 : at;
      return { from, to: from + size, row: row.row, fill, tall: key === 'values' ? 0.5 : 0.22 };
    }),
  );
  const height = TOP + count * ROW + 4;
  const { svg, y } = drawFrame({
    ...{ width, height, margins: { left: 0, right: 0, top: TOP, bottom: 4 }, axes: 'x' },
    x: { from: 0, to: width, log: false, ticks: [], format: String },
    y: rowsAxis(count),
    marks: [
      rect(bars, {
        ...{ x1: 'from', x2: 'to', y1: ({ row, tall }: Bar) => row + tall, y2: ({ row, tall }: Bar) => row - tall },
        ...{ fill: 'fill', fillOpacity: 0.8, insetTop: 0.5, insetBottom: 0.5 },
      }),
    ],
  });
  const [quiet, strong] = [{ fill: colour('quiet') }, { 'font-weight': narrow ? 400 : 600 }];
  for (const key of KEYS) {
    const { at, width: room, heading, fill } = columns[key];
    const size = narrow ? 11 : 12;
    if (key === 'values') {
      svg.append(label(at + room / 2, 12, heading, 'middle', { fill, ...strong, 'font-size': size }));
      continue;
    }
    const total = rows.reduce((sum, row) => sum + row[key], 0);
    svg.append(
      label(at, 12, heading, 'start', { fill, ...strong, 'font-size': size }),
      label(at, 28, textWidth(grouped(total)) <= room ? grouped(total) : short(total), 'start', quiet),
    );
  }
  for (const row of rows) {
    const middle = y(row.row);
    svg.append(
      label(0, middle - 3, fitted(row.type, left - 4), 'start', strong),
      label(0, middle + 12, fitted(row.shape, left - 4), 'start', quiet),
    );
    for (const key of ['parameters', 'multiplyAdds'] as const) {
      const [value, { at }] = [row[key], columns[key]];
      svg.append(
        label(
          at + (value === 0 ? 0 : long(key, value) + 5),
          middle + 4,
          value === 0 ? '–' : short(value),
          'start',
          quiet,
        ),
      );
    }
  }
  svg.append(element('line', { x1: 0, x2: width, y1: TOP - 4, y2: TOP - 4, stroke: colour('grid') }));
  const told = rows.map(
    ({ name, type, shape, parameters, multiplyAdds }) =>
      `${name} (${type}): ${shape}, ${grouped(parameters)} parameters, ${grouped(multiplyAdds)} multiply-adds`,
  );
  return finish(svg, { title, description: `${told.join('; ')}.`, standalone: options.standalone });
}

const KEYS = ['values', 'parameters', 'multiplyAdds'] as const;
type Key = (typeof KEYS)[number];
/** Right of a bar: its number. */
const NUMBER = 46;
const GAP = 14;

/** Beside the names: where each kind of bars begins, and its width. */
function columnsFor(left: number, width: number) {
  const unit = (width - left - 2 * GAP) / 2.9;
  const [values, parameters, multiplyAdds] = [0.8 * unit, unit, 1.1 * unit];
  return {
    values: { heading: 'values', fill: colour(3), at: left, width: values },
    parameters: { heading: 'parameters', fill: colour(1), at: left + values + GAP, width: parameters },
    multiplyAdds: {
      heading: 'multiply-adds',
      fill: colour(2),
      at: left + values + parameters + 2 * GAP,
      width: multiplyAdds,
    },
  };
}

interface Bar {
  readonly row: number;
  readonly tall: number;
}

/** 320, 18.5k, 3.21M */
function short(value: number): string {
  for (const [size, letter] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value < 0.9995 * size) continue;
    const digits = value / size < 9.995 ? 2 : value / size < 99.95 ? 1 : 0;
    return `${(value / size).toFixed(digits)}${letter}`;
  }
  return String(value);
}
