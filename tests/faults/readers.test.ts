import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createGzip, gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { readArchive } from '../../src/data/archive.js';
import { readContent } from '../../src/data/contents.js';
import { type DatasetEntry, datasets } from '../../src/data/dataset.js';
import { gunzip } from '../../src/data/gzip.js';
import { encodeIdxImages, encodeIdxLabels, parseIdx, parseIdxImages, parseIdxLabels } from '../../src/data/idx.js';
import { readNpz } from '../../src/data/npz.js';
import { dense, sequential } from '../../src/nn/index.js';
import { readMetrics } from '../../src/runs/metrics.js';
import { decodeModel, encodeModel } from '../../src/runs/modelFile.js';
import { readRecord } from '../../src/runs/runRecord.js';
import { decodeSafetensors, encodeSafetensors } from '../../src/runs/safetensors.js';
import { type Member, npy, zip } from './mutations/archives.js';
import { joined } from './mutations/bytes.js';
import { FILE, refuses } from './refuses.js';

// Every damaged, lying or hostile file of data that is promised to be refused, with what is said of it.

const MNIST_IMAGES = datasets.mnist.files.trainImages.size;

// ------------------------------------------------------------------------------------------------------------- IDX

const twoImages = encodeIdxImages(new Uint8Array(2 * 784));
const threeLabels = encodeIdxLabels(new Uint8Array([5, 0, 9]));

function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  values.forEach((value, i) => new DataView(bytes.buffer).setUint32(4 * i, value));
  return bytes;
}

const cut = (bytes: Uint8Array, less = 1): Uint8Array => bytes.slice(0, -less);
const longer = (bytes: Uint8Array): Uint8Array => joined(bytes, new Uint8Array(1));

describe('IDX images are refused:', () => {
  refuses(
    // prettier-ignore
    [
      ['wrong magic', () => words(1234, 2, 28, 28), 'idx-magic', 'is not an IDX file of images: it begins with the number 1234, and 2051 was'],
      ['wrong type', () => words(0x0d03, 2, 28, 28), 'idx-magic', 'it is one of float32 in 3 axes'],
      ['wrong rank', () => words(0x0802, 2, 784), 'idx-magic', 'it is one of bytes in 2 axes'],
      ['labels', () => threeLabels, 'idx-magic', 'it is one of labels'],
      ['a web page', () => new TextEncoder().encode('<html>'), 'idx-magic', 'it begins with "<" like a web page'],
      ['no bytes', () => new Uint8Array(), 'idx-magic', 'it has only 0 bytes'],
      ['truncated in its header', () => words(2051, 2), 'idx-truncated', 'is cut short: it ends within its header, after 8 of 16 bytes'],
      ['truncated by a byte', () => cut(twoImages), 'idx-truncated', 'is cut short: 2 images need 1,584 bytes, and it has 1,583'],
      ['a trailing byte', () => longer(twoImages), 'idx-trailing', 'goes on after its end: 2 images need 1,584 bytes, and it has 1,585'],
      ['zero images', () => words(2051, 0, 28, 28), 'idx-empty', 'holds no images: its count is 0'],
      ['sizes of 3 x 0x7fffffff', () => words(2051, 0x7fffffff, 0x7fffffff, 0x7fffffff), 'idx-shape', 'holds images of 2147483647 x 2147483647 pixels'],
      ['0x7fffffff images', () => words(2051, 0x7fffffff, 28, 28), 'idx-truncated', '2,147,483,647 images need 1,683,627,179,264 bytes, and it has 16'],
      ['0xffffffff images', () => words(2051, 0xffffffff, 28, 28), 'idx-truncated', '4,294,967,295 images need 3,367,254,359,296 bytes, and it has 16'],
      ['sizes of 3 x 0xffffffff', () => words(2051, 0xffffffff, 0xffffffff, 0xffffffff), 'idx-shape', 'holds images of 4294967295 x 4294967295 pixels'],
    ],
    (bytes) => parseIdxImages(bytes, FILE),
  );
});

