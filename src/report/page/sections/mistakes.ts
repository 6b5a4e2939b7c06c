import type { ReportData, TestData } from '../../data.js';
import { html, type Html } from '../html.js';
import { cardList, placesByLoss, shownImages } from '../imageCard.js';
import type { Section } from '../section.js';
import { counted } from '../words.js';

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
  const left = places.length - MOST;
  return html`<p>
      Misread images with the largest loss: the network was sure of itself, and wrong. Bars are the probabilities that
      it gave to the three likeliest classes; that of the right class is blue.
    </p>
    ${cardList(shown, places.slice(0, MOST))}
    ${left > 0 && html`<p class="quiet needs-script">The other ${left} are in the confusion matrix: choose a cell.</p>`}`;
}
