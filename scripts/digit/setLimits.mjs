// Sets what counts as a digit (src/digit/limits.ts) from what measure.mjs --out wrote.
//   node scripts/digit/setLimits.mjs measured.json [--refused 0.007] [--write]
// Limits of geometry: nearly all digits (MNIST's and the made ones) stay within, with a margin. The real pictures set
// nothing. Then of all pairs of limits for confidence and digitness that refuse no more than --refused of MNIST's images
// in all, the one that refuses most of what is no digit.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { judge, LIMITS } from '../../dist/digit/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { refused: { type: 'string', default: '0.007' }, write: { type: 'boolean', default: false } },
});
const all = JSON.parse(readFileSync(positionals[0], 'utf8'));
const of = (...sets) => all.filter(({ set }) => sets.includes(set));
const digits = of('mnist', 'round trip', 'pen', 'trouble');
const mnist = of('mnist');
const others = of('nothing', 'letters');

/** The value that all but `share` of the digits stay at or below: a name or a function of their geometry. */
function most(what, share = 0.001) {
  const value = typeof what === 'function' ? what : (geometry) => geometry[what];
  const sorted = digits.map(({ geometry }) => value(geometry)).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((1 - share) * sorted.length) - 1)];
}
const rounded = (value, digits = 2) => Number(value.toFixed(digits));
const geometry = {
  ...LIMITS,
  mostNoise: rounded(Math.max(0.08, 1.5 * most('noise'))),
  mostHues: rounded(2 * most('hues')),
  mostPieces: Math.max(8, most('pieces') + 2),
  mostParts: Math.max(4, most('parts') + 1),
  mostAspect: rounded(1.1 * most('aspect')),
  mostCoverage: rounded(1.15 * most('coverage')),
  mostWidest: rounded(1.05 * most('widest')),
  mostUneven: rounded(1.3 * most(({ widest, strokeWidth }) => (widest > 0 ? widest / strokeWidth : 1))),
};

const atEdge = digits.filter((item) => item.geometry.edges > 0 && item.digitness !== undefined);
geometry.leastDigitnessAtEdge = rounded(0.8 * Math.min(...atEdge.map(({ digitness }) => digitness), 1));

const refused = (items, limits) => items.filter((item) => judge(item.geometry, item, limits).status !== 'ok').length;
const quantiles = (pick) => {
  const sorted = mnist.map(pick).sort((a, b) => a - b);
  const shares = Array.from({ length: 15 }, (_, i) => (i / 14) * Number(values.refused));
  return [...new Set(shares.map((share) => sorted[Math.floor(share * sorted.length)]))];
};
let best;
const hasGate = all.every(({ digitness }) => digitness !== undefined);
for (const confidence of quantiles(({ probabilities }) => Math.max(...probabilities))) {
  for (const digitness of hasGate ? quantiles((item) => item.digitness) : [0]) {
    const limits = { ...geometry, leastConfidence: confidence, leastDigitness: digitness };
    if (refused(mnist, limits) > Number(values.refused) * mnist.length) continue;
    const found = refused(others, limits);
    if (!best || found > best.found) best = { limits, found };
  }
}
if (!best) throw new Error('No limits refuse so few of the digits.');
const limits = {
  ...best.limits,
  leastConfidence: rounded(best.limits.leastConfidence, 3),
  leastDigitness: rounded(best.limits.leastDigitness, 4),
};
console.log(limits);
for (const set of new Set(all.map((item) => item.set))) {
  const items = of(set);
  console.log(`${set}: ${((100 * refused(items, limits)) / items.length).toFixed(2)}% of ${items.length} refused`);
}
if (values.write) {
  const file = new URL('../../src/digit/limits.ts', import.meta.url);
  const text = readFileSync(file, 'utf8');
  const table = Object.entries(limits).map(([name, value]) => `  ${name}: ${value},\n`);
  writeFileSync(file, text.replace(/(export const LIMITS: Limits = \{\n)[^}]*\}/, `$1${table.join('')}}`));
}