describe('IDX labels are refused:', () => {
  refuses(
    // prettier-ignore
    [
      ['images', () => twoImages, 'idx-magic', 'is not an IDX file of labels: it is one of images'],
      ['truncated', () => cut(threeLabels), 'idx-truncated', 'is cut short: 3 labels need 11 bytes, and it has 10'],
      ['a trailing byte', () => longer(threeLabels), 'idx-trailing', '3 labels need 11 bytes, and it has 12'],
      ['zero labels', () => words(2049, 0), 'idx-empty', 'holds no labels: its count is 0'],
      ['0xffffffff labels', () => words(2049, 0xffffffff), 'idx-truncated', '4,294,967,295 labels need 4,294,967,303 bytes, and it has 8'],
      ['a label above 9', () => encodeIdxLabels(new Uint8Array([1, 10])), 'idx-label', 'holds label 10 at index 1, and labels are 0 to 9'],
    ],
    (bytes) => parseIdxLabels(bytes, FILE),
  );
  refuses(
    // prettier-ignore
    [
      ['another number of labels than images', () => threeLabels, 'idx-counts', 'some/images holds 2 images and some/file 3 labels'],
    ],
    (bytes) => parseIdx(twoImages, bytes, 'some/images', FILE),
  );
});

// ------------------------------------------------------------------------------------------------------------ gzip

const packed = Uint8Array.from(gzipSync(twoImages));
/** 256 MiB of zeros. */
let bomb: Uint8Array;

beforeAll(async () => {
  const gzip = createGzip({ level: 9 });
  const result = buffer(gzip);
  const zeros = new Uint8Array(2 ** 20);
  for (let i = 0; i < 256; i++) if (!gzip.write(zeros)) await once(gzip, 'drain');
  gzip.end();
  bomb = Uint8Array.from(await result);
});

/** The file with another length or checksum in its last 8 bytes. */
function withTrailer(bytes: Uint8Array, offset: 0 | 4, value: number): Uint8Array {
  const changed = bytes.slice();
  new DataView(changed.buffer).setUint32(changed.length - 8 + offset, value, true);
  return changed;
}

it('the bomb is one: 261 kB', () => {
  expect(Math.round(bomb.length / 1000)).toBe(261);
});

describe('gzip is refused:', () => {
  const broken = 'is damaged: its compressed data are broken or cut short';
  refuses(
    // prettier-ignore
    [
      ['truncated', () => joined(packed.subarray(0, 20), packed.subarray(-8)), 'data-damaged', broken],
      ['truncated in its trailer', () => cut(packed, 8), 'data-damaged', 'is damaged: it holds '],
      ['truncated to its header', () => packed.slice(0, 10), 'data-damaged', 'is damaged: it has only 10 bytes'],
      ['wrong CRC', () => withTrailer(packed, 0, 1), 'data-damaged', broken],
      ['wrong length', () => withTrailer(packed, 4, 1583), 'data-damaged', broken],
      ['trailing garbage', () => joined(packed, new TextEncoder().encode('garbage')), 'data-too-large', 'says it holds'],
      ['trailing zeros', () => joined(packed, new Uint8Array(512)), 'data-damaged', 'is damaged: it holds more than the 0 bytes it should'],
      ['the bomb', () => bomb, 'data-too-large', 'says it holds 268,435,456 bytes, and at most 47,040,016 are expected'],
      ['the bomb, which says that it is small', () => withTrailer(bomb, 4, 1000), 'data-damaged', 'is damaged: it holds more than the 1,000 bytes it should'],
      ['the bomb, which says that it is MNIST', () => withTrailer(bomb, 4, MNIST_IMAGES), 'data-damaged', 'it holds more than the 47,040,016 bytes it should'],
    ],
    (bytes) => gunzip(bytes, MNIST_IMAGES, FILE),
  );
  refuses(
    // prettier-ignore
    [
      ['other contents than the published ones', () => packed, 'data-checksum', "is not mnist's train-images-idx3-ubyte: the SHA-256 of its contents is"],
    ],
    (bytes) => readContent(datasets.mnist, 'trainImages', bytes, FILE),
  );
});

// ------------------------------------------------------------------------------------------------------------- npz

const header = (descr: string, order: string, shape: string): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
const array = (descr: string, shape: string, body: number[], order = 'False'): Uint8Array =>
  npy(header(descr, order, shape), new Uint8Array(body));
const archive = (name: string, content: Uint8Array, fields: Partial<Member> = {}): Uint8Array =>
  zip([{ name, content, deflated: false, ...fields }]).bytes;
const x = (content: Uint8Array, fields: Partial<Member> = {}): Uint8Array => archive('x.npy', content, fields);
const good = array("'|u1'", '(2,)', [1, 2]);

