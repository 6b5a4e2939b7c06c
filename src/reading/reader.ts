import {
  type Box,
  judge,
  type Limits,
  LIMITS,
  type NormalizedDigit,
  normalizeDigit,
  type NormalizeOptions,
  type RgbaPicture,
  type Status,
} from '../digit/index.js';
import { Asked, type Predictor } from './predictor.js';

export interface DigitReaderOptions {
  /** Probabilities of the ten digits, from 0 to 9. */
  readonly model: Predictor;
  /** Probabilities of "no digit" and "a digit", in this order. Without it, letters and scribbles are read as digits. */
  readonly gate?: Predictor | undefined;
  /** What still counts as a digit, where it is not what `Limits` says. */
  readonly limits?: Partial<Limits> | undefined;
}

export interface LikelyDigit {
  readonly label: number;
  /** From 0 to 1. */
  readonly probability: number;
}

/** What was read in a picture. */
export interface DigitReading {
  /** The digit, 0 to 9: the likeliest one where the status is 'ok' or 'unsure', null where it is any other. */
  readonly label: number | null;
  /** How probable the label is, 0 to 1; 0 where there is none. */
  readonly confidence: number;
  /** The three likeliest digits, the likeliest first; empty where there is no label. */
  readonly top: readonly LikelyDigit[];
  /**
   * Of the ten digits, from 0 to 9, taking for granted that the picture shows one: where the status says otherwise, they
   * mean nothing. A tenth each where nothing was found.
   */
  readonly probabilities: readonly number[];
  readonly status: Status;
  /** Why it is not 'ok', in a few words for people; empty if it is. */
  readonly reason: string;
  /** The signs that stand in the picture, from left to right, in its pixels. */
  readonly signs: readonly Box[];
  /** What the networks saw; its `stages()` show how it came about. */
  readonly normalized: NormalizedDigit;
}

const MODEL_REMEDY = 'Give a model that was trained on digits of 28 x 28 pixels and ends with softmax.';
const GATE_REMEDY = 'Give a network of two classes, "no digit" and "a digit", that ends with softmax.';
/** How many pictures go through the networks together. */
const BATCH = 64;
const UNKNOWN: readonly number[] = new Array<number>(10).fill(0.1);

/**
 * Reads single digits in pictures of any kind: brings each to what MNIST's images are, asks the networks, and says so
 * where it finds nothing, no digit, or several.
 *
 *     const reader = new DigitReader({ model });
 *     const { label, confidence, status } = await reader.read({ width, height, data }); // four bytes a pixel
 *
 * The networks stay the caller's, who disposes of them.
 */
export class DigitReader {
  readonly #model: Asked;
  readonly #gate: Asked | undefined;
  readonly #limits: Limits;

  /** @throws CifraError `reader-model` where a network does not take 28 x 28 pixels or give ten (the gate: two) values */
  constructor({ model, gate, limits }: DigitReaderOptions) {
    this.#model = new Asked(model, 'model', 10, MODEL_REMEDY);
    this.#gate = gate && new Asked(gate, 'gate', 2, GATE_REMEDY);
    this.#limits = { ...LIMITS, ...limits };
  }

  /**
   * @param options what is known of the picture: `{ paper: 'white' }` for a sketch pad
   * @throws CifraError what `normalizeDigit` throws, and `reader-model` if a network answers with no probabilities
   */
  async read(picture: RgbaPicture, options: NormalizeOptions = {}): Promise<DigitReading> {
    const [reading] = await this.readNormalized([normalizeDigit(picture, options)]);
    return reading!;
  }

  /** Several pictures, in their order; quicker than one by one. Throws as `read` does. */
  readAll(pictures: readonly RgbaPicture[], options: NormalizeOptions = {}): Promise<DigitReading[]> {
    return this.readNormalized(pictures.map((picture) => normalizeDigit(picture, options)));
  }

  /** Pictures that `normalizeDigit` has prepared, elsewhere or before. Throws as `read` does. */
  async readNormalized(digits: readonly NormalizedDigit[]): Promise<DigitReading[]> {
    const readings: DigitReading[] = [];
    for (let begin = 0; begin < digits.length; begin += BATCH) {
      readings.push(...(await this.#readBatch(digits.slice(begin, begin + BATCH))));
    }
    return readings;
  }

  async #readBatch(digits: readonly NormalizedDigit[]): Promise<DigitReading[]> {
    const images = digits.map(({ image }) => image);
    const predicted = await this.#model.probabilities(images);
    const gated = await this.#gate?.probabilities(images);
    return digits.map((normalized, i) => this.#reading(normalized, predicted[i]!, gated?.[i]![1]));
  }

  #reading(normalized: NormalizedDigit, predicted: readonly number[], digitness: number | undefined): DigitReading {
    const { signs, geometry } = normalized;
    const probabilities = signs.length === 0 ? UNKNOWN : predicted;
    const { status, reason } = judge(geometry, { probabilities, digitness }, this.#limits);
    const named = status === 'ok' || status === 'unsure';
    const top = named ? likeliest(probabilities, 3) : [];
    const { label = null, probability: confidence = 0 } = top[0] ?? {};
    return { label, confidence, top, probabilities, status, reason, signs, normalized };
  }
}

function likeliest(probabilities: readonly number[], count: number): LikelyDigit[] {
  return probabilities
    .map((probability, label) => ({ label, probability }))
    .sort((a, b) => b.probability - a.probability || a.label - b.label)
    .slice(0, count);
}
