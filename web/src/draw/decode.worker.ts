import type { RgbaPicture } from '../../../src/digit/index.js';
import { CifraError } from '../../../src/numeric/errors.js';
import { damaged } from '../../../src/pictures/failure.js';
import type { Header } from '../../../src/pictures/picture.js';
import { Moved, serve } from '../channel/serve.js';
import { fitted, headerOf, opaque, upright } from './pictureFile.js';

export type DecoderApi = {
  /**
   * The picture in a file, upright, opaque, and no larger than the pad needs.
   * @throws CifraError what `headerOf` throws
   */
  decode(file: { readonly blob: Blob; readonly name: string }): Promise<RgbaPicture>;
};

serve<DecoderApi, {}>(() => ({
  async decode({ blob, name }) {
    const header = headerOf(await bytesOf(blob, name), name);
    const picture = await pixels(header).catch((error: unknown) => {
      throw damaged(name, 'its pixels cannot be decoded', error);
    });
    return new Moved(picture, [picture.data.buffer as ArrayBuffer]);
  },
}));

async function bytesOf(blob: Blob, name: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    const remedy = 'It may have been moved, or changed since it was chosen: choose it again.';
    throw new CifraError('picture-unreadable', `${name} cannot be read.`, remedy, { cause: error });
  }
}

/** Without profiles and Exif data, which the file's essence leaves out: every browser gives the same. */
async function pixels(header: Header): Promise<RgbaPicture> {
  const { format, essence, orientation } = header;
  const size = fitted(header);
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(essence)], { type: `image/${format}` }), {
    premultiplyAlpha: 'none',
    colorSpaceConversion: 'none',
    ...((size.width !== header.width || size.height !== header.height) && {
      resizeWidth: size.width,
      resizeHeight: size.height,
      resizeQuality: 'high',
    }),
  });
  const { width, height, transform } = upright(orientation, size.width, size.height);
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.setTransform(transform);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return opaque(context.getImageData(0, 0, width, height));
}