describe('npz', () => {
  it('in Fortran order is read right', async () => {
    const bytes = x(array("'|u1'", '(2, 3)', [0, 3, 1, 4, 2, 5], 'True'));
    expect(await readNpz(bytes, { x: 1000 }, FILE)).toEqual({
      x: { shape: [2, 3], data: new Uint8Array([0, 1, 2, 3, 4, 5]) },
    });
  });

  it('in Fortran order with many axes of size 1 takes no longer', async () => {
    const bytes = x(array("'|u1'", `(100000, ${'1, '.repeat(63)})`, new Array<number>(100_000).fill(7), 'True'), {
      deflated: true,
    });
    expect((await readNpz(bytes, { x: 200_000 }, FILE)).x.data).toEqual(new Uint8Array(100_000).fill(7));
  });
});

describe('npz is refused:', () => {
  const zeros = new Uint8Array(2 ** 24);
  refuses(
    // prettier-ignore
    [
      ['object arrays', () => x(array("'|O'", '(1,)', [0])), 'npy-dtype', 'x in some/file has dtype |O, which only running Python code could read'],
      ['records', () => x(array("[('a', '|u1')]", '(1,)', [0])), 'npy-dtype', 'has dtype records'],
      ['floats', () => x(array("'<f4'", '(1,)', [0, 0, 0, 0])), 'npy-dtype', 'has dtype <f4; whole numbers of 1 to 8 bytes were expected'],
      ['a shape that is not that of the data', () => x(array("'|u1'", '(3,)', [1, 2])), 'data-damaged', 'shape [3] of |u1 needs 3 bytes, and 2 follow its header'],
      ['sizes that overflow', () => x(array("'|u1'", '(4294967296, 4294967296)', [1])), 'data-damaged', 'its shape [4294967296, 4294967296] is larger than any file'],
      ['sizes that overflow to no number', () => x(array("'|u1'", `(${'9007199254740991, '.repeat(30)}0)`, [])), 'data-damaged', 'is larger than any file'],
      ['a negative size', () => x(array("'|u1'", '(-2,)', [1, 2])), 'data-damaged', 'its header does not say dtype, order and shape'],
      ['a size that is no number', () => x(array("'|u1'", '(2 3,)', [1, 2])), 'data-damaged', 'its shape is (2 3,)'],
      ['a size left out', () => x(array("'|u1'", '(,2)', [1, 2])), 'data-damaged', 'its shape is (,2)'],
      ['thousands of axes', () => x(array("'|u1'", `(${'1, '.repeat(5000)})`, [1])), 'data-damaged', 'its shape is (1, 1, 1, '],
      ['a bomb', () => x(zeros, { deflated: true }), 'data-too-large', 'x.npy in some/file says it holds 16,777,216 bytes, and at most 20,000 are'],
      ['a bomb that says it is small', () => x(zeros, { deflated: true, size: 100 }), 'data-damaged', 'x.npy in some/file is damaged: it holds more than the 100 bytes it should'],
      ['a stored bomb', () => x(zeros, { size: 100 }), 'data-damaged', 'it is stored as it is, and yet has two sizes'],
      ['a wrong CRC', () => x(good, { crc: 1 }), 'data-damaged', 'its checksum (CRC-32) does not match its contents'],
      ['truncated', () => cut(x(good)), 'data-damaged', 'is damaged: it is not a zip archive, or is cut short'],
      ['trailing bytes', () => longer(x(good)), 'data-damaged', 'is damaged: it is not a zip archive, or is cut short'],
      ['two arrays of one name', () => zip([1, 2].map(() => ({ name: 'x.npy', content: good, deflated: false }))).bytes, 'data-damaged', 'it holds two files named "x.npy"'],
      // Names are looked up and never used as paths, so that none of these can lead anywhere.
      ['a path upwards', () => archive('../x.npy', good), 'npz-missing', 'holds no array x; it holds ../x.npy'],
      ['an absolute path', () => archive('/etc/x.npy', good), 'npz-missing', 'it holds /etc/x.npy'],
      ['a path of Windows', () => archive('..\\x.npy', good), 'npz-missing', 'it holds ..\\x.npy'],
      ['a drive', () => archive('C:x.npy', good), 'npz-missing', 'it holds C:x.npy'],
      ['a name that ends in a zero byte', () => archive('x.npy\0', good), 'npz-missing', 'it holds x.npy\ufffd'],
      ['a name that commands the terminal', () => archive('\x1b[2J\u202e', good), 'npz-missing', 'it holds \ufffd[2J\ufffd'],
      ['a name of 60,000 letters', () => archive('a'.repeat(60_000), good), 'npz-missing', `it holds ${'a'.repeat(79)}….`],
      ['__proto__', () => archive('__proto__', good), 'npz-missing', 'it holds __proto__'],
    ],
    (bytes) => readNpz(bytes, { x: 20_000 }, FILE),
  );

  const sha256 = createHash('sha256').update(twoImages).digest('hex');
  const file = { size: twoImages.length, sha256 };
  const entry: DatasetEntry = {
    ...datasets.mnist,
    files: { trainImages: file, trainLabels: file, testImages: file, testLabels: file },
  };
  const dataset = (images: Uint8Array, labels: Uint8Array): Uint8Array =>
    zip(
      [images, labels, images, labels].map((content, i) => ({
        name: ['x_train.npy', 'y_train.npy', 'x_test.npy', 'y_test.npy'][i]!,
        content,
        deflated: true,
      })),
    ).bytes;
  const images = array("'|u1'", '(2, 28, 28)', [...twoImages.subarray(16)]);
  refuses(
    // prettier-ignore
    [
      ['images of another size', () => dataset(array("'|u1'", '(2, 7)', [...new Uint8Array(14)]), good), 'npz-shape', 'x_train in some/file has shape [2, 7], and images [count, 28, 28] were'],
      ['labels in two axes', () => dataset(images, array("'|u1'", '(2, 1)', [1, 2])), 'npz-shape', 'y_train in some/file has shape [2, 1], and [count] labels'],
      ['labels above 9', () => dataset(images, array("'|u1'", '(2,)', [1, 12])), 'idx-label', 'y_train in some/file holds label 12 at index 1'],
    ],
    (bytes) => readArchive(entry, bytes, FILE),
  );
});

