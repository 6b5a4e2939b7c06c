import type { AugmentationData, ReportData } from '../../data.js';
import { html, type Html } from '../html.js';
import { picture } from '../pictures.js';
import type { Section } from '../section.js';

/** Training images as the network was given them. */
export function augmentation({ augmentation: data, phases }: ReportData): Section {
  return {
    id: 'augmentation',
    title: 'What augmentation did to the images',
    content: data && data.sprite.count > 0 ? content(data) : undefined,
    absent: phases.some(({ augmented }) => augmented)
      ? 'No samples of the augmented images are in this report.'
      : 'This run used no augmentation: every epoch had the images as they are.',
  };
}

function content({ sprite, epochs }: AugmentationData): Html {
  const rows = Math.floor(sprite.count / (epochs.length + 1));
  const one = (row: number, column: number): number => row * (epochs.length + 1) + column;
  return html`<p>
      In augmented epochs each training image is changed anew every time: turned, moved, sheared or resized a little, so
      that the network cannot learn the pixels by heart and must learn the digit.
    </p>
    <div class="scroll" tabindex="0" role="group" aria-label="Augmented images">
      <table class="samples">
        <caption>
          Each row a training image, and what the network was given of it
        </caption>
        <thead>
          <tr>
            <th scope="col">Original</th>
            ${epochs.map((epoch) => html`<th scope="col">Epoch ${epoch}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${Array.from(
            { length: rows },
            (_, row) =>
              html`<tr>
                <th scope="row">${picture('augmentation', sprite, one(row, 0), `Training image ${row + 1}`)}</th>
                ${epochs.map((epoch, i) => html`<td>${picture('augmentation', sprite, one(row, i + 1), `Image ${row + 1} in epoch ${epoch}`)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
