import { chartColours } from '../../charts/index.js';

const dark = Object.entries(chartColours.dark)
  .map(([name, value]) => `--chart-${name}: ${value}`)
  .join('; ');

/** Of pages with charts: light, dark and print, with the charts' own colours as they are by themselves. */
export const pageStyle = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1f2328; --quiet: #59636e; --line: #d5dae0; --good: #1a6f37; --bad: #a3312b }
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #0d1117; --ink: #e6edf3; --quiet: #9aa4af; --line: #343b44; --good: #5fc97f; --bad: #ff8d85;
    ${dark} }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem }
h1 { font-size: 1.7rem; margin: 0 0 1rem } h2 { font-size: 1.2rem; margin: 2.2rem 0 0.6rem } h3 { font-size: 1rem; margin: 1.4rem 0 0.5rem }
h3.better { color: var(--good) } h3.worse { color: var(--bad) }
p { max-width: 46rem; margin: 0 0 0.8rem } .quiet, footer { color: var(--quiet); font-size: 0.875rem } .note { border-left: 4px solid var(--bad); padding-left: 0.8rem }
.scroll { overflow-x: auto; margin-bottom: 0.6rem } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: 0.3rem 1.1rem 0.3rem 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; font-weight: 400 }
thead th { color: var(--quiet); font-size: 0.875rem } tbody th { text-align: left; font-weight: 600 }
table.figures td:nth-child(2), table.figures th:nth-child(2) { text-align: left }
table.settings td { text-align: left; max-width: 22rem; overflow: hidden; text-overflow: ellipsis } table.settings th { text-align: left }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.5rem } figure { margin: 0 } figure svg { width: 100%; height: auto }
ul.images { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(7.2rem, 1fr)); gap: 0.9rem 0.6rem }
ul.images li { display: flex; flex-direction: column; font-size: 0.875rem; line-height: 1.35 } ul.images img { image-rendering: pixelated; border-radius: 3px; margin-bottom: 0.25rem; outline: 1px solid var(--line) }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem }
@media print { section { break-inside: avoid } section:has(ul.images) { break-inside: auto } ul.images li { break-inside: avoid } }
`;