// ----------------------------------------------------------------------------------------------------- safetensors

/** A .safetensors file of this header. */
function tensors(text: string | Uint8Array, dataBytes = 0, length?: bigint): Uint8Array {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const begin = new Uint8Array(8);
  new DataView(begin.buffer).setBigUint64(0, length ?? BigInt(bytes.length), true);
  return joined(begin, bytes, new Uint8Array(dataBytes));
}
const place = (shape: string, offsets: string): string => `{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}`;
const one = (shape: string, offsets = '[0,4]', bytes = 4): Uint8Array =>
  tensors(`{"w":${place(shape, offsets)}}`, bytes);
const two = (first: string, second: string, bytes: number): Uint8Array =>
  tensors(`{"a":${place('[2]', first)},"b":${place('[2]', second)}}`, bytes);
const filled = (value: number): Uint8Array => {
  const bytes = one('[1]');
  new DataView(bytes.buffer).setFloat32(bytes.length - 4, value, true);
  return bytes;
};

describe('safetensors is refused:', () => {
  const sound = 'is no sound .safetensors file: ';
  const wrongHeader = `${sound}its header cannot be read: `;
  refuses(
    // prettier-ignore
    [
      ['a header of 2^64-1 bytes', () => tensors('{}', 0, 2n ** 64n - 1n), 'safetensors-damaged', 'its header would have 18446744073709551615 bytes, and 100000000 are the most'],
      ['a header longer than the file', () => tensors('{}', 0, 3n), 'safetensors-damaged', `${sound}its header would have 3 bytes, and 2 are there`],
      ['a header over 100 MB', () => tensors('{}', 0, 100_000_001n), 'safetensors-damaged', 'its header would have 100000001 bytes, and 100000000 are the most'],
      ['no header', () => new Uint8Array(7), 'safetensors-damaged', 'it has 7 bytes, and the length of its header alone takes 8'],
      ['duplicate keys', () => tensors(`{"a":${place('[1]', '[0,4]')},"\\u0061":${place('[1]', '[0,4]')}}`, 4), 'safetensors-damaged', `${wrongHeader}the key "a" stands twice in one object`],
      ['overlaps', () => two('[0,8]', '[4,12]', 12), 'safetensors-damaged', `${sound}tensor "b" overlaps another in bytes 4 to 8 of the data`],
      ['one tensor twice', () => two('[0,8]', '[0,8]', 8), 'safetensors-damaged', `${sound}tensor "b" overlaps another in bytes 0 to 8 of the data`],
      ['holes', () => two('[0,8]', '[12,20]', 20), 'safetensors-damaged', `${sound}bytes 8 to 12 of the data, before "b", are no tensor's`],
      ['truncated', () => two('[0,8]', '[8,16]', 15), 'safetensors-damaged', `${sound}it is cut short: its tensors need 16 bytes, and 15 are there`],
      ['trailing bytes', () => two('[0,8]', '[8,16]', 19), 'safetensors-damaged', `${sound}3 bytes follow its last tensor`],
      ['products that overflow', () => one('[4503599627370496,4503599627370496]'), 'safetensors-damaged', 'has shape [4503599627370496,4503599627370496], which is larger than any file'],
      ['products that overflow to 4 bytes in 64 bits', () => one('[4611686018427387905]'), 'safetensors-damaged', 'which is no list of whole numbers'],
      ['a size beyond the file', () => one('[1000000000000]', '[0,4000000000000]'), 'safetensors-damaged', 'it is cut short: its tensors need 4000000000000 bytes, and 4 are there'],
      ['fractional sizes', () => one('[0.5,2]'), 'safetensors-damaged', `${sound}tensor "w" has shape [0.5,2], which is no list of whole numbers`],
      ['negative sizes', () => one('[-1,-1]'), 'safetensors-damaged', `${sound}tensor "w" has shape [-1,-1], which is no list of whole numbers`],
      ['negative places', () => one('[1]', '[-4,0]'), 'safetensors-damaged', 'has data_offsets [-4,0], which are not two whole numbers'],
      ['__proto__', () => tensors('{"__proto__":{"polluted":true}}'), 'safetensors-damaged', 'tensor "__proto__" is described as {"polluted":true}, and dtype, shape and data_offsets were'],
      ['not UTF-8', () => tensors(new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22])), 'safetensors-damaged', `${wrongHeader}it is no UTF-8`],
      ['half a character', () => tensors(`{"\\ud800":${place('[1]', '[0,4]')}}`, 4), 'safetensors-damaged', 'tensor "\\ud800" has half a character in its name'],
      ['no JSON', () => tensors('{"a":\n'), 'safetensors-damaged', `${wrongHeader}it is no JSON (`],
      ['nesting without end', () => tensors(`{"w":${'['.repeat(1_000_000)}`), 'safetensors-damaged', `${wrongHeader}it is nested deeper than 100 levels`],
      ['a million empty lists', () => tensors(`{"w":[${'[],'.repeat(1_000_000)}[]]}`), 'safetensors-damaged', `${wrongHeader}it holds more than 1000000 values`],
      ['another dtype', () => tensors('{"w":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}', 4), 'safetensors-dtype', 'Tensor "w" of some/file has dtype "BF16"; "F32" or "F16" was expected'],
      ['NaN', () => filled(NaN), 'weights-not-finite', 'Tensor "w" of some/file holds NaN at index 0'],
      ['infinity', () => filled(-Infinity), 'weights-not-finite', 'Tensor "w" of some/file holds -Infinity at index 0'],
    ],
    (bytes) => decodeSafetensors(bytes, FILE),
  );

  it('and __proto__ changes nothing elsewhere', () => {
    const read = decodeSafetensors(tensors(`{"__proto__":${place('[1]', '[0,4]')}}`, 4), FILE);
    expect([...read.tensors.keys()]).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });
});

