import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Downloads, take } from './Downloads.js';
import { FileButton } from './FileButton.js';
import {
  ask,
  type Done,
  keepingTrouble,
  keptRuns,
  lookAround,
  open,
  opening,
  run,
  unreadableRuns,
} from './training.js';
import type { KeptRun, NamedFile, UnreadableRun } from './trainerApi.js';
import { ago, counted, fileSize, grouped, percent, titleOf } from './words.js';

/** The runs in this browser: they can be gone on with, taken elsewhere, or brought in. */
export function KeptRuns() {
  const runs = keptRuns.value;
  const trouble = keepingTrouble.value;
  return (
    <section class="train-kept" aria-labelledby="train-kept">
      <h2 id="train-kept" tabIndex={-1}>
        Your runs
      </h2>
      {trouble ? (
        <p>
          {trouble.message}{' '}
          <button type="button" onClick={() => void lookAround()}>
            Look again
          </button>
        </p>
      ) : runs === undefined ? (
        <p class="quiet">Looking for runs …</p>
      ) : runs.length === 0 && unreadableRuns.value.length === 0 ? (
        <p class="quiet">None yet. What you train is saved in this browser as it goes, and listed here.</p>
      ) : (
        <ul>
          {runs.map((kept) => (
            <li key={kept.place}>
              <Kept kept={kept} />
            </li>
          ))}
          {unreadableRuns.value.map((kept) => (
            <li key={kept.place}>
              <Unreadable kept={kept} />
            </li>
          ))}
        </ul>
      )}
      <BringIn />
    </section>
  );
}

export function nameOf({ recipe, seed, dataset }: KeptRun): string {
  return `${recipe}, seed ${seed}, ${titleOf(dataset)}`;
}

export function howFar({ epochs, totalEpochs, steps, testAccuracy }: KeptRun): string {
  if (testAccuracy !== undefined) return `done: ${percent(testAccuracy)} of the test images read right`;
  if (steps === undefined) return 'no checkpoint yet';
  return `${epochs} of ${counted(totalEpochs, 'epoch')} done, saved at step ${grouped(steps)}`;
}

function Kept({ kept }: { kept: KeptRun }) {
  const { place, startedAt, bytes, testAccuracy, steps } = kept;
  const isOpen = run.value?.place === place;
  const ended = testAccuracy !== undefined;
  return (
    <>
      <div class="train-kept-about">
        <b>{nameOf(kept)}</b>
        <span>{howFar(kept)}</span>
        <span class="quiet">
          begun{' '}
          <time dateTime={startedAt} title={new Date(startedAt).toLocaleString()}>
            {ago(startedAt)}
          </time>
          , {fileSize(bytes)}
        </span>
      </div>
      <div class="train-buttons">
        {isOpen ? (
          <span class="quiet">open above</span>
        ) : (
          <Acts place={place} name={nameOf(kept)} goesOn={canGoOn(kept)} />
        )}
      </div>
      <details>
        <summary>
          Take it elsewhere<span class="visually-hidden">: {nameOf(kept)}</span>
        </summary>
        <Downloads place={place} finished={ended} saved={steps !== undefined} />
      </details>
    </>
  );
}

/** It may be of a newer version, and of use there: it can be taken out. */
function Unreadable({ kept: { place, bytes, why } }: { kept: UnreadableRun }) {
  const name = place.slice(place.lastIndexOf('/') + 1);
  return (
    <>
      <div class="train-kept-about">
        <b>{name}</b>
        <span>{why}</span>
        <span class="quiet">{fileSize(bytes)}</span>
      </div>
      <div class="train-buttons">
        <button type="button" onClick={() => void take('exportRun', place)}>
          Download<span class="visually-hidden"> {name}</span>
        </button>
        <Acts place={place} name={name} goesOn={false} />
      </div>
    </>
  );
}

/** From its newest checkpoint. */
export function canGoOn({ testAccuracy, steps }: KeptRun): boolean {
  return testAccuracy === undefined && steps !== undefined;
}

interface ActsProps {
  readonly place: string;
  readonly name: string;
  readonly goesOn: boolean;
}

function Acts({ place, name, goesOn }: ActsProps) {
  const sure = useSignal(false);
  const first = useRef<HTMLButtonElement>(null);
  const turn = (to: boolean): void => {
    sure.value = to;
    // The button that was pressed has gone.
    requestAnimationFrame(() => first.current?.focus());
  };
  const remove = async (): Promise<void> => {
    if (!(await ask('removeRun', place))) return;
    await lookAround();
    document.getElementById('train-kept')?.focus();
  };
  if (sure.value) {
    return (
      <>
        <span>Delete it for good?</span>
        <button type="button" class="train-danger" onClick={() => void remove()}>
          Delete<span class="visually-hidden"> {name} for good</span>
        </button>
        <button ref={first} type="button" onClick={() => turn(false)}>
          Keep it
        </button>
      </>
    );
  }
  return (
    <>
      {goesOn && (
        <button type="button" aria-disabled={opening.value} onClick={() => opening.value || void openAbove(place)}>
          Go on
          <span class="visually-hidden"> with {name}</span>
        </button>
      )}
      <button ref={first} type="button" class="plain" onClick={() => turn(true)}>
        Delete<span class="visually-hidden"> {name}</span>
      </button>
    </>
  );
}

async function openAbove(place: string): Promise<void> {
  if (await open(place)) document.getElementById('main')?.scrollIntoView();
}

function BringIn() {
  return (
    <div class="train-bring">
      <p>
        A run that began elsewhere goes on here: choose or drop its .zip, its folder, or a checkpoint alone. Node’s runs
        are in <code>runs/</code>.
      </p>
      <div class="train-buttons">
        <FileButton take={takeRun} accept=".zip,.safetensors,.json,.csv" name="Choose files" />
        <FileButton take={takeRun} folder name="Choose a folder" />
      </div>
    </div>
  );
}

/** Keeps a run out of files, and opens it. */
export async function takeRun(read: Done<readonly NamedFile[]> | undefined): Promise<void> {
  const taken = read && (await ask('importRun', read.result));
  if (!taken) return;
  await lookAround();
  if (canGoOn(taken.result)) await openAbove(taken.result.place);
  else document.getElementById('train-kept')?.scrollIntoView();
}
