import { CifraError } from '../numeric/errors.js';
import { formatShape, sizeOf } from '../numeric/tensor.js';
import { formatCount, printable, viewOf } from './bytes.js';
import { damaged } from './inflate.js';
import { readZipEntry, zipEntries } from './zip.js';

/** An array of bytes in row-major order. */
export interface ByteArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const LARGEST_HEADER = 0x10000;
/** As numpy's. */
const MOST_AXES = 64;
/** What the header of an array file takes at most, for bounds on its size. */
export const NPY_HEADER_BYTES = LARGEST_HEADER + 12;

/**
 * Arrays of an .npz archive of numpy's, by name (without `.npy`); others in the archive are not looked at.
 * `maxBytes` bounds each array's file, header included, so that nothing larger is allocated.
 * @throws CifraError what the zip reader and `parseNpy` throw, and `npz-missing` where an array is not there.
 */
export async function readNpz<Name extends string>(
  bytes: Uint8Array,
  maxBytes: Readonly<Record<Name, number>>,
  file: string,
): Promise<Record<Name, ByteArray>> {
  const entries = zipEntries(bytes, file);
  const result: Partial<Record<Name, ByteArray>> = {};
  for (const name of keysOf(maxBytes)) {
    const entry = entries.get(`${name}.npy`);
    if (entry === undefined) {
      throw new CifraError(
        'npz-missing',
        `${file} holds no array ${name}; it holds ${[...entries.keys()].slice(0, 10).map(printable).join(', ') || 'nothing'}.`,
        `Give an archive with ${keysOf(maxBytes).join(', ')}, as Keras's mnist.npz.`,
      );
    }
    result[name] = parseNpy(await readZipEntry(bytes, entry, maxBytes[name], file), `${name} in ${file}`);
  }
  return result as Record<Name, ByteArray>;
}

/**
 * Reads an array in numpy's .npy format, versions 1 to 3, of whole numbers of 1 to 8 bytes and either byte order, whose
 * values are 0 to 255, in C or Fortran order.
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @throws CifraError `data-damaged`, `npy-dtype` (object arrays among them: they are programs, not data) or `npy-value`.
 */
export function parseNpy(bytes: Uint8Array, file: string): ByteArray {
  const { header, begin } = readHeader(bytes, file);
  const { itemBytes, read } = itemReader(header.dtype, file);
  const count = sizeOf(header.shape);
  if (!Number.isSafeInteger(count * itemBytes)) {
    throw damaged(file, `its shape ${formatShape(header.shape)} is larger than any file`);
  }
  if (bytes.length - begin !== count * itemBytes) {
    throw damaged(
      file,
      `shape ${formatShape(header.shape)} of ${header.dtype} needs ${formatCount(count * itemBytes)} bytes, ` +
        `and ${formatCount(bytes.length - begin)} follow its header`,
    );
  }
  const body = bytes.subarray(begin);
  const values = read === undefined ? body : narrow(viewOf(body), count, itemBytes, read, file);
  return { shape: header.shape, data: header.fortranOrder ? rowMajor(values, header.shape) : values };
}

interface Header {
  readonly dtype: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

function readHeader(bytes: Uint8Array, file: string): { header: Header; begin: number } {
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw damaged(file, 'it does not begin as an .npy file does');
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw damaged(file, `its format has version ${version}, and 1 to 3 are known`);
  const view = viewOf(bytes);
  const begin = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LARGEST_HEADER || begin + length > bytes.length) throw damaged(file, 'it ends within its header');
  const text = new TextDecoder().decode(bytes.slice(begin, begin + length));

  // The header is a Python literal such as {'descr': '|u1', 'fortran_order': False, 'shape': (60000, 28, 28), }.
  const dtype = /'descr'\s*:\s*(?:'([^']*)'|(\[))/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (!dtype || !order || !shape) throw damaged(file, 'its header does not say dtype, order and shape');
  const texts = shape[1]!.split(',').map((size) => size.trim().replace(/L$/, ''));
  // Python writes (3,) for one axis, and () for none.
  if (texts.at(-1) === '') texts.pop();
  const sizes = texts.map((size) => (size === '' ? NaN : Number(size)));
  if (sizes.length > MOST_AXES || !sizes.every(Number.isSafeInteger)) {
    throw damaged(file, `its shape is (${printable(shape[1]!)})`);
  }
  return {
    header: { dtype: dtype[1] ?? 'records', fortranOrder: order[1] === 'True', shape: sizes },
    begin: begin + length,
  };
}

type Read = (view: DataView, offset: number) => number | bigint;

/** How to read one value; `read` is left out where values are bytes already. */
function itemReader(dtype: string, file: string): { itemBytes: number; read?: Read } {
  const [, order, kind, digits] = /^([<>|])([iu])([1248])$/.exec(dtype) ?? [];
  if (order === undefined || kind === undefined || (order === '|' && digits !== '1')) {
    const why = dtype.includes('O') ? ', which only running Python code could read' : '';
    throw new CifraError(
      'npy-dtype',
      `${file} has dtype ${printable(dtype)}${why}; whole numbers of 1 to 8 bytes were expected.`,
      "Save it again with .astype('uint8').",
    );
  }
  const little = order !== '>';
  const signed = kind === 'i';
  switch (Number(digits)) {
    case 1:
      return signed ? { itemBytes: 1, read: (view, at) => view.getInt8(at) } : { itemBytes: 1 };
    case 2:
      return { itemBytes: 2, read: (view, at) => (signed ? view.getInt16(at, little) : view.getUint16(at, little)) };
    case 4:
      return { itemBytes: 4, read: (view, at) => (signed ? view.getInt32(at, little) : view.getUint32(at, little)) };
    default:
      return {
        itemBytes: 8,
        read: (view, at) => (signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little)),
      };
  }
}

function narrow(view: DataView, count: number, itemBytes: number, read: Read, file: string): Uint8Array {
  const values = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const value = read(view, i * itemBytes);
    if (value < 0 || value > 255) {
      throw new CifraError(
        'npy-value',
        `${file} holds ${value} at index ${formatCount(i)}, and values are 0 to 255.`,
        'Give pixels and labels as they are in MNIST, not scaled.',
      );
    }
    values[i] = Number(value);
  }
  return values;
}

/** Values whose first axis varies fastest, put in the order where the last one does. */
function rowMajor(values: Uint8Array, shape: readonly number[]): Uint8Array {
  // Axes of size 1 change nothing, and would be gone through for every value.
  const sizes = shape.filter((size) => size !== 1);
  const strides: number[] = [];
  let stride = 1;
  for (const size of sizes) {
    strides.push(stride);
    stride *= size;
  }
  const result = new Uint8Array(values.length);
  const index = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      from -= strides[axis]! * sizes[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[];
}
