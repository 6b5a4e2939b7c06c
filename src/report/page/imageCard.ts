import type { ReadImage, TestData } from '../data.js';
import { html, type Html } from './html.js';
import { picture, type SpriteSize } from './pictures.js';
import { classNamed, percent } from './words.js';

/** What is known of the test images that can be looked at. */
export interface ShownImages {
  readonly classNames: readonly string[];
  readonly images: readonly ReadImage[];
  readonly sprite: SpriteSize;
}

export function shownImages({ images, sprite }: TestData, classNames: readonly string[]): ShownImages {
  return { classNames, images, sprite: { columns: sprite.columns, count: sprite.count } };
}

/** A test image with what it is, what it was taken for, and how surely; `place` is where it stands in the sprite. */
function imageCard({ classNames, images, sprite }: ShownImages, place: number): Html {
  const { index, label, predicted, loss, top } = images[place]!;
  const [is, read] = [classNamed(classNames, label), classNamed(classNames, predicted)];
  const verdict = label === predicted ? html`<b>${is}</b>, read right` : html`<b>${is}</b> read as <b>${read}</b>`;
  return html`<li class="card">
    ${picture('test', sprite, place, `Test image ${index}`)}
    <p class="verdict">${verdict}</p>
    <p class="quiet">#${index} <span class="loss">loss ${loss.toFixed(2)}</span></p>
    <ol class="top">
      ${top.map(
        (one) =>
          html`<li class="${one.label === label ? 'right' : ''}">
            <span>${classNamed(classNames, one.label)}</span
            ><span class="bar" style="--share:${one.probability.toFixed(3)}"></span
            ><span class="number">${percent(one.probability, 1)}</span>
          </li>`,
      )}
    </ol>
  </li>`;
}

/** The images of one cell of the confusion matrix, the largest loss first. */
export function cellImages(shown: ShownImages, label: number, predicted: number, count: number): Html {
  const places = placesByLoss(shown.images, (image) => image.label === label && image.predicted === predicted);
  const [is, read] = [classNamed(shown.classNames, label), classNamed(shown.classNames, predicted)];
  const heading = label === predicted ? `${is} read right` : `${is} read as ${read}`;
  const images = count === 1 ? '1 image' : `${count} images`;
  const some = places.length < count ? `; here the ${places.length} with the largest loss` : '';
  return html`<h3>${heading}</h3>
    <p class="quiet">${images}${places.length === 0 ? '; none of them is kept in this report' : some}.</p>
    ${cardList(shown, places)}`;
}

const FIRST = 12;

/** Cards in this order: those after the first can be opened. */
export function cardList(shown: ShownImages, places: readonly number[]): Html {
  const cards = (some: readonly number[]): Html =>
    html`<ul class="cards">
      ${some.map((place) => imageCard(shown, place))}
    </ul>`;
  const more = places.slice(FIRST);
  return html`${cards(places.slice(0, FIRST))}${
    more.length > 0 &&
    html`<details class="more">
      <summary>${more.length} more</summary>
      ${cards(more)}
    </details>`
  }`;
}

/** Where such images stand, the largest loss first. */
export function placesByLoss(images: readonly ReadImage[], wanted: (image: ReadImage) => boolean): number[] {
  return images
    .map((_, place) => place)
    .filter((place) => wanted(images[place]!))
    .sort((a, b) => images[b]!.loss - images[a]!.loss);
}
