import { chartColours } from '../../charts/index.js';
import type { ReportData } from '../data.js';
import { html, type Html, jsonText, trusted } from './html.js';
import { shownImages } from './imageCard.js';
import { page as assets } from './page.generated.js';
import type { PageData } from './pageData.js';
import { spriteStyle } from './pictures.js';
import { sectionElement, type SectionOf } from './section.js';
import { augmentation } from './sections/augmentation.js';
import { classes } from './sections/classes.js';
import { confusion } from './sections/confusion.js';
import { curves } from './sections/curves.js';
import { featureMaps } from './sections/featureMaps.js';
import { headline } from './sections/headline.js';
import { mistakes } from './sections/mistakes.js';
import { network } from './sections/network.js';
import { progress, watchingOf } from './sections/progress.js';
import { reliability } from './sections/reliability.js';
import { robustness } from './sections/robustness.js';
import { settings } from './sections/settings.js';
import { time } from './sections/time.js';

const parts: readonly SectionOf[] = [
  ...[curves, confusion, classes, mistakes, reliability],
  ...[network, progress, featureMaps, augmentation, robustness, time, settings],
];

/** Nothing comes from elsewhere, and no script but ours runs. */
const policy = [
  "default-src 'none'",
  'img-src data:',
  "style-src 'unsafe-inline'",
  `script-src '${assets.scriptHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * A run's report as one HTML document: it needs no network and no other file, and shows all but the choices without its
 * script.
 */
export function reportPage(data: ReportData): string {
  const sections = parts.map((part) => part(data));
  const title = `${data.name} · Cifra`;
  return `<!doctype html>\n${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${trusted(`${assets.style}:root { ${chartStyle} }`)}${styles(data)}
        </style>
      </head>
      <body>
        <a class="skip" href="#report">To the report</a>
        <nav class="contents" aria-label="Contents">
          <button type="button" class="button needs-script" id="theme">Dark</button>
          <ol>
            ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
          </ol>
        </nav>
        <main id="report">
          ${headline(data)} ${sections.map(sectionElement)}
          <footer class="quiet">
            Written by Cifra ${data.record.cifraVersion} from the run <code>${data.name}</code>. This file is all there
            is to it: it loads nothing.
          </footer>
        </main>
        <script type="application/json" id="data">
          ${jsonText(pageData(data))}
        </script>
        ${trusted(`<script>${assets.script}</script>`)}
      </body>
    </html>`.text
  }\n`;
}

/** The charts' own colours, for the theme that the reader chose. */
const chartStyle = ([1, 2, 3, 4, 5, 6] as const)
  .map((name) => [name, chartColours.light[name], chartColours.dark[name]] as const)
  .map(([name, light, dark]) => `--chart-${name}: light-dark(${light}, ${dark});`)
  .join(' ');

function styles({ test, augmentation: samples, robustness: strips }: ReportData): Html {
  return html`${test && spriteStyle('test', test.sprite)}${samples && spriteStyle('augmentation', samples.sprite)}${strips?.strips.map(
    ({ sprite }, i) => spriteStyle(`strip-${i}`, sprite),
  )}`;
}

function pageData(data: ReportData): PageData {
  const watching = watchingOf(data);
  return {
    ...(data.test && { shown: shownImages(data.test, data.dataset.classNames) }),
    ...(watching && { watching }),
  };
}
