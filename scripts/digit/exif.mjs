// Pictures as phones write them: the pixels lie on their side, and Exif says how to turn them.
import sharp from 'sharp';
import { decodePicture } from 'cifra/pictures';

/** By Exif orientation, how many degrees clockwise the pixels are turned before they are written: the way back. */
const TURNS = { 3: 180, 6: 270, 8: 90 };

/** The picture written as such a JPEG file, and decoded again. */
export async function throughExif({ width, height, data }, orientation) {
  const turned = sharp(data, { raw: { width, height, channels: 4 } }).rotate(TURNS[orientation]);
  const file = await turned.removeAlpha().withMetadata({ orientation }).jpeg({ quality: 90 }).toBuffer();
  return decodePicture(file, 'turned.jpg');
}
