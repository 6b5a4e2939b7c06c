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
  /** In their order: `model.summary().layers` fits. */
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
  const names = widest(rows.flatMap(({ type, shape }) => [type, shape]));
  const left = Math.min(0.34 * width, names + 16);
  const gap = 14;
  const column = (width - left - 2 * gap) / 3;
  const at = (index: number): number => left + index * (column + gap);
  const kinds = [
    { heading: 'values', key: 'values', fill: colour(3) },
    { heading: 'parameters', key: 'parameters', fill: colour(1) },
    { heading: 'multiply-adds', key: 'multiplyAdds', fill: colour(2) },
  ] as const;
  const bars = kinds.flatMap(({ key, fill }, index) => {
    const most = Math.max(1, ...rows.map((row) => row[key]));
    const room = index === 0 ? column : column - 46;
    return rows.flatMap((row) => {
      const long = Math.max(1.5, (room * row[key]) / most);
      const begin = index === 0 ? at(0) + (column - long) / 2 : at(index);
      return row[key] === 0
        ? []
        : [{ from: begin, to: begin + long, row: row.row, fill, tall: index === 0 ? 0.5 : 0.22 }];
    });
  });
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
  kinds.forEach(({ heading, key, fill }, index) => {
    const total = rows.reduce((sum, row) => sum + row[key], 0);
    const [place, anchor] = index === 0 ? ([at(0) + column / 2, 'middle'] as const) : ([at(index), 'start'] as const);
    const sum = index === 0 ? 'of an image' : grouped(total);
    svg.append(
      label(place, 12, heading, anchor, { fill, 'font-weight': 600 }),
      label(place, 28, textWidth(sum) <= column ? sum : short(total), anchor, { fill: colour('quiet') }),
    );
  });
  for (const row of rows) {
    const middle = y(row.row);
    svg.append(
      label(0, middle - 3, fitted(row.type, left - 8), 'start', { 'font-weight': 600 }),
      label(0, middle + 12, fitted(row.shape, left - 8), 'start', { fill: colour('quiet') }),
    );
    for (const index of [1, 2] as const) {
      const { key } = kinds[index];
      const most = Math.max(1, ...rows.map((other) => other[key]));
      const long = row[key] === 0 ? 0 : Math.max(1.5, ((column - 46) * row[key]) / most) + 5;
      svg.append(
        label(at(index) + long, middle + 4, row[key] === 0 ? '–' : short(row[key]), 'start', { fill: colour('quiet') }),
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
