// The report as a picture: a panel for each measure, a bar for each side.
import { measures } from './sides.mjs';
import { figure } from './tables.mjs';

const WIDTH = 760;
const LABELS = 190; // where bars begin
const FIGURES = 90; // room behind the longest bar
const BAR = 18;
const ROW = 24;
const TITLE = 44;
/** A time longer than this many times the shortest is a bar that is cut. */
const CUT = 10;

const style = `
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .title { font-weight: 600 }
    .small { font-size: 12px; fill: #59636e }
    .ground { fill: #ffffff }
    .cifra { fill: #0969da }
    .peer { fill: #afb8c1 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .small { fill: #9198a1 }
      .ground { fill: #0d1117 }
      .cifra { fill: #4493f8 }
      .peer { fill: #656c76 }
    }
  `;

/** @param report as main.mjs makes it */
export function picture({ sides, machine, threads, date }) {
  const parts = [];
  let y = 0;
  for (const measure of measures) {
    const bars = sides.filter(({ results }) => results[measure.name].median !== undefined);
    if (bars.length === 0) continue;
    const better = measure.isTime ? 'less is better' : 'more is better';
    y += TITLE;
    parts.push(`<text class="title" x="16" y="${y - 14}">${measure.title}: ${measure.unit}, ${better}</text>`);
    const medians = bars.map(({ results }) => results[measure.name].median);
    const longest = Math.min(Math.max(...medians), measure.isTime ? CUT * Math.min(...medians) : Infinity);
    for (const side of bars) {
      parts.push(bar(side, measure, longest, y));
      y += ROW;
    }
  }
  const { cpu, cores, node } = machine;
  const text = `The seed network, ${threads} ${threads === 1 ? 'thread' : 'threads'}, f32. ${cpu}, ${cores} cores, Node ${node}, ${date.slice(0, 10)}.`;
  y += 28;
  parts.push(`<text class="small" x="16" y="${y}">${escape(text)} Medians.</text>`);
  const height = y + 18;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
  <title>Cifra beside other packages</title>
  <style>${style}</style>
  <rect class="ground" width="${WIDTH}" height="${height}" rx="6"/>
  ${parts.join('\n  ')}
</svg>
`;
}

function bar({ title, isCifra, results }, { name, isTime }, longest, y) {
  const { median, note } = results[name];
  const width = Math.max(1, Math.min(1, median / longest) * (WIDTH - LABELS - FIGURES));
  const middle = y + BAR / 2 + 5;
  const value = figure(median, isTime) + (note ? ` (${note})` : '');
  return [
    `<text x="${LABELS - 8}" y="${middle}" text-anchor="end">${escape(title)}</text>`,
    `<rect class="${isCifra ? 'cifra' : 'peer'}" x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
    median > longest ? `<path class="ground" d="M${LABELS + width - 24} ${y + BAR}l6 -${BAR}h6l-6 ${BAR}z"/>` : '',
    `<text x="${(LABELS + width + 6).toFixed(1)}" y="${middle}">${escape(value)}</text>`,
  ].join('');
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
