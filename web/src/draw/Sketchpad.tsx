import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { keepDrawing, storageWarning } from './kept.js';
import { Pad } from './Pad.js';
import { DropHint, PictureInput, PictureNotice } from './PictureInput.js';
import { answer } from './reading.js';
import { listenForShortcuts } from './shortcuts.js';
import { clear, redo, scene, undo } from './sketch.js';
import type { TestDigitSource } from './testDigits.js';
import { Tools } from './Tools.js';
import { aDigit } from './words.js';

const acts = { undo, redo, clear };

/**
 * The pad with all that changes what is on it.
 * @param testDigits gives the test set where the page has one; without it, synthetic digits stand in
 */
export function Sketchpad({ testDigits }: { readonly testDigits?: TestDigitSource }) {
  useEffect(keepDrawing, []);
  useEffect(() => listenForShortcuts((shortcut) => acts[shortcut]()), []);
  return (
    <div class="pad" role="group" aria-label="Drawing">
      <Pad />
      <Tools />
      <PictureInput testDigits={testDigits} />
      <div class="pad-notices">
        <PictureNotice />
        <OriginLine />
        <p class="quiet" role="status">
          {storageWarning.value}
        </p>
      </div>
      <DropHint />
    </div>
  );
}

/** Where the picture is from, and, where it is known what it shows, whether that was read. */
function OriginLine() {
  const origin = useComputed(() => (scene.value.strokes.length === 0 ? scene.value.origin : undefined)).value;
  if (!origin) return null;
  const { name, label } = origin;
  const right = answer.value?.label === label;
  return (
    <p class="quiet">
      {label === undefined ? (
        `On the pad: ${name}`
      ) : (
        <>
          {name}: {aDigit(label)},{' '}
          <span class={right ? 'pad-right' : 'pad-wrong'}>{right ? 'read right' : 'not read right'}</span>.
        </>
      )}
    </p>
  );
}
