/** The formats that Cifra reads. */
export type PictureFormat = 'png' | 'jpeg' | 'webp';

/** A decoded picture: four bytes a pixel, red, green, blue and alpha (not multiplied in), row by row, upright. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
  readonly format: PictureFormat;
}

/** How large a file and a picture may be: the memory that decoding takes is a small multiple of them. */
export const pictureLimits = { bytes: 256 * 2 ** 20, pixels: 100_000_000 } as const;

/** Columns and rows as they are stored, and how to turn them to stand upright: Exif's Orientation, 1 to 8. */
export interface Header {
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  /** Its pixels are amounts of four inks, not of three lights. */
  readonly inks?: boolean;
  /** The file without what the pixels do not need: colour profiles, texts, thumbnails, later frames. */
  readonly essence: Uint8Array;
}
