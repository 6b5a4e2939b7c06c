// What charts cost: the size of what draws them, its import, and each chart's time and size.
//   npm run build && node bench/charts.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const bundle = readFileSync(join(import.meta.dirname, '../dist/charts/plot.js'));
console.log(`plot.js: ${kilobytes(bundle.length)}, ${kilobytes(gzipSync(bundle).length)} by gzip`);

const begin = performance.now();
const { classesChart, coverageChart, curvesChart, networkChart, sharesChart } = await import('cifra/charts');
console.log(`import: ${(performance.now() - begin).toFixed(0)} ms`);

const points = (count, end) => Array.from({ length: count }, (_, i) => ({ x: i + 1, y: end + 1 / (i + 2) }));
const axes = { x: { label: 'epoch' }, y: { label: 'loss' } };
const series = ['training', 'validation'].map((name, i) => ({ name, points: points(20, i) }));
const coverage = Array.from({ length: 10_000 }, (_, i) => ({
  confidence: 0.9,
  share: (i + 1) / 10_000,
  accuracy: 0.99,
}));
const classes = Array.from({ length: 10 }, (_, i) => ({ name: `${i}`, recall: 0.99, precision: 0.98, count: 1000 }));
const layer = { name: 'conv2d', type: 'Conv2D', outputShape: [26, 26, 32], parameters: 320, multiplyAdds: 194_688 };
const parts = Array.from({ length: 8 }, (_, i) => ({ name: `part ${i}`, share: 0.125 }));
const drawings = {
  'curves, 2 of 20 points': () => curvesChart({ title: 'Loss', series, ...axes }),
  'coverage of 10,000 images': () => coverageChart({ coverage, count: 10_000 }),
  '10 classes': () => classesChart({ classes }),
  'network of 15 layers': () => networkChart({ layers: Array.from({ length: 15 }, () => layer) }),
  '8 shares': () => sharesChart({ parts, total: 48, unit: 'ms' }),
};
for (const [name, draw] of Object.entries(drawings)) {
  const times = Array.from({ length: 21 }, () => {
    const start = performance.now();
    draw();
    return performance.now() - start;
  });
  const [first] = times;
  const median = times.sort((a, b) => a - b)[10];
  console.log(`${name}: ${first.toFixed(1)} ms at first, then ${median.toFixed(1)} ms; ${kilobytes(draw().length)}`);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