// ----------------------------------------------------------------------------------------------------- model files

const network = sequential([dense({ units: 1, useBias: false, inputShape: [2], name: 'd' })]).toConfig();
const weights = new Map([['d/kernel', { shape: [2, 1], data: new Float32Array([1, 2]) }]]);
const layer = { type: 'dense', units: 1, useBias: false, inputShape: [2], name: 'd' };

/** A model file with other metadata than a sound one has. */
function modelWith(metadata: Record<string, string>): Uint8Array {
  const sound = { format: 'cifra', formatVersion: '1', network: JSON.stringify(network), engine: '0.1.0' };
  return encodeSafetensors({ tensors: weights, metadata: new Map(Object.entries({ ...sound, ...metadata })) });
}
const networkWith = (change: object): Uint8Array => modelWith({ network: JSON.stringify({ ...network, ...change }) });

describe('model files', () => {
  it('are read where they are sound', () => {
    const bytes = encodeModel({ network, weights, metadata: { engine: '0.1.0' } });
    expect(decodeModel(bytes, FILE).weights).toEqual(weights);
    expect(decodeModel(networkWith({ layers: [layer] }), FILE).weights).toEqual(weights);
  });
});

describe('model files are refused:', () => {
  const cannot = 'some/file holds a network that cannot be made: ';
  refuses(
    // prettier-ignore
    [
      ['another format', () => modelWith({ format: 'pt' }), 'model-format', 'the format in its metadata is "pt", and "cifra" was expected'],
      ['a format of another version', () => modelWith({ formatVersion: '2' }), 'model-version', 'has format version "2", and this version of Cifra reads "1"'],
      ['a configuration of another version', () => networkWith({ version: 2 }), 'network-config', `${cannot}This is no configuration of a network: it has format version 2, but this version of Cifra reads 1`],
      ['an unknown layer', () => networkWith({ layers: [{ ...layer, type: 'lstm' }] }), 'network-config', 'number 1 of its layers has the unknown type "lstm"'],
      ['an unknown option of a layer', () => networkWith({ layers: [{ ...layer, unit: 1 }] }), 'unknown-option', cannot],
      ['a layer of -1 units', () => networkWith({ layers: [{ ...layer, units: -1 }] }), 'option-value', 'the option "units" must be a whole number >= 1'],
      ['a layer of 2^53 units', () => networkWith({ layers: [{ ...layer, units: 2 ** 53 - 1 }] }), 'weights', '"d/kernel" has shape [2,1], and [2,9007199254740991] was expected'],
      ['a weight too few', () => networkWith({ layers: [{ ...layer, useBias: true }] }), 'weights', 'does not hold the weights of its own network: "d/bias" is missing'],
      ['a weight of another network', () => networkWith({ layers: [{ ...layer, name: 'e' }] }), 'weights', '"e/kernel" is missing'],
      ['a transposed weight', () => networkWith({ layers: [{ ...layer, units: 2, inputShape: [1] }] }), 'weights', 'has shape [2,1], and [1,2] was expected'],
      ['a configuration that is no JSON', () => modelWith({ network: '{' }), 'model-damaged', 'because of "network" in its metadata: it is no JSON ('],
      ['a configuration with 1e999', () => modelWith({ network: '{"a":1e999}' }), 'model-damaged', 'it holds a number beyond 1.8e308'],
      ['a configuration nested without end', () => modelWith({ network: '['.repeat(100_000) }), 'model-damaged', 'it is nested deeper than 100 levels'],
    ],
    (bytes) => decodeModel(bytes, FILE),
  );
});

