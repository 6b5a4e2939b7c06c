import type { RgbaPicture } from '../digit/index.js';
import { loadSharp } from './sharp.node.js';

/**
 * A picture as the bytes of a PNG file.
 * @throws CifraError `pictures-no-decoder` where the package sharp is not installed
 */
export async function encodePng({ width, height, data }: RgbaPicture): Promise<Uint8Array> {
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
