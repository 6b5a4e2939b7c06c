import { basename, extname, join } from 'node:path';
import type { RgbaPicture } from '../../digit/index.js';
import type { DigitReading } from '../../reading/index.js';
import { UsageError } from '../arguments.js';
import { stagesSheet } from '../sheets/stages.js';
import type { FoundPicture } from './find.js';
import { nameOf } from './load.js';
import { checkIsNew, writePng } from './newFile.js';

export interface StageFiles {
  /** The file or the folder. */
  readonly place: string;
  draw(picture: FoundPicture, pixels: RgbaPicture, reading: DigitReading): Promise<void>;
}

/**
 * Where the stages of each picture go: into the file `place`, if it ends with .png and there is one picture, otherwise
 * into files of a folder, named after the pictures.
 * @throws UsageError, and CifraError `file-exists` before anything is read
 */
export async function planStages(place: string, found: readonly FoundPicture[]): Promise<StageFiles> {
  const files = new Map<FoundPicture, string>();
  if (extname(place).toLowerCase() === '.png') {
    if (found.length !== 1) {
      throw new UsageError(
        'option-value',
        `--stages ${place} takes the stages of one picture, and there are ${found.length}.`,
        'Give the name of a folder: each picture gets a file of its own there.',
      );
    }
    files.set(found[0]!, place);
  } else {
    const taken = new Set<string>();
    for (const picture of found) files.set(picture, join(place, freeName(picture.file, taken)));
  }
  for (const file of files.values()) await checkIsNew(file);
  return {
    place,
    draw: (picture, pixels, reading) =>
      writePng(files.get(picture)!, stagesSheet(nameOf(picture.file), pixels, reading)),
  };
}

/** seven-stages.png for scans/seven.jpg; seven-stages-2.png for the next of this name. */
function freeName(file: string, taken: Set<string>): string {
  const stem = file === '-' ? 'stdin' : basename(file, extname(file));
  let name = `${stem}-stages.png`;
  for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${stem}-stages-${i}.png`;
  taken.add(name.toLowerCase());
  return name;
}
