import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { putFiles } from '../draw/pictures.js';
import { takeData } from './DataField.js';
import { Curves } from './Curves.js';
import { droppedFiles } from './files.js';
import { Inside } from './Inside.js';
import { KeptRuns, takeRun } from './KeptRuns.js';
import { Notices, Surroundings } from './Notices.js';
import { Result } from './Result.js';
import { RunPanel } from './RunPanel.js';
import { SettingsForm } from './SettingsForm.js';
import { Told } from './Told.js';
import { attempt, keptRuns, lookAround, opening, run, toggle } from './training.js';
import type { NamedFile } from './trainerApi.js';
import { TryIt } from './TryIt.js';
import './train.css';
import './live.css';

/** Training a network in the page, and seeing it learn. */
export default function TrainView() {
  const composing = useSignal(false);
  const hadRun = useRef(false);
  useLayoutEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => {
    if (!keptRuns.peek()) void lookAround();
  }, []);
  const form = !opening.value && (composing.value || !run.value);
  if (!form) hadRun.current = true;
  return (
    <div class="train" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <h1>Train</h1>
      <Notices />
      {form && (
        <>
          <p>
            A network of your own, trained in this page: it looks at images, guesses, and changes its weights a little
            after each handful, so that it would guess better. Nothing leaves your browser.
          </p>
          <SettingsForm takesFocus={hadRun.current} done={() => (composing.value = false)} />
        </>
      )}
      {!form && (
        <>
          <RunPanel another={() => (composing.value = true)} />
          <Result />
          <Curves />
          <Inside />
          <TryIt />
        </>
      )}
      <KeptRuns />
      <Surroundings />
      <Told />
    </div>
  );
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !run.value) return;
  const within = event.target instanceof Element ? event.target : undefined;
  const space = event.key === ' ' && !within?.closest('a, button, input, select, textarea, summary, [tabindex]');
  const letter = event.key.toLowerCase() === 'k' && !within?.closest('input, select, textarea');
  if (!space && !letter) return;
  event.preventDefault();
  toggle();
}

/** Runs have checkpoints, models or are packed; everything else may be a dataset. */
function looksLikeRun(files: readonly NamedFile[]): boolean {
  return files.some(({ path }) => /\.(zip|safetensors)$|run\.json$/i.test(path));
}

function onDrop(event: DragEvent): void {
  event.preventDefault();
  const { dataTransfer } = event;
  if (!dataTransfer) return;
  const files = [...dataTransfer.files];
  if (run.value && files.length > 0 && files.every(({ type }) => type.startsWith('image/'))) {
    void putFiles(files); // On the pad, as in the Draw view.
    return;
  }
  void attempt(() => droppedFiles(dataTransfer)).then((read) =>
    read && looksLikeRun(read.result) ? takeRun(read) : takeData(read),
  );
}
