import { computed } from '@preact/signals';
import { FileButton } from './FileButton.js';
import { dataset } from './settings.js';
import { Loading } from './Loading.js';
import { ask, datasets, isAsked, lookAround, state } from './training.js';
import type { NamedFile } from './trainerApi.js';
import { titleOf } from './words.js';

/** What it learns from; what is not here yet can be fetched, chosen or dropped. */
export function DataField() {
  const known = datasets.value;
  const chosen = dataset.value;
  return (
    <div class="train-field">
      <label for="train-data">Images</label>
      <select
        id="train-data"
        value={chosen}
        aria-describedby="train-data-about"
        onChange={({ currentTarget }) => (dataset.value = currentTarget.value as typeof chosen)}
      >
        {(['synthetic', 'mnist', 'fashion-mnist'] as const).map((name) => {
          const here = name === 'synthetic' || known?.find((one) => one.name === name)?.here;
          return (
            <option key={name} value={name}>
              {name === 'synthetic' ? 'synthetic digits' : titleOf(name)}
              {known && !here ? ' (not here yet)' : ''}
            </option>
          );
        })}
      </select>
      <p id="train-data-about" class="quiet">
        {about[chosen]}
      </p>
    </div>
  );
}

const about = {
  synthetic: 'Made in this page, by strokes that bend: nothing to fetch.',
  mnist: 'Digits that people wrote by hand: 60,000 to learn from.',
  'fashion-mnist': 'Pictures of clothes instead of digits, of the same size and number.',
} as const;

/** What is chosen, if it cannot be trained on yet. */
export const missing = computed(() => {
  const chosen = dataset.value;
  return chosen !== 'synthetic' && datasets.value?.find(({ name }) => name === chosen)?.here === false
    ? chosen
    : undefined;
});

/** How what is chosen can be brought here. */
export function MissingData() {
  const name = missing.value;
  if (!name) return null;
  const title = titleOf(name);
  const fetchIt = async (): Promise<void> => {
    await ask('fetchDataset', name);
    await lookAround();
  };
  return (
    <div class="train-missing">
      <p>{title} is not in this browser yet. It is kept once it is here.</p>
      <div class="train-buttons">
        <button
          type="button"

          aria-disabled={isAsked('fetchDataset')}
          onClick={() => !isAsked('fetchDataset') && void fetchIt()}
        >
          Fetch it
        </button>
        <FileButton take={takeData} name="Choose its files" />
      </div>
      <p class="quiet">
        Its four files as they are published, packed (.gz) or not, or one .npz. They can also be dropped on this page.
      </p>
      {isAsked('fetchDataset') && state.value.name === 'loading' && <Loading {...state.value} />}
    </div>
  );
}

/** Adds a dataset out of files, and chooses it. */
export async function takeData(read: { readonly result: readonly NamedFile[] } | undefined): Promise<void> {
  const added = read && (await ask('addDataset', read.result));
  if (!added) return;
  dataset.value = added.result.name;
  await lookAround();
}
