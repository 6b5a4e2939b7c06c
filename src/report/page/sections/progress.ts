import type { ReportData } from '../../data.js';
import { html, type Html } from '../html.js';
import { epochName, kernelPictures, largest, predictions, type Watching } from '../progressView.js';
import { figure, type Section } from '../section.js';
import { short, sizes } from '../words.js';

/** First-layer kernels and some predictions, epoch by epoch. */
export function progress(data: ReportData): Section {
  const watching = watchingOf(data);
  return {
    id: 'kernels',
    title: 'Kernels and predictions, epoch by epoch',
    content: watching && content(watching),
    absent: 'Nothing was recorded while this run was trained, so its kernels cannot be shown as they came to be.',
  };
}

export function watchingOf({ progress: data, test, dataset }: ReportData): Watching | undefined {
  if (!data || !test || data.snapshots.length === 0) return undefined;
  if (data.watched.some((place) => test.images[place] === undefined)) return undefined;
  const images = data.watched.map((place) => test.images[place]!);
  const { columns, count } = test.sprite;
  return { ...data, classNames: dataset.classNames, images, sprite: { columns, count } };
}

function content(watching: Watching): Html {
  const filters = watching.shape[3];
  const last = watching.snapshots.length - 1;
  return html`<div class="slider">
      <button type="button" class="button needs-script" id="play"><span aria-hidden="true">▶</span> Play</button>
      <label for="epoch" class="visually-hidden">Epoch</label>
      <input
        class="needs-script"
        type="range"
        id="epoch"
        min="0"
        max="${last}"
        value="${last}"
        step="1"
        aria-valuetext="${epochName(watching, last)}"
      />
      <p class="moment" id="moment"><b>${epochName(watching, last)}</b></p>
    </div>
    ${filters > 0 ? kernels(watching, last) : html`<p class="absent">The network has no convolution whose kernels could be shown.</p>`}
    <h3>The same images after every epoch</h3>
    <p>Columns are the probabilities of the classes; the right class has the blue one.</p>
    <ul class="cards" id="predictions">
      ${predictions(watching, last)}
    </ul>
    <p class="visually-hidden" id="told" role="status"></p>`;
}

function kernels(watching: Watching, snapshot: number): Html {
  const { layer, shape } = watching;
  const [height, width, channels, filters] = shape;
  const scale = short(largest(watching));
  return figure(
    html`<div class="kernels" id="kernel-pictures" role="img" aria-label="${filters} kernels of layer ${layer}">
        ${kernelPictures(watching, snapshot)}
      </div>
      <div class="scale diverging" aria-hidden="true"><span>−${scale}</span><i></i><span>${scale}</span></div>`,
    html`The ${filters} kernels of <code>${layer}</code>,
      ${sizes([height, width])}${channels > 1 && html` over ${channels} channels`}: what the network looks for first.
      Red weights want ink, blue ones want none; a kernel that is red on one side and blue on the other answers to an
      edge.`,
  );
}
