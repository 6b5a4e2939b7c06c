// The picture of a benchmark: throughput by batch size and threads, and where the time of a step goes.
import { kernelBars } from './kernelBars.mjs';
import { document, group, quiet, text } from './svg.mjs';
import { throughputChart } from './throughputChart.mjs';

const WIDTH = 1080;
const MARGIN = 40;
const GAP = 36;
const TOP = 100;

/** What there is of throughput and kernels in the report, as SVG; undefined if there is neither. */
export function drawPicture({ cifra, machine, quick, throughput, kernels = [] }) {
  const width = WIDTH - 2 * MARGIN;
  const half = (width - GAP) / 2;
  // From top to bottom; what is drawn has `content` and `height`.
  const rows = [];
  if (throughput) {
    const charts = ['training', 'inference'].map((task) => throughputChart(task, throughput, half));
    rows.push({
      content: charts.map(({ content }, i) => group(i * (half + GAP), 0, content)),
      height: Math.max(...charts.map(({ height }) => height)),
    });
  }
  rows.push(...kernels.filter(({ numerics }) => numerics === 'strict').map((step) => kernelBars(step, width)));
  if (rows.length === 0) return undefined;

  let y = TOP;
  const placed = rows.map(({ content, height }) => {
    const row = group(MARGIN, y, content);
    y += height + GAP;
    return row;
  });
  const { cpu, cores, node } = machine;
  const where = `The seed network on ${cpu}, ${cores} cores, Node ${node}${quick ? '; short windows' : ''}`;
  return document(
    WIDTH,
    y,
    text(MARGIN, 46, `Cifra ${cifra}: how fast it is, and where the time goes`, 'start', {
      'font-size': 20,
      'font-weight': 600,
    }),
    text(MARGIN, 70, where, 'start', quiet),
    ...placed,
  );
}
