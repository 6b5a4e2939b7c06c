import { access } from 'node:fs/promises';
import type { RgbaPicture } from '../../digit/index.js';
import { writeWhole } from '../../files/atomicWrite.node.js';
import { CifraError } from '../../numeric/errors.js';
import { encodePng } from '../../pictures/index.js';

/** A drawing must not go over a photo: @throws CifraError `file-exists` */
export async function checkIsNew(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  throw new CifraError('file-exists', `${file} is there already, and is not overwritten.`, 'Give another name.');
}

export async function writePng(file: string, picture: RgbaPicture): Promise<void> {
  await writeWhole(file, await encodePng(picture));
}
