import { sequentialColour } from '../../../inspect/colours.js';
import type { FeatureMapsData, ReportData, TestData } from '../../data.js';
import { html, type Html, trusted } from '../html.js';
import { picture, sheet } from '../pictures.js';
import type { Section } from '../section.js';
import { classNamed, counted, short, sizes } from '../words.js';

/** What each layer makes of some images. */
export function featureMaps({ featureMaps: maps, test, dataset }: ReportData): Section {
  const some = test && maps?.filter(({ image }) => test.images[image] !== undefined);
  return {
    id: 'feature-maps',
    title: 'What each layer sees',
    content: some && some.length > 0 ? content(some, test, dataset.classNames) : undefined,
    absent: 'The layers’ feature maps were not computed for this report.',
  };
}

function content(maps: readonly FeatureMapsData[], test: TestData, names: readonly string[]): Html {
  // The choice is made by CSS alone, so that it works without the script.
  const choices = maps.map((_, i) => `#map-${i}:checked~.maps .map-${i}{display:grid}`).join('');
  return html`${trusted(`<style>${choices}</style>`)}
    <p>
      Each small picture is one channel of a layer’s output for the chosen image, dark violet where it is silent and
      yellow where it answers most. Early layers keep the strokes; later ones keep less and less of where they were, and
      more of what they are.
    </p>
    <div class="scale sequential" aria-hidden="true">
      <span>least</span><i style="background:${gradient()}"></i><span>most</span>
    </div>
    <div class="picked" role="radiogroup" aria-label="Image">
      ${maps.map(({ image }, i) => radio(i, image, test, names))}
      <div class="maps">
        ${maps.map(
          ({ layers, image }, i) =>
            html`<div class="map map-${i}">
              <h3 class="on-paper">${nameOf(image, test, names)}</h3>
              ${layers.map((layer) => layerMaps(layer, test.images[image]!.index))}
            </div>`,
        )}
      </div>
    </div>`;
}

function radio(i: number, image: number, test: TestData, names: readonly string[]): Html {
  const checked = i === 0 && trusted('checked');
  return html`<input type="radio" name="map" id="map-${i}" ${checked} /><label for="map-${i}"
      >${picture('test', test.sprite, image, '')}<span>${nameOf(image, test, names)}</span></label
    >`;
}

function nameOf(image: number, { images }: TestData, names: readonly string[]): string {
  const { index, label, predicted } = images[image]!;
  const read = label === predicted ? '' : ` read as ${classNamed(names, predicted)}`;
  return `${classNamed(names, label)}${read} (#${index})`;
}

function layerMaps({ name, type, shape, min, max, sprite }: FeatureMapsData['layers'][number], index: number): Html {
  const what = shape.length === 3 ? counted(shape[2]!, 'channel') : counted(shape[0] ?? 0, 'unit');
  return html`<figure class="layer${shape.length === 3 ? '' : ' units'}">
    <figcaption>
      <b>${name}</b> ${sizes(shape)}<span class="quiet">${type} · ${short(min)} to ${short(max)}</span>
    </figcaption>
    ${sheet(sprite, `${what} of ${name} for test image ${index}`)}
  </figure>`;
}

function gradient(): string {
  const stops = Array.from({ length: 9 }, (_, i) => `rgb(${sequentialColour(i / 8).join(' ')})`);
  return `linear-gradient(90deg,${stops.join(',')})`;
}
