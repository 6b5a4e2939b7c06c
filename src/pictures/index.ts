// The package's entry `cifra/pictures`, for Node.
export { decodePicture } from './decode.node.js';
export { encodePng } from './encode.node.js';
export { type Picture, type PictureFormat, pictureLimits } from './picture.js';
