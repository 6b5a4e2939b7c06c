import { signal } from '@preact/signals';
import { CifraError } from '../../../src/numeric/errors.js';
import { decodePicture } from './decode.js';
import { put } from './sketch.js';

/** Pictures that come to the pad: chosen, dropped or pasted. */

/** What is to be told of the last one. */
export interface Notice {
  readonly wrong: boolean;
  readonly text: string;
  readonly remedy?: string;
}

export const notice = signal<Notice | undefined>(undefined);
/** The picture that is being decoded. */
export const coming = signal<string | undefined>(undefined);

const LONGEST_NAME = 48;
const PASTED = 'Pasted picture';
let newest = 0;

/** Puts the picture in a file on the pad, or tells what is wrong with it. */
async function putFile(blob: Blob, name: string, more = 0): Promise<void> {
  const mine = ++newest;
  coming.value = name;
  try {
    const picture = await decodePicture(blob, name);
    if (mine !== newest) return;
    put({ picture, origin: { name }, strokes: [] });
    const first = more > 0 ? `${name} is the first of ${more + 1} files; one goes on the pad.` : undefined;
    notice.value = first === undefined ? undefined : { wrong: false, text: first };
  } catch (error) {
    if (mine === newest) notice.value = wrong(error);
  } finally {
    if (mine === newest) coming.value = undefined;
  }
}

/** Of several files the first that is called a picture, or the first: then it is told what it is. */
export async function putFiles(files: readonly File[]): Promise<void> {
  const pictures = files.filter(({ type }) => type.startsWith('image/'));
  const file = pictures[0] ?? files[0];
  if (file) return putFile(file, shortened(file.name), Math.max(0, pictures.length - 1));
  notice.value = {
    wrong: true,
    text: 'What was dropped is not a file.',
    remedy: 'Save the picture first, or copy it and paste it here.',
  };
}

/** @returns whether there was a picture */
export function putPasted(data: DataTransfer): boolean {
  const file = [...data.files].find(({ type }) => type.startsWith('image/')) ?? data.files[0];
  if (!file) return false;
  void putFile(file, file.type.startsWith('image/') ? PASTED : shortened(file.name));
  return true;
}

/** Whether the browser lets pages ask for what is in the clipboard. */
export const readsClipboard =
  typeof navigator !== 'undefined' && 'clipboard' in navigator && 'read' in navigator.clipboard;

export async function pasteFromClipboard(): Promise<void> {
  const items = await navigator.clipboard.read().catch(() => undefined);
  if (!items) {
    notice.value = {
      wrong: true,
      text: 'The browser does not let this page read the clipboard.',
      remedy: 'Press Ctrl+V instead, or Cmd+V on a Mac.',
    };
    return;
  }
  for (const item of items) {
    const type = item.types.find((name) => name.startsWith('image/'));
    if (type !== undefined) return putFile(await item.getType(type), PASTED);
  }
  notice.value = {
    wrong: true,
    text: 'There is no picture in the clipboard.',
    remedy: 'Copy one, then paste it here.',
  };
}

export function wrong(error: unknown): Notice {
  if (!(error instanceof CifraError)) return { wrong: true, text: `Something unexpected happened: ${String(error)}.` };
  const { message, remedy } = error;
  if (remedy === undefined) return { wrong: true, text: message };
  return { wrong: true, text: message.slice(0, -remedy.length).trimEnd(), remedy };
}

/** The name's beginning and end. */
function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  return `${name.slice(0, LONGEST_NAME - 12)}…${name.slice(-11)}`;
}
