import { cos, sin } from '../numeric/exactMath.js';
import { boolean, byDefault, type Kind, number, oneOf, optional, readOptions } from '../numeric/options.js';
import { Random, streams } from '../numeric/philox.js';
import { type BlurOptions, blurSigma, blurTable } from './blur.js';
import { type ElasticOptions, elasticTable } from './elastic.js';
import { type ErasingOptions, erasingTable, writeRectangle } from './erasing.js';
import type { AugmentationPlace } from './place.js';
import { strokeChange, type StrokesOptions, strokesTable } from './strokes.js';
import {
  type ContrastOptions,
  contrastOf,
  contrastTable,
  noiseDeviation,
  type NoiseOptions,
  noiseTable,
} from './tone.js';

/**
 * What stands outside the image: `nearest` its edge, `constant` a value, `reflect` dcba|abcd|dcba, `wrap`
 * abcd|abcd|abcd.
 */
export type FillMode = 'constant' | 'nearest' | 'reflect' | 'wrap';

/**
 * Options of `imageDataGenerator`; the names are those of Keras's ImageDataGenerator in camelCase. Those from `elastic` on
 * are not Keras's; they are done in the order in which they stand here.
 */
export interface ImageDataGeneratorOptions {
  /** Degrees; each image turns by an angle from [-rotationRange, rotationRange]. Default 0. */
  readonly rotationRange?: number;
  /** Below 1: a share of the width, from [-w, w]. A whole number n: whole pixels from -(n - 1) to n - 1. Default 0. */
  readonly widthShiftRange?: number;
  /** As widthShiftRange, of the height. */
  readonly heightShiftRange?: number;
  /** Degrees (Keras: "shear angle in counter-clockwise direction in degrees"). Default 0. */
  readonly shearRange?: number;
  /** z: both axes independently by a factor from [1 - z, 1 + z], or [low, high]; above 1 shrinks. Default 0. */
  readonly zoomRange?: number | readonly [low: number, high: number];
  /** Whether to mirror left and right, each image with probability 1/2. Off for digits: a mirrored 2 is no 2. */
  readonly horizontalFlip?: boolean;
  /** Whether to mirror top and bottom. */
  readonly verticalFlip?: boolean;
  /** What stands outside the image. Default nearest. */
  readonly fillMode?: FillMode;
  /** The value outside for fillMode constant, in the units of the divided image. Default 0. */
  readonly cval?: number;
  /** Elastic distortion, together with the map in one pass over the image. Default: none. */
  readonly elastic?: ElasticOptions;
  /** Strokes thinner and thicker. Default: none. */
  readonly strokes?: StrokesOptions;
  /** Default: none. */
  readonly blur?: BlurOptions;
  /** Ink and paper paler and darker. Default: none. */
  readonly contrast?: ContrastOptions;
  /** Default: none. */
  readonly noise?: NoiseOptions;
  /** Random erasing, after everything else. Default: none. */
  readonly erasing?: ErasingOptions;
}

type OwnOptions = 'elastic' | 'strokes' | 'blur' | 'contrast' | 'noise' | 'erasing';

/** Complete options. */
export interface ImageDataGeneratorSettings extends Required<Omit<ImageDataGeneratorOptions, OwnOptions>> {
  readonly elastic?: Required<ElasticOptions>;
  readonly strokes?: Required<StrokesOptions>;
  readonly blur?: Required<BlurOptions>;
  readonly contrast?: Required<ContrastOptions>;
  readonly noise?: Required<NoiseOptions>;
  readonly erasing?: Required<ErasingOptions>;
}

