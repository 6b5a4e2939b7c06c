import type { WasmBackendOptions } from './engine/wasm/backend.js';
import { modelFromBytes } from './models.js';
import { CifraError } from './numeric/errors.js';
import type { Model, ModelOptions } from './train/model.js';

/** Cifra for browsers. Threads need cross-origin isolation; without it one thread computes. */
export * from './library.js';

/** As in Node: the model that comes with Cifra. It is a file of its own beside the page's scripts, fetched when called. */
export async function shippedModel(options: ModelOptions & WasmBackendOptions = {}): Promise<Model> {
  return fetched(new URL('../models/digits.safetensors', import.meta.url), options);
}

/** As in Node: the network that tells digits from other signs. */
export async function shippedGate(options: ModelOptions & WasmBackendOptions = {}): Promise<Model> {
  return fetched(new URL('../models/gate.safetensors', import.meta.url), options);
}

async function fetched(url: URL, options: ModelOptions & WasmBackendOptions): Promise<Model> {
  const answer = await fetch(url);
  if (!answer.ok) {
    throw new CifraError(
      'model-fetch',
      `The model could not be fetched from ${url.href}: ${answer.status} ${answer.statusText}.`,
      'Serve the files that the bundler made, or fetch cifra/models/digits.safetensors yourself, for modelFromBytes.',
    );
  }
  return modelFromBytes(new Uint8Array(await answer.arrayBuffer()), options);
}
