import { CifraError } from '../../numeric/errors.js';
import { Random, streams } from '../../numeric/philox.js';
import { tensor, type Tensor } from '../../numeric/tensor.js';
import type { Point } from './curve.js';
import { fitToBox, placeByMass, shrink } from './frame.js';
import { Hand } from './hand.js';
import { inkLines } from './ink.js';
import { canvas, type Canvas, drawLines, roughen } from './raster.js';
import { writeDigit } from './writing.js';

const FIELD = 28;
const BOX = 20;
/** Pixels drawn for each pixel of the box, along one side. */
const FINENESS = 2;
/** The generator counts in 32-bit words. */
const LAST_INDEX = 0xffff_ffff;

export interface SyntheticDigitsOptions {
  /** How many images, 0 or more. */
  readonly count: number;
  /** Which of the endless collections of digits, a whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** The place in that collection of the first image, default 0; the last image's may be 2^32 - 1. */
  readonly firstIndex?: number;
}

export interface SyntheticDigits {
  /** `[count, 28, 28, 1]`, 0 background to 255 ink. */
  readonly images: Tensor<Uint8Array>;
  /** `[count]`, 0 to 9. */
  readonly labels: Uint8Array;
}

/**
 * Handwritten-looking digits, made rather than collected, in the form of MNIST's: grey on black, the longer side of the
 * ink 20 pixels, the centre of mass at index 14. Image `i` depends on `seed` and `firstIndex + i` alone, bit for bit on
 * every machine, so any slice can be made again. Every ten indices from a multiple of ten hold each digit once, in
 * random order.
 * @throws CifraError `synthetic-option` if an option is not a whole number in its range.
 */
export function syntheticDigits({ count, seed, firstIndex = 0 }: SyntheticDigitsOptions): SyntheticDigits {
  check('syntheticDigits', 'count', count, LAST_INDEX + 1);
  check('syntheticDigits', 'seed', seed, Number.MAX_SAFE_INTEGER);
  check('syntheticDigits', 'firstIndex', firstIndex, LAST_INDEX + 1 - count);
  const images = new Uint8Array(count * FIELD * FIELD);
  const labels = new Uint8Array(count);
  const fine = canvas(BOX * FINENESS);
  const box = canvas(BOX);
  for (let i = 0; i < count; i++) {
    const index = firstIndex + i;
    const digit = digitAt(seed, index);
    labels[i] = digit;
    drawDigit(digit, new Hand(seed, index), fine, box, images.subarray(i * FIELD * FIELD, (i + 1) * FIELD * FIELD));
  }
  return { images: tensor(images, [count, FIELD, FIELD, 1]), labels };
}

export interface SyntheticStrokesOptions {
  /** As for `syntheticDigits`. */
  readonly seed: number;
  /** As an image's place in the collection, 0 to 2^32 - 1. */
  readonly index: number;
  /** The digit to write, 0 to 9; by default the label of that image, whose strokes these then are. */
  readonly digit?: number;
}

export interface SyntheticStrokes {
  /** 0 to 9. */
  readonly digit: number;
  /**
   * The lines that the pen draws, in order, each of two or more points in the unit square, x to the right and y
   * downwards. The longer side of their extent is 1; the other is centred.
   */
  readonly strokes: readonly (readonly Point[])[];
}

/**
 * The strokes of a synthetic digit before a pen gives them width.
 * @throws CifraError `synthetic-option` if an option is not a whole number in its range.
 */
export function syntheticStrokes({ seed, index, digit }: SyntheticStrokesOptions): SyntheticStrokes {
  check('syntheticStrokes', 'seed', seed, Number.MAX_SAFE_INTEGER);
  check('syntheticStrokes', 'index', index, LAST_INDEX);
  if (digit !== undefined) check('syntheticStrokes', 'digit', digit, 9);
  const written = digit ?? digitAt(seed, index);
  return { digit: written, strokes: writeDigit(written, new Hand(seed, index)).strokes };
}

function check(where: string, name: string, value: number, limit: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= limit) return;
  throw new CifraError(
    'synthetic-option',
    `${where} was given ${name} ${value}; expected a whole number from 0 to ${limit}.`,
    `Give another ${name}.`,
  );
}

function digitAt(seed: number, index: number): number {
  const block = Math.floor(index / 10);
  return new Random(seed, streams.synthetic, block, 1).permutation(10)[index - block * 10]!;
}

function drawDigit(digit: number, hand: Hand, fine: Canvas, box: Canvas, field: Uint8Array): void {
  const lines = inkLines(writeDigit(digit, hand), hand);
  drawLines(fitToBox(lines, fine.side), hand.between(0.7, 2.2), fine);
  roughen(fine, hand.between(0, 0.7), hand);
  shrink(fine, box);
  placeByMass(box, field, FIELD);
}
