import { type Interval, wilsonInterval } from '../../../numeric/statistics.js';
import type { Hardware, Runtime } from '../../../runs/runRecord.js';
import type { ReportData } from '../../data.js';
import { type Content, html, type Html } from '../html.js';
import { counted, duration, grouped, moment, percent } from '../words.js';

/** What came of the run, on what, and how to have it again. */
export function headline(data: ReportData): Html {
  const { record, dataset, missing } = data;
  const { result } = record;
  return html`<header class="headline">
    <p class="kicker">Cifra · report of a training</p>
    <h1>${recipeName(data)} on ${dataset.title}</h1>
    ${record.dataset.notice !== undefined && note('Not MNIST', record.dataset.notice)}
    ${record.finishedAt === undefined && note('Not finished', 'This run was stopped, or is still going on: the report shows how far it came.')}
    <div class="results">
      ${accuracy(data)} ${result && fact('Time', duration(result.seconds), 'for the whole run')}
    </div>
    ${
      missing.length > 0 &&
      note(
        'Missing in this report',
        html`<ul>
          ${missing.map((why) => html`<li>${why}</li>`)}
        </ul>`,
      )
    }
    <dl class="facts">
      ${record.command && term('Command', html`<code>${record.command.map(shellWord).join(' ')}</code>`)}
      ${term('Seed', html`<code>${record.seed}</code>`)}
      ${term('Dataset', html`${dataset.title}: ${counted(record.dataset.trainCount, 'training image')}, ${counted(record.dataset.testCount, 'test image')}; from ${record.dataset.source}`)}
      ${term('Its SHA-256', html`<code class="hash">${record.dataset.hash}</code>`)}
      ${result && term('Weights’ SHA-256', html`<code class="hash">${result.weightsSha256}</code>`)}
      ${term('Hardware', hardware(record.hardware))}
      ${term('Computed by', `${record.backend.name}, ${counted(record.backend.threads, 'thread')}, ${record.backend.numerics} numerics; Cifra ${record.cifraVersion}, ${runtime(record)}`)}
      ${term('Started', moment(record.startedAt))} ${record.note !== undefined && term('Note', record.note)}
    </dl>
  </header>`;
}

function accuracy({ test, record: { result } }: ReportData): Content {
  if (test) return figures(test.accuracy, test.errors, test.count, test.interval, test.loss);
  if (!result) return html`<p class="absent">This run has no result yet: its model was not tested.</p>`;
  const { testAccuracy, testErrors, testCount } = result;
  return figures(testAccuracy, testErrors, testCount, wilsonInterval(testCount - testErrors, testCount));
}

function figures(share: number, errors: number, count: number, { low, high }: Interval, loss?: number): Content {
  return [
    fact('Test accuracy', percent(share), `95% interval ${percent(low)} to ${percent(high)}`, 'first'),
    fact('Errors', grouped(errors), `of ${grouped(count)} test images`),
    loss !== undefined && fact('Test loss', loss.toFixed(4), 'mean over the test images'),
  ];
}

function fact(name: string, value: string, about: string, kind = ''): Html {
  return html`<p class="fact ${kind}">
    <span class="name">${name}</span> <strong>${value}</strong> <span class="about">${about}</span>
  </p>`;
}

function term(name: string, value: Content): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function note(name: string, content: Content): Html {
  return html`<div class="note"><strong>${name}.</strong> ${content}</div>`;
}

function recipeName({ record: { recipe } }: ReportData): string {
  const name = typeof recipe === 'object' && recipe !== null && 'name' in recipe ? recipe['name'] : undefined;
  return typeof name === 'string' ? `Recipe ${name}` : 'A network';
}

/** As it would be typed: words with other than plain signs in quotes. */
/** What is known of the machine. */
function hardware({ cpu, cores, memoryGb, platform }: Hardware): string {
  const parts = [cpu, counted(cores, 'core'), memoryGb && `${memoryGb} GiB`, platform];
  return parts.filter((part) => part !== undefined).join(', ');
}

function runtime({ nodeVersion, browser }: Runtime): string {
  return nodeVersion === undefined ? `in a browser (${browser})` : `Node ${nodeVersion.replace(/^v/, '')}`;
}

function shellWord(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
