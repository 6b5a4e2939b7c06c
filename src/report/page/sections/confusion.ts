import type { ReportData, TestData } from '../../data.js';
import { html, type Html } from '../html.js';
import { cellImages, shownImages } from '../imageCard.js';
import type { Section } from '../section.js';
import { classNamed, grouped } from '../words.js';

/** What was taken for what. */
export function confusion({ test, dataset }: ReportData): Section {
  return {
    id: 'confusion',
    title: 'What it takes for what',
    content: test && content(test, dataset.classNames),
    absent: 'How this model reads the test images is not known, so there is no confusion matrix.',
  };
}

function content(test: TestData, names: readonly string[]): Html {
  const [label, predicted] = mostFrequentError(test.confusion);
  const count = test.confusion[label]?.[predicted] ?? 0;
  return html`<fieldset class="choice">
      <legend>Show</legend>
      <label><input type="radio" name="confusion-as" value="counts" checked /><span>Counts</span></label>
      <label><input type="radio" name="confusion-as" value="shares" /><span>Percent of each row</span></label>
    </fieldset>
    <p class="visually-hidden" id="cell-told" role="status"></p>
    <div class="matrix-and-images">
      <div class="scroll" tabindex="0" role="group" aria-label="Confusion matrix">
        <table class="matrix" id="matrix">
          <caption>
            Rows: what the image is. Columns: what it was read as.
            <span class="needs-script">Choose a cell to see its images; the arrow keys go from cell to cell.</span>
          </caption>
          <thead>
            <tr>
              <td></td>
              ${names.map((name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${test.confusion.map((row, i) => matrixRow(row, i, names, mostOff(test.confusion)))}
          </tbody>
        </table>
      </div>
      <div id="cell-images" class="cell-images" role="region" aria-label="Images of the chosen cell">
        ${test.errors > 0 ? cellImages(shownImages(test, names), label, predicted, count) : html`<p>There is no error.</p>`}
      </div>
    </div>`;
}

function matrixRow(row: readonly number[], label: number, names: readonly string[], most: number): Html {
  const all = row.reduce((sum, count) => sum + count, 0);
  return html`<tr>
    <th scope="row">${classNamed(names, label)}</th>
    ${row.map((count, predicted) => {
      const right = label === predicted;
      const heat = right || count === 0 ? 0 : Math.sqrt(count / most);
      const kind = right ? 'right' : count === 0 ? 'none' : 'wrong';
      const share = all === 0 ? '–' : ((100 * count) / all).toFixed(count === all ? 0 : 1);
      return html`<td
        class="${kind}"
        style="--heat:${heat.toFixed(2)}"
        data-label="${label}"
        data-predicted="${predicted}"
        data-count="${count}"
      >
        <span class="count">${grouped(count)}</span><span class="share">${share}</span>
      </td>`;
    })}
  </tr>`;
}

function mostOff(rows: readonly (readonly number[])[]): number {
  return Math.max(1, ...rows.flatMap((row, i) => row.filter((_, j) => i !== j)));
}

function mostFrequentError(rows: readonly (readonly number[])[]): [label: number, predicted: number] {
  let best: [number, number] = [0, 0];
  let most = 0;
  rows.forEach((row, i) =>
    row.forEach((count, j) => {
      if (i === j || count <= most) return;
      most = count;
      best = [i, j];
    }),
  );
  return best;
}
