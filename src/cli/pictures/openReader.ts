import { modelOf } from '../../models.js';
import { DigitReader } from '../../reading/index.js';
import { readModel } from '../../runs/folderRuns.node.js';
import { shippedFile } from '../../runs/shipped.node.js';
import { savedModel } from '../../train/modelFile.js';
import { checkReadsDigits, chosenModel } from '../modelChoice.js';

export interface OpenReader extends AsyncDisposable {
  readonly reader: DigitReader;
  /** What people are told its model is. */
  readonly title: string;
}

/** A reader of pictures with the chosen model, or the one that comes with Cifra. */
export async function openReader(path: string | undefined, threads: number | undefined): Promise<OpenReader> {
  const chosen = await chosenModel(path, threads);
  checkReadsDigits(chosen, 'Give a model that was trained on digits.');
  const { model, title } = chosen;
  const gate = modelOf(savedModel(await readModel(shippedFile('gate'))), { threads: 1 });
  return {
    reader: new DigitReader({ model, gate }),
    title,
    async [Symbol.asyncDispose]() {
      await model.dispose();
      await gate.dispose();
    },
  };
}
