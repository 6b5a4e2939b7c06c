import { useRef } from 'preact/hooks';
import { firstKernels } from './kernels.js';
import { DigitPicture, WeightsPicture } from './Picture.js';
import { mistakes, run, weights } from './training.js';
import type { Mistake } from './trainerApi.js';
import { classNamed, counted, percent, short } from './words.js';

/** What the network is like inside while it learns, and what it still gets wrong. */
export function Inside() {
  return (
    <div class="train-inside">
      <KernelsNow />
      <MistakesNow />
    </div>
  );
}

function KernelsNow() {
  // One scale for the whole run, so that colours keep their meaning: it only ever widens.
  const widest = useRef({ place: '', scale: 0 });
  const facts = run.value;
  const kernels = facts && weights.value && firstKernels(facts.network, weights.value);
  if (facts && widest.current.place !== facts.place) widest.current = { place: facts.place, scale: 0 };
  if (kernels) widest.current.scale = Math.max(widest.current.scale, kernels.largest);
  const { scale } = widest.current;
  return (
    <section>
      <h2>What it looks for first</h2>
      {kernels ? (
        <>
          <div class="train-kernels" role="img" aria-label={`${kernels.pictures.length} kernels of ${kernels.layer}`}>
            {kernels.pictures.map((values, i) => (
              <WeightsPicture key={i} values={values} width={kernels.width} scale={scale} />
            ))}
          </div>
          <div class="train-scale" aria-hidden="true">
            <span>−{short(scale)}</span>
            <i />
            <span>{short(scale)}</span>
          </div>
        </>
      ) : (
        <p class="train-absent train-kernels-room">The weights of the first layer come here.</p>
      )}
      <p class="quiet">
        The first layer’s kernels: small windows that slide over the image. Red weights want ink, blue ones want none;
        red on one side and blue on the other finds an edge.
      </p>
    </section>
  );
}

/** So many places, whether there are mistakes for them or not: the page stays where it is. */
const PLACES = 12;

function MistakesNow() {
  const now = mistakes.value;
  const kind = run.value?.recipe.validation === 'test' ? 'test image' : 'held-out image';
  const worst = now?.worst.slice(0, PLACES) ?? [];
  const wordy = run.value?.dataset.classNames.some((name) => name.length > 2);
  return (
    <section>
      <h2>Its worst mistakes</h2>
      <p class="train-told">
        {now
          ? `After step ${now.steps}: ${counted(now.errors, 'error')} on ${counted(now.of, kind)}.`
          : 'Once it has been tried on held-out images, they come here.'}
      </p>
      <ul class={wordy ? 'train-mistakes wordy' : 'train-mistakes'}>
        {worst.map((mistake, i) => (
          <li key={i}>
            <MistakeCard mistake={mistake} />
          </li>
        ))}
        {Array.from({ length: PLACES - worst.length }, (_, i) => (
          <li key={`none${i}`} class="train-none" aria-hidden="true" />
        ))}
      </ul>
    </section>
  );
}

function MistakeCard({ mistake: { image, label, predicted, confidence } }: { mistake: Mistake }) {
  const names = run.value?.dataset.classNames ?? [];
  const [is, read] = [classNamed(names, label), classNamed(names, predicted)];
  return (
    <>
      <DigitPicture image={image} />
      <p>
        <b>{is}</b> read as <b>{read}</b>
      </p>
      <p class="quiet">{percent(confidence, 0)} sure</p>
    </>
  );
}
