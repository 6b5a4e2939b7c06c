import { type NormalizedDigit, normalizeDigit, type Stage } from '../../../src/digit/index.js';
import { wasmBackend } from '../../../src/engine/wasm/backend.js';
import { modelFromBytes } from '../../../src/models.js';
import { Network } from '../../../src/nn/index.js';
import { CifraError } from '../../../src/numeric/errors.js';
import { DigitReader } from '../../../src/reading/index.js';
import { Model } from '../../../src/train/model.js';
import { type Handlers, Moved, serve } from '../channel/serve.js';
import { rasterize } from '../draw/raster.js';
import type { Scene } from '../draw/scene.js';
import type { Answer, ModelFacts, ModelSource, ReaderApi } from './readerApi.js';

/** One image is read quickest by the thread that is asked. */
const backend = { threads: 1 };
const shippedUrl = new URL('../../../models/digits.safetensors', import.meta.url);
const gateUrl = new URL('../../../models/gate.safetensors', import.meta.url);

/** In a worker: reads what is drawn. */
export function serveReader(): void {
  serve<ReaderApi, {}>(() => new Reader().handlers);
}

class Reader {
  #gate = fetched(gateUrl).then((bytes) => modelFromBytes(bytes, backend));
  #model: Promise<Model> = opened('shipped');
  #reader = this.#readerOf(this.#model);
  #last: NormalizedDigit | undefined;

  readonly handlers: Handlers<ReaderApi> = {
    open: (source) => this.#open(source),
    read: (scene) => this.#read(scene),
    stages: () => this.#stages(),
  };

  async #open(source: ModelSource): Promise<ModelFacts> {
    const model = opened(source);
    const reader = this.#readerOf(model);
    await reader;
    const before = this.#model;
    this.#model = model;
    this.#reader = reader;
    await (await before).dispose();
    const { network } = await model;
    return { name: network.name, summary: network.summaryData() };
  }

  async #read(scene: Scene): Promise<Answer> {
    const reader = await this.#reader;
    const begin = performance.now();
    this.#last = normalizeDigit(rasterize(scene));
    const [reading] = await reader.readNormalized([this.#last]);
    const { normalized, ...answer } = reading!;
    return { ...answer, image: normalized.image, milliseconds: performance.now() - begin };
  }

  #stages(): readonly Stage[] | Moved<readonly Stage[]> {
    if (!this.#last) return [];
    const stages = this.#last.stages();
    const buffers = stages.map(({ picture }) => picture.data.buffer as ArrayBuffer);
    return new Moved(stages, buffers);
  }

  async #readerOf(model: Promise<Model>): Promise<DigitReader> {
    return new DigitReader({ model: await model, gate: await this.#gate });
  }
}

async function opened(source: ModelSource): Promise<Model> {
  if (source === 'shipped') return modelFromBytes(await fetched(shippedUrl), backend);
  if ('bytes' in source) return modelFromBytes(source.bytes, backend);
  const model = new Model(Network.fromConfig(source.network), () => wasmBackend(backend));
  model.setWeights(source.weights);
  return model;
}

async function fetched(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(url);
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  throw new CifraError(
    'model-fetch',
    `The network could not be fetched from ${url.pathname}: ${answer.status} ${answer.statusText}.`,
    'Reload the page.',
  );
}
