import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { crc32 } from '../../../../src/data/crc32.js';
import { gunzip, isGzip } from '../../../../src/data/gzip.js';
import { parseIdxImages, parseIdxLabels } from '../../../../src/data/idx.js';
import type { Random } from '../../../../src/numeric/philox.js';
import { joined, mutateBytes, pick } from '../bytes.js';
import { FILE, type Format } from '../run.js';
import { checkLabels, idxFiles } from './idx.js';

const MOST = 16_384;
const files = idxFiles.flatMap((file) => [0, 1, 9].map((level) => Uint8Array.from(gzipSync(file, { level }))));
/** 10,000 zeros in 29 bytes, and as many as 1 MiB. */
const bombs = [10_000, 2 ** 20].map((size) => Uint8Array.from(gzipSync(new Uint8Array(size), { level: 9 })));

export const gzip: Format = {
  name: 'gzip',
  make(random) {
    switch (random.below(4)) {
      case 0:
        return mutateBytes(pick(random, random.below(20) === 0 ? bombs : files), random, [0, 2, 3, 8, 10]);
      case 1:
        return wrap(deflateRawSync(mutateBytes(pick(random, idxFiles), random, [0, 4, 8, 12])), random);
      case 2:
        // The stream is damaged, and its checksum and length are made to agree with what comes out of it.
        return wrap(mutateBytes(pick(random, files).subarray(10, -8), random, [0, 1, 2, 3]), random);
      default:
        return mutateTrailer(pick(random, files), random);
    }
  },
  async read(bytes) {
    const content = await gunzip(bytes, MOST, FILE);
    if (content.length > MOST || crc32(content) !== trailer(bytes).getUint32(0, true)) throw new Error('not checked');
    if (!isGzip(bytes) || !gunzipSync(bytes).equals(content)) throw new Error('zlib reads something else');
    if (content[3] === 3) parseIdxImages(content, FILE);
    else checkLabels(parseIdxLabels(content, FILE));
  },
};

function wrap(stream: Uint8Array, random: Random): Uint8Array {
  const header = files[0]!.subarray(0, 10);
  const bytes = joined(header, stream, new Uint8Array(8));
  let content: Uint8Array = new Uint8Array();
  try {
    content = inflateRawSync(stream, { maxOutputLength: 2 ** 22 });
  } catch {
    // Then any checksum will do.
  }
  trailer(bytes).setUint32(0, crc32(content), true);
  trailer(bytes).setUint32(4, content.length - (random.below(16) === 0 ? 1 : 0), true);
  return bytes;
}

function mutateTrailer(file: Uint8Array, random: Random): Uint8Array {
  const tail = mutateBytes(file.subarray(-8), random, [0, 4]);
  const more = random.below(4) === 0 ? pick(random, files) : new Uint8Array();
  return joined(file.subarray(0, -8), tail, more);
}

function trailer(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8);
}
