import { join } from 'node:path';
import type { RgbaPicture } from '../../digit/index.js';
import { checkIsNew, writePng } from '../pictures/newFile.js';
import type { Inspection } from './inspection.js';
import { evidenceSheet } from './sheets/evidence.js';
import { kernelsSheet } from './sheets/kernels.js';
import { layersSheet } from './sheets/layers.js';

interface Sheet {
  readonly file: string;
  draw(inspection: Inspection, model: string): RgbaPicture | undefined;
}

export interface InspectionFiles {
  /** Draws the sheets there are, and gives their files. */
  write(inspection: Inspection, model: string): Promise<string[]>;
}

/**
 * Where the sheets go: files of a folder, of other names where one layer is looked at.
 * @throws CifraError `file-exists` before anything is computed
 */
export async function planFiles(folder: string, layer: string | undefined): Promise<InspectionFiles> {
  // A layer may be called anything.
  const name = layer?.replace(/[^\w.-]/g, '_');
  const sheets: readonly Sheet[] = [
    {
      file: join(folder, name === undefined ? 'kernels.png' : `kernels-${name}.png`),
      draw: ({ kernels }, model) => kernels && kernelsSheet(kernels, model),
    },
    { file: join(folder, name === undefined ? 'layers.png' : `layer-${name}.png`), draw: layersSheet },
    {
      file: join(folder, 'evidence.png'),
      draw: (inspection, model) => inspection.evidence && evidenceSheet(inspection, inspection.evidence, model),
    },
  ];
  const planned = layer === undefined ? sheets : sheets.slice(0, 2);
  for (const { file } of planned) await checkIsNew(file);
  return {
    async write(inspection, model) {
      const written: string[] = [];
      for (const { file, draw } of planned) {
        const picture = draw(inspection, model);
        if (!picture) continue;
        await writePng(file, picture);
        written.push(file);
      }
      return written;
    },
  };
}
