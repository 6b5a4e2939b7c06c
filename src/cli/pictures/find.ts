import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CifraError } from '../../numeric/errors.js';
import { entriesOf, isPattern, matches } from './pattern.js';

/** A picture to be read, or why there is none. */
export interface FoundPicture {
  /** As it was given, "-" for stdin. */
  readonly file: string;
  readonly error?: CifraError;
}

const STDIN = '-';
const PICTURE = /\.(png|jpe?g|webp)$/i;

/** The pictures that the words of a command line stand for: files, folders, patterns and - for stdin, in their order. */
export async function findPictures(words: readonly string[]): Promise<FoundPicture[]> {
  const found: FoundPicture[] = [];
  for (const word of words) {
    if (word === STDIN || !isPattern(word) || (await kindOf(word)) !== 'nothing') {
      found.push(...(await picturesAt(word)));
      continue;
    }
    const matched = await matches(word);
    if (matched.length === 0) {
      found.push(missing(word, `No file matches ${word}.`, 'Look at the pattern and the folder it starts from.'));
    }
    for (const match of matched) found.push(...(await picturesAt(match)));
  }
  return found;
}

async function picturesAt(path: string): Promise<FoundPicture[]> {
  if (path === STDIN || (await kindOf(path)) !== 'folder') return [{ file: path }];
  const files = await picturesIn(path);
  if (files.length > 0) return files.map((file) => ({ file }));
  return [
    missing(path, `The folder ${path} holds no pictures.`, 'Give a folder with .png, .jpg, .jpeg or .webp files.'),
  ];
}

/** The pictures in a folder and the folders in it, sorted; hidden ones, and links to folders, are left out. */
async function picturesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) files.push(...(await picturesIn(path)));
    else if (PICTURE.test(entry.name) && (await kindOf(path)) === 'file') files.push(path);
  }
  return files;
}

async function kindOf(path: string): Promise<'folder' | 'file' | 'nothing'> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return 'nothing';
  return stats.isDirectory() ? 'folder' : 'file';
}

function missing(file: string, message: string, remedy: string): FoundPicture {
  return { file, error: new CifraError('picture-missing', message, remedy) };
}
