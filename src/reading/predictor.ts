import { CifraError } from '../numeric/errors.js';
import { formatShape, type Tensor, tensor } from '../numeric/tensor.js';

/** What a reader asks: a `Model` is one, and so is anything that answers for several. */
export interface Predictor {
  /** Without the batch axis; looked at before the first picture is read where they are known. */
  readonly network?: { readonly inputShape: readonly number[]; readonly outputShape: readonly number[] };
  /** For images `[n, 28, 28, 1]` from 0 for paper to 1 for ink, `[n, classes]` probabilities. */
  predict(images: Tensor): Promise<Tensor>;
}

const IMAGE = [28, 28, 1];
const PIXELS = 28 * 28;
/** How far from 1 the sum of float32 probabilities may be. */
const ROUNDING = 1e-3;

/** A predictor together with what it must answer with. */
export class Asked {
  constructor(
    private readonly predictor: Predictor,
    /** As messages name it. */
    private readonly name: string,
    private readonly classes: number,
    private readonly remedy: string,
  ) {
    const { network } = predictor;
    if (network !== undefined && !isShape(network.inputShape, IMAGE)) {
      throw this.#unfit(`takes images of shape ${formatShape(network.inputShape)}`, formatShape(IMAGE));
    }
    if (network !== undefined && !isShape(network.outputShape, [classes])) {
      throw this.#unfit(`answers with ${formatShape(network.outputShape)} values an image`, formatShape([classes]));
    }
  }

  /** The probabilities for each of the images, 784 bytes each. */
  async probabilities(images: readonly Uint8Array[]): Promise<number[][]> {
    const pixels = new Uint8Array(images.length * PIXELS);
    images.forEach((image, i) => pixels.set(image, i * PIXELS));
    const { data, shape } = await this.predictor.predict(tensor(pixels, [images.length, ...IMAGE], 255));
    const expected = [images.length, this.classes];
    if (!isShape(shape, expected) || data.length !== images.length * this.classes) {
      throw this.#unfit(`answered with a tensor of shape ${formatShape(shape)}`, formatShape(expected));
    }
    return images.map((_, i) => this.#checked(Array.from(data.subarray(i * this.classes, (i + 1) * this.classes))));
  }

  #checked(row: number[]): number[] {
    const sum = row.reduce((total, value) => total + value, 0);
    if (row.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) <= ROUNDING) return row;
    const some = row.slice(0, 3).map((value) => value.toPrecision(4));
    throw this.#unfit(`answered with ${some.join(', ')} …`, 'probabilities, from 0 to 1 and 1 in all');
  }

  #unfit(what: string, expected: string): CifraError {
    return new CifraError('reader-model', `The ${this.name} ${what}, and ${expected} was expected.`, this.remedy);
  }
}

function isShape(shape: readonly number[], expected: readonly number[]): boolean {
  return shape.length === expected.length && shape.every((size, i) => size === expected[i]);
}
