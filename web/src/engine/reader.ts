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
import { NetworkLens } from '../network/network.js';
import type { Answer, ModelFacts, ModelSource, ReaderApi } from './readerApi.js';

/** One image is read quickest by the thread that is asked. */
const backend = { threads: 1 };
const shippedUrl = new URL('../../../models/digits.safetensors', import.meta.url);
const gateUrl = new URL('../../../models/gate.safetensors', import.meta.url);

/** In a worker: reads what is drawn. */
export function serveReader(): void {
  serve<ReaderApi, {}>(() => new Reader().handlers);
}

interface Opened {
  readonly model: Model;
  readonly reader: DigitReader;
  readonly lens: NetworkLens;
}

class Reader {
  readonly #gate = fetched(gateUrl).then((bytes) => modelFromBytes(bytes, backend));
  #opened: Opened | undefined;
  #last: NormalizedDigit | undefined;
  /** Calls go one after the other: a network is not replaced while it reads. */
  #turn: Promise<unknown> = Promise.resolve();

  readonly handlers: Handlers<ReaderApi> = {
    open: (source) => this.#inTurn(() => this.#open(source)),
    read: (scene) => this.#inTurn(() => this.#read(scene)),
    stages: () => this.#inTurn(async () => this.#stages()),
    network: (place) => this.#inTurn(async () => this.#last && this.#opened?.lens.open(this.#last.image, place)),
    explain: (place) => this.#inTurn(async () => this.#opened?.lens.explain(place)),
  };

  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(call);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #open(source: ModelSource): Promise<ModelFacts> {
    const model = await opened(source);
    const reader = new DigitReader({ model, gate: await this.#gate });
    await this.#opened?.model.dispose();
    this.#opened = { model, reader, lens: new NetworkLens(model) };
    return { name: model.network.name, summary: model.network.summaryData() };
  }

  async #read(scene: Scene): Promise<Answer> {
    if (!this.#opened) throw new CifraError('no-model', 'No network has been opened to read with.', 'Reload the page.');
    const begin = performance.now();
    this.#last = normalizeDigit(rasterize(scene), scene.picture ? {} : { paper: 'white' });
    const [reading] = await this.#opened.reader.readNormalized([this.#last]);
    const { normalized, ...answer } = reading!;
    return { ...answer, image: normalized.image, milliseconds: performance.now() - begin };
  }

  #stages(): Moved<readonly Stage[]> {
    const stages = this.#last?.stages() ?? [];
    return new Moved(
      stages,
      stages.map(({ picture }) => picture.data.buffer as ArrayBuffer),
    );
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
