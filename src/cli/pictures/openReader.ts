import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { wasmBackend } from '../../engine/wasm/backend.js';
import { CifraError } from '../../numeric/errors.js';
import { DigitReader } from '../../reading/index.js';
import { readModel } from '../../runs/folderRuns.node.js';
import { Model } from '../../train/model.js';
import { savedModel } from '../../train/modelFile.js';
import { chosenModel } from '../modelChoice.js';

export interface OpenReader extends AsyncDisposable {
  readonly reader: DigitReader;
  /** Where its model was read from. */
  readonly file: string;
}

/** The network that tells digits from other signs; part of the package. */
const GATE = new URL('../../../models/gate.safetensors', import.meta.url);

/** A reader of pictures with the chosen model. */
export async function openReader(path: string, threads: number | undefined): Promise<OpenReader> {
  const { model, file, dataset } = await chosenModel(path, threads);
  if (dataset === 'fashion-mnist') {
    throw new CifraError(
      'reader-model',
      `${file} was trained on Fashion-MNIST: it tells shirts from shoes, and pictures are read as digits.`,
      'Give a model that was trained on digits.',
    );
  }
  const gate = await openGate();
  return {
    reader: new DigitReader({ model, gate }),
    file,
    async [Symbol.asyncDispose]() {
      await model.dispose();
      await gate?.dispose();
    },
  };
}

async function openGate(): Promise<Model | undefined> {
  const file = fileURLToPath(GATE);
  if (
    !(await access(file).then(
      () => true,
      () => false,
    ))
  )
    return undefined;
  const { network, weights } = savedModel(await readModel(file));
  const gate = new Model(network, () => wasmBackend({ threads: 1 }));
  gate.setWeights(weights);
  return gate;
}