// ------------------------------------------------------------------------------------------------------- run folders

const text =
  (content: string): (() => Uint8Array) =>
  () =>
    new TextEncoder().encode(content);

describe('run.json is refused:', () => {
  refuses(
    // prettier-ignore
    [
      ['truncated', text('{"formatVersion": 1,'), 'run-damaged', 'some/file is damaged: it is no JSON ('],
      ['empty', text(''), 'run-damaged', 'it is no JSON ('],
      ['not UTF-8', () => new Uint8Array([0x22, 0xff, 0x22]), 'run-damaged', 'it is no UTF-8'],
      ['duplicate keys', text('{"seed":1,"seed":2}'), 'run-damaged', 'the key "seed" stands twice in one object'],
      ['nesting without end', text('['.repeat(1_000_000)), 'run-damaged', 'it is nested deeper than 100 levels'],
      ['no record', text('[]'), 'run-damaged', 'the record is [], not an object'],
      ['__proto__ instead of fields', text('{"__proto__":{"formatVersion":1}}'), 'run-damaged', 'the record.formatVersion is missing, and 1 was expected'],
      ['another version', text('{"formatVersion":3}'), 'run-version', 'it has format version 3, and this one reads 2'],
      ['16 MB', () => new Uint8Array(16_000_001), 'run-damaged', 'it has 16000001 bytes, and 16000000 are the most'],
    ],
    (bytes) => readRecord(bytes, FILE),
  );
});

describe('metrics.csv is refused:', () => {
  refuses(
    // prettier-ignore
    [
      ['a row cut short', text('a,b\n1,2\n3\n'), 'run-damaged', 'row 2 has 1 values for its 2 columns'],
      ['a stray quote', text('a,b\n1,2"\n'), 'run-damaged', 'a quote or a carriage return stands where none may, in line 2'],
      ['two columns of one name', text('a,a\n1,2\n'), 'run-damaged', 'two columns have one name'],
      ['not UTF-8', () => new Uint8Array([0x61, 0xff, 0x0a]), 'run-damaged', 'it is no UTF-8'],
      ['1,000,001 values', text('\n'.repeat(1_000_001)), 'run-damaged', 'it holds more than 1000000 values'],
    ],
    (bytes) => readMetrics(bytes, FILE),
  );
});