/** Random changes of images, others for each image and epoch. What is written depends on the arguments alone. */
export interface ImageDataGenerator {
  readonly options: ImageDataGeneratorSettings;
  /**
   * Writes to `out[6 row ..]` the map (m0 .. m5) of an image: output place (column j, row i) shows the input at column
   * m0 j + m1 i + m2, row m3 j + m4 i + m5.
   */
  writeMatrix(out: { [index: number]: number }, row: number, place: AugmentationPlace): void;
  /** Writes to `out[4 row ..]` the key of an image's random numbers: seed low, seed high, epoch, image. */
  writeKey(out: { [index: number]: number }, row: number, place: AugmentationPlace): void;
  /** Writes to `out[row]` by how many pixels an image's strokes get wider; narrower, where negative. */
  writeStrokeChange(out: { [index: number]: number }, row: number, place: AugmentationPlace): void;
  /** Writes to `out[row]` the standard deviation of an image's blur, in pixels. */
  writeSigma(out: { [index: number]: number }, row: number, place: AugmentationPlace): void;
  /** Writes to `out[3 row ..]` an image's gain and offset, and the standard deviation of its noise. */
  writeTone(out: { [index: number]: number }, row: number, place: AugmentationPlace): void;
  /**
   * Writes to `out[4 row ..]` what is erased of an image: top, left, bottom, right, the last two excluded; zeros for
   * nothing.
   */
  writeRectangle(out: { [index: number]: number }, row: number, place: AugmentationPlace): void;
}

/** Below 1 a share of the size, from 1 on whole pixels. */
const shiftRange: Kind<number> = {
  allowed: 'a share of the size, >= 0 and < 1, or a whole number of pixels',
  read: (value) =>
    typeof value === 'number' && value >= 0 && (value < 1 || Number.isSafeInteger(value)) ? value : undefined,
};

const zoomRange: Kind<number | readonly [number, number]> = {
  allowed: 'a number >= 0 and < 1, or two factors [low, high] above 0',
  read(value) {
    if (typeof value === 'number') return value >= 0 && value < 1 ? value : undefined;
    const factors: readonly unknown[] = Array.isArray(value) ? value : [];
    const [low, high, ...rest] = factors;
    const fits = typeof low === 'number' && typeof high === 'number' && 0 < low && low <= high && high < Infinity;
    return fits && rest.length === 0 ? [low, high] : undefined;
  },
};

/** Options of their own, which are looked at afterwards. */
function object(allowed: string): Kind<object> {
  return { allowed, read: (value) => (typeof value === 'object' && value !== null ? value : undefined) };
}

const optionTable = {
  rotationRange: byDefault(number({ from: 0, to: 180 }), 0),
  widthShiftRange: byDefault(shiftRange, 0),
  heightShiftRange: byDefault(shiftRange, 0),
  shearRange: byDefault(number({ from: 0, below: 90 }), 0),
  zoomRange: byDefault(zoomRange, 0),
  horizontalFlip: byDefault(boolean, false),
  verticalFlip: byDefault(boolean, false),
  fillMode: byDefault(oneOf('constant', 'nearest', 'reflect', 'wrap'), 'nearest'),
  cval: byDefault(number(), 0),
  elastic: optional(object('{ alpha, sigma }')),
  strokes: optional(object('{ thinner, thicker, probability }')),
  blur: optional(object('{ sigma, probability }')),
  contrast: optional(object('{ gain, offset, probability }')),
  noise: optional(object('{ deviation, probability }')),
  erasing: optional(object('{ probability, area, aspectRatio, value }')),
};

const RADIANS = 3.141592653589793 / 180;

/**
 * Random rotation, shift, shear and zoom about the image's centre, as Keras's ImageDataGenerator draws and orders them
 * (https://keras.io/2.18/api/data_loading/image/), with one difference: in Keras heightShiftRange moves columns and
 * widthShiftRange rows (keras issue 17398); here they do what their names say. Beyond Keras: elastic distortion, strokes
 * of other widths, blur, contrast, noise and random erasing.
 * @throws CifraError `unknown-option` or `option-value`
 */
