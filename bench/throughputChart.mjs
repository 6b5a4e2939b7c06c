// Images a second by batch size: a line for each number of threads, with a band from the slowest to the fastest window.
import { blue, element, group, heading, points, quiet, text } from './svg.mjs';
import { format } from './text.mjs';
import { BATCH } from './seedNetwork.mjs';

const AXIS = 52;
const PLOT_HEIGHT = 240;
const LEGEND_ROW = 19;

/** @param results those of throughput.mjs */
export function throughputChart(task, results, width) {
  const ofTask = results.filter((result) => result.task === task);
  const batches = [...new Set(ofTask.map(({ batch }) => batch))];
  const step = niceStep(Math.max(...ofTask.map(({ fastest }) => fastest)) / 5);
  const ticks = ticksUpTo(Math.max(...ofTask.map(({ fastest }) => fastest)), step);
  const [first, last] = [Math.log2(batches[0]), Math.log2(batches.at(-1))];
  const x = (batch) => AXIS + 14 + ((Math.log2(batch) - first) / Math.max(1, last - first)) * (width - AXIS - 28);
  const y = (rate) => PLOT_HEIGHT * (1 - rate / ticks.at(-1));

  const series = seriesOf(ofTask);
  const plotTop = 34 + series.length * LEGEND_ROW + 10;
  return {
    content: [
      text(0, 12, `${task === 'training' ? 'Training' : 'Inference'}, images/s by batch size`, 'start', heading),
      ...series.map((one, i) => group(AXIS, 34 + i * LEGEND_ROW, legend(one))),
      group(
        0,
        plotTop,
        ticks.map((rate) => [
          element('line', { x1: AXIS, x2: width, y1: y(rate), y2: y(rate), stroke: rate === 0 ? '#999' : '#e6e6e6' }),
          text(AXIS - 8, y(rate) + 4, format(rate), 'end', quiet),
        ]),
        batches.map((batch) => text(x(batch), PLOT_HEIGHT + 18, format(batch), 'middle', quiet)),
        series.map((one) => marks(one, x, y)),
      ),
    ],
    height: plotTop + PLOT_HEIGHT + 22,
  };
}

/** A line for each number of threads, and a diamond for each at relaxed numerics. */
function seriesOf(results) {
  const threads = [...new Set(results.map((result) => result.threads))];
  return ['strict', 'relaxed'].flatMap((numerics) =>
    threads.flatMap((count, i) => {
      const of = results.filter((result) => result.numerics === numerics && result.threads === count);
      const colour = blue((i + 1) / threads.length);
      return of.length > 0 ? [{ numerics, count, colour, of }] : [];
    }),
  );
}

function legend({ numerics, count, colour, of }) {
  const middle = of.find(({ batch }) => batch === BATCH);
  const figure = middle ? `: ${format(middle.median)} at batch ${BATCH}` : '';
  const mark =
    numerics === 'relaxed'
      ? diamond(12, 0, colour)
      : element('line', { x1: 0, x2: 24, y1: 0, y2: 0, stroke: colour, 'stroke-width': 3 });
  const words = `${count} ${count === 1 ? 'thread' : 'threads'}${numerics === 'relaxed' ? ', relaxed numerics' : ''}`;
  return [mark, text(34, 4, words + figure)];
}

function marks({ numerics, colour, of }, x, y) {
  if (numerics === 'relaxed') return of.map(({ batch, median }) => diamond(x(batch), y(median), colour));
  const medians = of.map(({ batch, median }) => [x(batch), y(median)]);
  const fastest = of.map(({ batch, fastest: rate }) => [x(batch), y(rate)]);
  const slowest = of.map(({ batch, slowest: rate }) => [x(batch), y(rate)]);
  return [
    element('polygon', { points: points([...fastest, ...slowest.reverse()]), fill: colour, opacity: 0.2 }),
    element('polyline', { points: points(medians), fill: 'none', stroke: colour, 'stroke-width': 2 }),
    medians.map(([cx, cy]) => element('circle', { cx, cy, r: 3, fill: colour })),
  ];
}

function diamond(x, y, stroke) {
  const corners = points([
    [x, y - 6],
    [x + 6, y],
    [x, y + 6],
    [x - 6, y],
  ]);
  return element('polygon', { points: corners, fill: '#f5a03c', stroke, 'stroke-width': 2 });
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= least);
}

function ticksUpTo(value, step) {
  return Array.from({ length: Math.ceil(value / step) + 1 }, (_, i) => i * step);
}
