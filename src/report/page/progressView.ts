import { divergingColour } from '../../inspect/colours.js';
import type { ProgressData, ReadImage } from '../data.js';
import { html, type Html, trusted } from './html.js';
import { picture, type SpriteSize } from './pictures.js';
import { classNamed, percent } from './words.js';

/** Kernels and watched predictions after an epoch: for the page as it is written, and for its slider. */
export interface Watching extends ProgressData {
  readonly classNames: readonly string[];
  /** Those watched, in `watched`'s order. */
  readonly images: readonly ReadImage[];
  readonly sprite: SpriteSize;
}

/** Pictures of more than so many kernels would be too small to see anything. */
const MOST_KERNELS = 128;

/** Each kernel a picture: blue below 0, white at 0, red above, on one scale for all epochs. */
export function kernelPictures(watching: Watching, snapshot: number): Html {
  const [height, width, channels, filters] = watching.shape;
  const { kernels } = watching.snapshots[snapshot]!;
  const scale = largest(watching);
  const count = Math.min(MOST_KERNELS, channels * filters);
  const pictures = Array.from({ length: count }, (_, i) => {
    const [filter, channel] = [Math.floor(i / channels), i % channels];
    let cells = '';
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = kernels[((y * width + x) * channels + channel) * filters + filter] ?? 0;
        const colour = divergingColour(scale === 0 ? 0 : value / scale).join(' ');
        cells += `<path fill="rgb(${colour})" d="M${x} ${y}h1v1h-1z"/>`;
      }
    }
    return `<svg viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges">${cells}</svg>`;
  });
  return trusted(pictures.join(''));
}

/** The largest absolute weight of all epochs. */
export function largest({ snapshots }: ProgressData): number {
  return snapshots.reduce(
    (most, { kernels }) => kernels.reduce((sum, value) => Math.max(sum, Math.abs(value)), most),
    0,
  );
}

/** What each watched image was read as then, and the probability of every class. */
export function predictions({ classNames, images, watched, sprite, snapshots }: Watching, snapshot: number): Html {
  const { probabilities } = snapshots[snapshot]!;
  return html`${watched.map((place, i) => {
    const { index, label } = images[i]!;
    const row = probabilities[i] ?? [];
    const read = row.indexOf(Math.max(...row));
    const verdict = read === label ? 'right' : 'wrong';
    return html`<li class="card watched ${verdict}">
      ${picture('test', sprite, place, `Test image ${index}`)}
      <p class="verdict"><b>${classNamed(classNames, label)}</b> read as <b>${classNamed(classNames, read)}</b></p>
      <p class="quiet">${percent(row[read] ?? 0, 1)} sure</p>
      <div class="columns" aria-hidden="true">
        ${row.map(
          (probability, c) =>
            html`<span class="${c === label ? 'right' : ''}"
              ><i style="--share:${probability.toFixed(3)}"></i>${c}</span
            >`,
        )}
      </div>
    </li>`;
  })}`;
}

export function epochName({ snapshots }: ProgressData, snapshot: number): string {
  const { epoch } = snapshots[snapshot]!;
  return epoch === 0 ? 'Before training' : `After epoch ${epoch}`;
}
