// Sheets of pictures as PNG files.
import { Buffer } from 'node:buffer';
import { crc32, deflateSync } from 'node:zlib';

/** Rows of pictures, each fitted into a square of `side` pixels, as the bytes of a PNG. */
export function sheetPng(rows, side = 120) {
  const width = Math.max(1, ...rows.map((row) => row.length)) * side;
  const height = Math.max(1, rows.length) * side;
  const pixels = new Uint8Array(width * height * 3).fill(70);
  rows.forEach((row, j) => row.forEach((picture, i) => fit(picture, i * side, j * side)));
  return png(pixels, width, height);

  function fit(picture, left, top) {
    const scale = Math.max(picture.width, picture.height) / (side - 3);
    const extent = (size) => Math.max(1, Math.min(side - 3, Math.floor(size / scale)));
    for (let y = 0; y < extent(picture.height); y++) {
      for (let x = 0; x < extent(picture.width); x++) {
        const from = 4 * (Math.floor(y * scale) * picture.width + Math.floor(x * scale));
        const to = 3 * ((top + y) * width + left + x);
        const alpha = picture.data[from + 3] / 255;
        for (let c = 0; c < 3; c++) pixels[to + c] = picture.data[from + c] * alpha + 120 * (1 - alpha);
      }
    }
  }
}

function png(pixels, width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const lines = new Uint8Array((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) {
    lines.set(pixels.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', [])]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data)]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