export function imageDataGenerator(given: ImageDataGeneratorOptions = {}): ImageDataGenerator {
  const { elastic, strokes, blur, contrast, noise, erasing, ...keras } = readOptions(
    'imageDataGenerator',
    given,
    optionTable,
  );
  const options: ImageDataGeneratorSettings = {
    ...keras,
    ...(elastic && { elastic: readOptions('imageDataGenerator, elastic', elastic, elasticTable) }),
    ...(strokes && { strokes: readOptions('imageDataGenerator, strokes', strokes, strokesTable) }),
    ...(blur && { blur: readOptions('imageDataGenerator, blur', blur, blurTable) }),
    ...(contrast && { contrast: readOptions('imageDataGenerator, contrast', contrast, contrastTable) }),
    ...(noise && { noise: readOptions('imageDataGenerator, noise', noise, noiseTable) }),
    ...(erasing && { erasing: readOptions('imageDataGenerator, erasing', erasing, erasingTable) }),
  };
  const [zoomLow, zoomHigh] =
    typeof options.zoomRange === 'number' ? [1 - options.zoomRange, 1 + options.zoomRange] : options.zoomRange;
  return {
    options,
    writeMatrix(out, row, { seed, epoch, image, height, width }) {
      const random = new Random(seed, streams.augmentation, epoch, image);
      const angle = random.uniform(-options.rotationRange, options.rotationRange) * RADIANS;
      const down = shift(random, options.heightShiftRange, height);
      const right = shift(random, options.widthShiftRange, width);
      const shear = random.uniform(-options.shearRange, options.shearRange) * RADIANS;
      const zoomX = random.uniform(zoomLow, zoomHigh);
      const zoomY = random.uniform(zoomLow, zoomHigh);
      const flipX = options.horizontalFlip && random.below(2) === 1 ? -1 : 1;
      const flipY = options.verticalFlip && random.below(2) === 1 ? -1 : 1;

      // Rotation * shift * shear * zoom * flip, in (x, y) = (column, row) from the centre, output to input.
      const cosine = cos(angle);
      const sine = sin(angle);
      const shearSine = sin(shear);
      const shearCosine = cos(shear);
      const a = cosine * zoomX * flipX;
      const b = (-cosine * shearSine - sine * shearCosine) * zoomY * flipY;
      const c = sine * zoomX * flipX;
      const d = (-sine * shearSine + cosine * shearCosine) * zoomY * flipY;
      const x = cosine * right - sine * down;
      const y = sine * right + cosine * down;
      const centreX = width / 2 - 0.5;
      const centreY = height / 2 - 0.5;
      const first = 6 * row;
      out[first] = a;
      out[first + 1] = b;
      out[first + 2] = x + centreX - a * centreX - b * centreY;
      out[first + 3] = c;
      out[first + 4] = d;
      out[first + 5] = y + centreY - c * centreX - d * centreY;
    },
    writeKey(out, row, { seed, epoch, image }) {
      const first = 4 * row;
      out[first] = seed >>> 0;
      out[first + 1] = Math.floor(seed / 0x1_0000_0000) >>> 0;
      out[first + 2] = epoch;
      out[first + 3] = image;
    },
    writeStrokeChange(out, row, place) {
      out[row] = options.strokes ? strokeChange(place, options.strokes) : 0;
    },
    writeSigma(out, row, place) {
      out[row] = options.blur ? blurSigma(place, options.blur) : 0;
    },
    writeTone(out, row, place) {
      const [gain, offset] = options.contrast ? contrastOf(place, options.contrast) : [1, 0];
      out[3 * row] = gain;
      out[3 * row + 1] = offset;
      out[3 * row + 2] = options.noise ? noiseDeviation(place, options.noise) : 0;
    },
    writeRectangle(out, row, place) {
      if (options.erasing) writeRectangle(out, row, place, options.erasing);
      else for (let i = 0; i < 4; i++) out[4 * row + i] = 0;
    },
  };
}

/** Where in the input the output's centre lies, along one axis, in pixels. */
function shift(random: Random, range: number, size: number): number {
  if (range < 1) return random.uniform(-range, range) * size;
  return random.below(2 * range - 1) - (range - 1);
}
