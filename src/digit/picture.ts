import { CifraError } from '../numeric/errors.js';
import { show } from '../numeric/options.js';

/** A decoded picture: four bytes a pixel, red, green, blue and alpha (not multiplied in), row by row. */
export interface RgbaPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** One number a pixel, row by row; what it means and its range are said where it is made. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** One bit a pixel, row by row: 1 where it is set. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Pixels `left` to `right` and `top` to `bottom`; right and bottom are left out. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function plane(width: number, height: number): Plane {
  return { width, height, data: new Float32Array(width * height) };
}

export function mask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

export function longSide({ left, top, right, bottom }: Box): number {
  return Math.max(right - left, bottom - top);
}

/** @throws CifraError `picture-size` or `picture-data` */
export function checkPicture({ width, height, data }: RgbaPicture): void {
  if (!isSize(width) || !isSize(height)) {
    throw new CifraError(
      'picture-size',
      `A picture has a width and a height that are whole numbers >= 1, but this one has ${show(width)} x ${show(height)}.`,
      'Give the size of the decoded picture in pixels.',
    );
  }
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    throw new CifraError(
      'picture-data',
      'The data of a picture must be a Uint8Array or a Uint8ClampedArray.',
      'A canvas gives it as getImageData(...).data.',
    );
  }
  if (data.length !== width * height * 4) {
    throw new CifraError(
      'picture-data',
      `A picture of ${width} x ${height} pixels has ${width * height * 4} bytes, but this one has ${data.length}.`,
      'Give four bytes a pixel: red, green, blue and alpha.',
    );
  }
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}
