// The report as text.
import { measures } from './sides.mjs';

/** @param report as main.mjs makes it: sides with the results of their windows */
export function tables({ sides, missing }) {
  const parts = [];
  parts.push(table(['median (lowest-highest)', ...titles()], sides.map(figures)));
  for (const ours of sides.filter(({ isCifra }) => isCifra)) {
    const others = sides.filter(({ isCifra }) => !isCifra);
    if (others.length === 0) continue;
    const rows = others.map((other) => [other.title, ...measures.map((measure) => times(ours, other, measure))]);
    parts.push(table([`${ours.title}: times as fast as`, ...measures.map(({ title }) => title)], rows));
  }
  parts.push(['Versions', ...sides.map(({ title, version }) => `  ${title.padEnd(24)} ${version}`)].join('\n'));
  const notes = sides.flatMap(notesOf);
  if (notes.length > 0) parts.push(['Notes', ...new Set(notes)].join('\n'));
  if (missing.length > 0) parts.push(['Not measured', ...absences(missing)].join('\n'));
  return parts.join('\n\n');
}

const titles = () => measures.map(({ title, unit }) => `${title}, ${unit}`);

function figures({ title, results }) {
  return [title, ...measures.map((measure) => cell(results[measure.name], measure))];
}

function cell({ median, windows }, { isTime }) {
  if (median === undefined) return '-';
  const range = `${figure(Math.min(...windows), isTime)}-${figure(Math.max(...windows), isTime)}`;
  return `${figure(median, isTime)} (${range})`;
}

/** Three digits at least. */
export function figure(value, isTime) {
  if (isTime || value < 10) return value.toFixed(value < 10 ? 2 : 1);
  return Math.round(value).toLocaleString('en');
}

/** How many times as fast `ours` is as `other`; above 1 it is faster, in all measures. */
function times(ours, other, { name, isTime }) {
  const [a, b] = [ours.results[name].median, other.results[name].median];
  if (a === undefined || b === undefined) return '-';
  const ratio = isTime ? b / a : a / b;
  return ratio.toFixed(ratio < 10 ? 2 : 0);
}

function notesOf({ title, note, results }) {
  const reasons = measures.flatMap(({ name, short }) => {
    const said = results[name].lacks ?? results[name].note;
    return said ? [`  ${title}, ${short}: ${said}`] : [];
  });
  return note ? [`  ${title}: ${note}`, ...reasons] : reasons;
}

/** Those that failed, those that are not installed, and how that is done. */
function absences(missing) {
  const reasons = missing.map(({ title, reason, install }) => {
    return `  ${title} ${install ? 'is not installed' : 'failed'}: ${reason}`;
  });
  const installs = new Set(missing.flatMap(({ install }) => install ?? []));
  return [...reasons, ...[...installs].map((install) => `  To install: ${install}`)];
}

function table(head, rows) {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells) =>
    cells.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join('   ');
  return [line(head), ...rows.map(line)].join('\n');
}
