import type { ReportData, TestData } from '../../data.js';
import { html, type Html } from '../html.js';
import { imageCard, placesByLoss, shownImages } from '../imageCard.js';
import type { Section } from '../section.js';
import { counted } from '../words.js';

const FIRST = 12;
const MOST = 60;

/** The errors that cost most. */
export function mistakes({ test, dataset }: ReportData): Section {
  return {
    id: 'mistakes',
    title: 'The worst mistakes',
    content: test && content(test, dataset.classNames),
    absent: 'How this model reads the test images is not known, so there are no mistakes to show.',
  };
}

function content(test: TestData, names: readonly string[]): Html {
  const shown = shownImages(test, names);
  const places = placesByLoss(test.images, ({ label, predicted }) => label !== predicted);
  if (places.length === 0) return html`<p>All ${counted(test.count, 'test image')} were read right.</p>`;
  const cards = (some: readonly number[]): Html =>
    html`<ul class="cards">
      ${some.map((place) => imageCard(shown, place))}
    </ul>`;
  const more = places.slice(FIRST, MOST);
  const left = places.length - FIRST - more.length;
  return html`<p>
      Misread images with the largest loss: the network was sure of itself, and wrong. Bars are the probabilities that
      it gave; the right class has the darker one, where it is among the three likeliest.
    </p>
    ${cards(places.slice(0, FIRST))}
    ${
      more.length > 0 &&
      html`<details>
        <summary>${counted(more.length, 'more mistake')}</summary>
        ${cards(more)}
        ${left > 0 && html`<p class="quiet">The other ${left} are in the confusion matrix: choose a cell.</p>`}
      </details>`
    }`;
}
