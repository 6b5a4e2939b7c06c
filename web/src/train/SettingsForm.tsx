import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { recipes } from '../../../src/train/recipes/index.js';
import { DataField, missing, MissingData } from './DataField.js';
import { Choice, NumberField } from './Field.js';
import * as settings from './settings.js';
import { begin, datasets, opening, run } from './training.js';
import { counted, titleOf } from './words.js';

/** In words of one line; the recipe's own description is under them. */
const inShort: Readonly<Record<string, string>> = {
  fast: 'A small network that learns in seconds. Begin here.',
  better: 'Deeper, on turned and moved digits: some minutes.',
  best: 'The recipe of the model on the Draw page: much longer.',
  seed: 'The notebook that all of this began with.',
};

/** What the next run shall be. */
export function SettingsForm({ done, takesFocus }: { done: () => void; takesFocus: boolean }) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (takesFocus) form.current?.querySelector<HTMLElement>(':checked')?.focus({ preventScroll: true });
  }, []);
  const refused = useSignal(false);
  const start = async (form: HTMLElement, play: boolean): Promise<void> => {
    refused.value = !settings.sensible.value;
    const wrong = form.querySelector<HTMLElement>('[aria-invalid=true]');
    wrong?.closest('details')?.setAttribute('open', '');
    wrong?.focus();
    if (!refused.value && (await begin(settings.plan(), play))) done();
  };
  const ready = !missing.value && (datasets.value !== undefined || settings.dataset.value === 'synthetic');
  const busy = opening.value;
  return (
    <form
      ref={form}
      class="train-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void start(event.currentTarget, (event.submitter as HTMLButtonElement).value !== 'stand');
      }}
    >
      <Recipes />
      <div class="train-fields">
        <DataField />
        <ImagesField />
        <MissingData />
      </div>
      <MoreSettings />
      <div class="train-buttons">
        <button class="primary" value="play" aria-disabled={!ready || busy}>
          Begin
        </button>
        <button value="stand" aria-disabled={!ready || busy}>
          Begin, step by step
        </button>
        {run.value && (
          <button type="button" onClick={done}>
            Back to the run
          </button>
        )}
        <p class="quiet">{hint(refused.value)}</p>
      </div>
    </form>
  );
}

function hint(refused: boolean): string | undefined {
  if (missing.value) return `Bring ${titleOf(missing.value)} here first, or take synthetic digits.`;
  if (refused && !settings.sensible.value) return 'One of the fields above needs another look.';
  return run.value ? 'The run that is open is saved and closed.' : undefined;
}

function Recipes() {
  return (
    <fieldset class="train-recipes" aria-describedby="train-recipe">
      <legend>Recipe</legend>
      {(['fast', 'better', 'best', 'seed'] as const).map((name) => {
        const { phases } = recipes[name]!;
        const epochs = phases.reduce((sum, phase) => sum + phase.epochs, 0);
        return (
          <label key={name} class="train-recipe">
            <input
              type="radio"
              name="recipe"
              checked={settings.recipeName.value === name}
              onChange={() => (settings.recipeName.value = name)}
            />
            <span>
              <b>{name}</b> <span class="quiet">{counted(epochs, 'epoch')}</span>
              <span class="train-short">{inShort[name]}</span>
            </span>
          </label>
        );
      })}
      <p id="train-recipe" class="quiet train-description">
        {settings.recipe.value.description}
      </p>
    </fieldset>
  );
}

const someImages = [1000, 5000, 20_000];

function ImagesField() {
  const { value } = settings.images;
  const given = value.value!;
  const choices = [...new Set([...someImages, given, settings.ALL_IMAGES])].sort((a, b) => a - b);
  return (
    <div class="train-field">
      <label for="train-images">How many images</label>
      <select
        id="train-images"
        value={String(given)}
        aria-describedby="train-images-about"
        onChange={({ currentTarget }) => settings.images.write(currentTarget.value)}
      >
        {choices.map((count) => (
          <option key={count} value={count}>
            {count === settings.ALL_IMAGES ? 'all 60,000' : counted(count, 'image')}
          </option>
        ))}
      </select>
      <p id="train-images-about" class="quiet">
        Few are a quick trial. Learning from all of them takes longer, and it reads best then.
      </p>
    </div>
  );
}

function MoreSettings() {
  const augments = settings.augments.value;
  const usual = settings.usualEpochs.value;
  const own = settings.epochsOfRecipe.value;
  return (
    <details class="train-more" open={settings.special.peek()}>
      <summary>More settings</summary>
      <div class="train-fields">
        <NumberField
          name="Seed"
          setting={settings.seed}
          about="Decides everything random. The same seed gives the same weights again, here and in Node."
        />
        <NumberField
          name="Epochs"
          setting={settings.epochs}
          usual={String(usual)}
          about={
            usual === own
              ? 'How often it goes through all the images. Empty: as the recipe has it.'
              : `How often it goes through all the images. Empty: ${usual}, since on few images the recipe’s ${own} would be over at once.`
          }
        />
        <NumberField
          name="Learning rate"
          setting={settings.learningRate}
          usual="as the recipe has it"
          decimal
          about="How large its steps are: too small and it learns slowly, too large and it learns nothing. Try 0.001."
        />
        <Choice
          name="Augmentation"
          setting={settings.augmentation}
          choices={{ yes: augments ? 'as the recipe has it' : 'none in this recipe', no: 'none' }}
          about="Images that are turned, moved and zoomed a little, anew in each epoch: harder to learn by heart."
        />
        <Choice
          name="Arithmetic"
          setting={settings.numerics}
          choices={{ strict: 'strict', relaxed: 'relaxed' }}
          about="Strict gives the same bits on every machine; relaxed is faster where the processor can."
        />
      </div>
    </details>
  );
}
