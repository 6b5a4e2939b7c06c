import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { coming, notice, pasteFromClipboard, putFiles, putPasted, readsClipboard, wrong } from './pictures.js';
import { takesText } from './shortcuts.js';
import { put } from './sketch.js';
import { anotherDigit, type TestDigitSource } from './testDigits.js';

/** Everything but drawing that brings something to the pad: a file, the clipboard, a digit of the test set. */
export function PictureInput({ testDigits }: { readonly testDigits: TestDigitSource | undefined }) {
  const file = useRef<HTMLInputElement>(null);
  useEffect(() => listenForPaste(), []);
  return (
    <div class="pad-group" role="group" aria-label="Pictures">
      <button type="button" onClick={() => file.current?.click()}>
        Choose picture
      </button>
      <input
        ref={file}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/*"
        hidden
        aria-label="Picture file"
        onChange={({ currentTarget }) => {
          if (currentTarget.files?.length) void putFiles([...currentTarget.files]);
          currentTarget.value = ''; // The same file may be chosen again.
        }}
      />
      {readsClipboard && (
        <button type="button" onClick={() => void pasteFromClipboard()}>
          Paste
        </button>
      )}
      <button type="button" title="Another digit from the test set" onClick={() => void putDigit(testDigits)}>
        Test digit
      </button>
    </div>
  );
}

/** What is told of the last picture. */
export function PictureNotice() {
  const told = notice.value;
  return (
    <>
      <p class="quiet" role="status">
        {coming.value === undefined ? (told && !told.wrong ? told.text : '') : `Opening ${coming.value} …`}
      </p>
      {told?.wrong && (
        <p class="pad-wrong" role="alert">
          {told.text} {told.remedy}
          <button
            type="button"
            class="pad-close"
            aria-label="Close this message"
            onClick={() => (notice.value = undefined)}
          >
            ×
          </button>
        </p>
      )}
    </>
  );
}

/** Pictures may be dropped anywhere in the window. */
export function DropHint() {
  const over = useSignal(false);
  useEffect(
    () =>
      listenForDrops({
        over: (is) => (over.value = is),
        drop: (files) => void putFiles(files),
      }),
    [],
  );
  return over.value ? <div class="pad-drop">Drop the picture to put it on the pad</div> : null;
}

async function putDigit(source: TestDigitSource | undefined): Promise<void> {
  try {
    put({ ...(await anotherDigit(source)), strokes: [] });
    notice.value = undefined;
  } catch (error) {
    notice.value = wrong(error);
  }
}

function listenForPaste(): () => void {
  const listener = (event: ClipboardEvent): void => {
    if (!event.clipboardData || takesText(event.target)) return;
    if (putPasted(event.clipboardData)) event.preventDefault();
    else notice.value = { wrong: true, text: 'What was pasted is not a picture.', remedy: 'Copy a picture first.' };
  };
  document.addEventListener('paste', listener);
  return () => document.removeEventListener('paste', listener);
}

interface Drops {
  over(is: boolean): void;
  drop(files: readonly File[]): void;
}

function listenForDrops({ over, drop }: Drops): () => void {
  const listeners: Readonly<Record<string, (event: DragEvent) => void>> = {
    dragover(event) {
      if (!isDropped(event)) return;
      event.preventDefault();
      over(true);
    },
    dragleave(event) {
      if (event.relatedTarget === null) over(false); // Out of the window.
    },
    drop(event) {
      over(false);
      if (!isDropped(event)) return;
      event.preventDefault(); // Or the browser would leave the page for the picture.
      drop([...(event.dataTransfer?.files ?? [])]);
    },
  };
  const all = Object.entries(listeners) as [string, EventListener][];
  for (const [name, listener] of all) addEventListener(name, listener);
  return () => all.forEach(([name, listener]) => removeEventListener(name, listener));
}

/** Files, and pictures and links of other pages; text goes where it is dropped. */
function isDropped({ dataTransfer, target }: DragEvent): boolean {
  const types = dataTransfer?.types ?? [];
  return types.includes('Files') || (types.includes('text/uri-list') && !takesText(target));
}
