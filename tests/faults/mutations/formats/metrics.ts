import { formatMetrics, type MetricsRow, readMetrics } from '../../../../src/runs/metrics.js';
import { mutateBytes, pick } from '../bytes.js';
import { FILE, type Format } from '../run.js';

const epochs: MetricsRow[] = Array.from({ length: 5 }, (_, i) => ({
  epoch: i + 1,
  loss: 1 / (i + 3),
  accuracy: 0.9 + i / 100,
  valLoss: i === 2 ? NaN : null,
  learningRate: 1e-3,
}));
const odd: MetricsRow[] = [
  { 'a, "b"': 'x\ny', __proto__x: '', ['__proto__']: '1e5', 'é𝒳': 'say "hi", twice', n: -Infinity },
  { 'a, "b"': null, __proto__x: 'plain', ['__proto__']: 3, 'é𝒳': '\r\n', n: 1e300 },
];
const files = [epochs, odd, [{ only: null }, { only: 1 }]].map((rows) => new TextEncoder().encode(textOf(rows)));
const inserted = [
  '"',
  '""',
  ',',
  '\n',
  '\r\n',
  '\r',
  ',"',
  '",',
  '\0',
  'NaN',
  '-',
  'e',
  '1'.repeat(200),
  '\ufeff',
  'a,a\n',
].map((text) => new TextEncoder().encode(text));

function textOf(rows: readonly MetricsRow[]): string {
  return rows.map((row, i) => formatMetrics(row, i === 0 ? undefined : Object.keys(rows[0]!))).join('');
}

export const metrics: Format = {
  name: 'metrics.csv',
  make(random) {
    const file = pick(random, files);
    if (random.below(2) === 0) return mutateBytes(file, random);
    let bytes = file;
    for (let changes = 1 + random.below(3); changes > 0; changes--) {
      const at = random.below(bytes.length + 1);
      const text = pick(random, inserted);
      const changed = new Uint8Array(bytes.length + text.length);
      changed.set(bytes.subarray(0, at));
      changed.set(text, at);
      changed.set(bytes.subarray(at), at + text.length);
      bytes = changed;
    }
    return bytes;
  },
  read(bytes) {
    const rows = readMetrics(bytes, FILE);
    if (rows.length === 0) return;
    const columns = Object.keys(rows[0]!);
    // Written again, every row has the same columns and values.
    const again = readMetrics(new TextEncoder().encode(textOf(rows)), FILE);
    for (const [i, row] of rows.entries()) {
      for (const column of columns) {
        const cell = row[column];
        const kind = cell === null ? 'null' : typeof cell;
        if (!Object.hasOwn(row, column) || !['null', 'string', 'number'].includes(kind)) throw new Error(`row ${i}`);
        // CSV knows one zero.
        const other = again[i]?.[column];
        if (cell !== other && !Number.isNaN(cell)) throw new Error(`row ${i}, ${column}: ${cell} became ${other}`);
      }
    }
  },
};
