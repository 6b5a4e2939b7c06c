import { CifraError } from '../numeric/errors.js';
import { floatFromHalf, halfFromFloat, LARGEST_HALF } from '../numeric/half.js';
import { formatShape, sizeOf } from '../numeric/tensor.js';
import { isObject, type Json, type JsonObject, parseJsonBytes, show } from './json.js';

/**
 * The .safetensors format: the header's length (8 bytes), the header (JSON: each tensor's dtype, shape and place, and
 * texts under `__metadata__`), then the values of all tensors without a gap; all little-endian.
 * Format: https://huggingface.co/docs/safetensors/index#format
 */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Float32Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Values in row-major order. */
export interface Float32Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const METADATA = '__metadata__';
/** The format's own bound, in bytes. */
const LARGEST_HEADER = 100_000_000;
const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
/** The bytes of a value, by what the format calls the kind of values: float32 and half precision. */
const ITEM_BYTES = { F32: 4, F16: 2 } as const;
export type Dtype = keyof typeof ITEM_BYTES;
const HALF_CHARACTER = /\p{Surrogate}/u;

/**
 * A .safetensors file of tensors of one dtype, sorted by name, so that equal tensors give equal bytes. F16 holds the
 * nearest half of every value.
 * @throws CifraError `safetensors-tensor` for a name that cannot be written or a shape that is not that of the data,
 *   `weights-not-finite` for NaN or infinity, `half-range` for values that no half is near, each naming the tensor
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors, dtype: Dtype = 'F32'): Uint8Array<ArrayBuffer> {
  const sorted = sortedByName(tensors);
  const fields: [string, Json][] = metadata.size === 0 ? [] : [[METADATA, Object.fromEntries(sortedByName(metadata))]];
  let end = 0;
  for (const [name, { shape, data }] of sorted) {
    checkTensor(name, shape, data);
    const begin = end;
    end += data.length * ITEM_BYTES[dtype];
    fields.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }
  // Joined by hand because an object would put names such as "10" first.
  const json = fields.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',');
  const text = new TextEncoder().encode(`{${json}}`);
  const headerLength = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;

  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength);
  bytes.set(text, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerLength;
  const write = dtype === 'F16' ? writeHalves : writeFloats;
  for (const [name, { data }] of sorted) at = write(view, at, data, name);
  return bytes;
}

/**
 * The tensors of a .safetensors file, copied, halves as the float32 they are. Nothing is allocated before the header has been checked against the file.
 * `file` is what messages call it.
 * @throws CifraError `safetensors-damaged` for what does not keep to the format, is cut short, or lies about its own
 *   layout; `safetensors-dtype` for tensors that are neither F32 nor F16; `weights-not-finite` for NaN or infinity
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataBegin = LENGTH_BYTES + readHeaderLength(view, file);
  const fail = (problem: string): CifraError => damaged(file, `its header cannot be read: ${problem}`);
  // An object, since it begins with {.
  const header = parseJsonBytes(bytes.subarray(LENGTH_BYTES, dataBegin), fail) as JsonObject;

  let metadata: ReadonlyMap<string, string> = new Map();
  const places: Place[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) metadata = readMetadata(value, file);
    else places.push(readPlace(name, value, file));
  }
  checkLayout(places, bytes.length - dataBegin, file);
  const tensors = new Map<string, Float32Tensor>();
  for (const { name, dtype, shape, begin } of places) {
    const data = readValues(view, dataBegin + begin, dtype, sizeOf(shape), name, file);
    tensors.set(name, { shape, data });
  }
  return { tensors, metadata };
}

/** The entries in the order of their names' UTF-16 code units: the same everywhere, whatever the language. */
export function sortedByName<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Writes values as little-endian f32 from byte `at` on. Returns where they end.
 * @throws CifraError `weights-not-finite`: the bits of NaN differ from machine to machine, so none enters a file or hash
 */
export function writeFloats(view: DataView, at: number, data: Float32Array, name: string): number {
  for (let i = 0; i < data.length; i++, at += ITEM_BYTES.F32) {
    checkFinite(data[i]!, i, name);
    view.setFloat32(at, data[i]!, true);
  }
  return at;
}

/** The same as the nearest halves. @throws CifraError `half-range` */
function writeHalves(view: DataView, at: number, data: Float32Array, name: string): number {
  for (let i = 0; i < data.length; i++, at += ITEM_BYTES.F16) {
    const value = data[i]!;
    checkFinite(value, i, name);
    if (Math.abs(value) > LARGEST_HALF) {
      throw new CifraError(
        'half-range',
        `Tensor ${show(name)} holds ${value} at index ${i}, and the largest number in half precision is ${LARGEST_HALF}.`,
        'Save the model in single precision.',
      );
    }
    view.setUint16(at, halfFromFloat(value), true);
  }
  return at;
}

function checkFinite(value: number, i: number, name: string): void {
  if (Number.isFinite(value)) return;
  throw notFinite(
    `Tensor ${show(name)} holds ${value} at index ${i}, so it is not saved`,
    'Training has gone wrong before this: lower the learning rate, and check the images and labels.',
  );
}

function readValues(view: DataView, at: number, dtype: Dtype, count: number, name: string, file: string): Float32Array {
  const data = new Float32Array(count);
  const size = ITEM_BYTES[dtype];
  for (let i = 0; i < count; i++) {
    const place = at + i * size;
    const value = dtype === 'F16' ? floatFromHalf(view.getUint16(place, true)) : view.getFloat32(place, true);
    if (!Number.isFinite(value)) {
      throw notFinite(
        `Tensor ${show(name)} of ${file} holds ${value} at index ${i}`,
        'The file is damaged, or the training that made it failed: give another.',
      );
    }
    data[i] = value;
  }
  return data;
}

function notFinite(what: string, remedy: string): CifraError {
  return new CifraError('weights-not-finite', `${what}: weights are finite numbers.`, remedy);
}

function checkTensor(name: string, shape: readonly number[], data: Float32Array): void {
  const wrong = (problem: string, remedy: string): CifraError =>
    new CifraError('safetensors-tensor', `Tensor ${show(name)} cannot be saved: ${problem}.`, remedy);
  if (name === METADATA) throw wrong('the format keeps this name for itself', 'Give the tensor another name.');
  if (HALF_CHARACTER.test(name)) throw wrong('half a character in its name', 'Give a name that is valid Unicode.');
  if (!isSizes(shape) || sizeOf(shape) !== data.length) {
    throw wrong(
      `its shape is ${formatShape(shape)}, and its number of values ${data.length}`,
      'Give a shape of whole numbers whose product is the number of values.',
    );
  }
}

// ---------------------------------------------------------------------------------------------------------- header

function readHeaderLength(view: DataView, file: string): number {
  if (view.byteLength < LENGTH_BYTES) {
    throw damaged(file, `it has ${view.byteLength} bytes, and the length of its header alone takes ${LENGTH_BYTES}`);
  }
  const length = view.getBigUint64(0, true);
  if (length > LARGEST_HEADER) {
    throw damaged(file, `its header would have ${length.toString()} bytes, and ${LARGEST_HEADER} are the most`);
  }
  const rest = view.byteLength - LENGTH_BYTES;
  if (length > rest) throw damaged(file, `its header would have ${length.toString()} bytes, and ${rest} are there`);
  if (length === 0n || view.getUint8(LENGTH_BYTES) !== 0x7b) throw damaged(file, 'its header does not begin with {');
  return Number(length);
}

function readMetadata(value: Json, file: string): Map<string, string> {
  const metadata = new Map<string, string>();
  if (!isObject(value)) throw damaged(file, `its ${METADATA} is ${show(value)}, not an object`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw damaged(file, `${show(key)} in its ${METADATA} is ${show(text)}, not a text`);
    metadata.set(key, text);
  }
  return metadata;
}

/** Where a tensor lies: bytes `begin` (included) to `end` (excluded) of the data. */
interface Place {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readPlace(name: string, value: Json, file: string): Place {
  const wrong = (problem: string): CifraError => damaged(file, `tensor ${show(name)} ${problem}`);
  if (!isObject(value) || Object.keys(value).sort().join() !== 'data_offsets,dtype,shape') {
    throw wrong(`is described as ${show(value)}, and dtype, shape and data_offsets were expected`);
  }
  if (HALF_CHARACTER.test(name)) throw wrong('has half a character in its name');
  const { dtype = null, shape = null, data_offsets: offsets = null } = value;
  if (dtype !== 'F32' && dtype !== 'F16') {
    throw new CifraError(
      'safetensors-dtype',
      `Tensor ${show(name)} of ${file} has dtype ${show(dtype)}; "F32" or "F16" was expected.`,
      'Convert its tensors to float32, and save it again.',
    );
  }
  if (!isSizes(shape)) throw wrong(`has shape ${show(shape)}, which is no list of whole numbers`);
  const [begin, end, ...more] = isSizes(offsets) ? offsets : [];
  if (begin === undefined || end === undefined || more.length > 0) {
    throw wrong(`has data_offsets ${show(offsets)}, which are not two whole numbers`);
  }
  const size = byteSize(shape, dtype);
  if (size === undefined) throw wrong(`has shape ${show(shape)}, which is larger than any file`);
  if (end - begin !== size) {
    throw wrong(`has shape ${show(shape)} of ${size} bytes, but data_offsets ${show(offsets)} of ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors' places must cover the data exactly: no overlap, no hole, nothing after the last. */
function checkLayout(places: readonly Place[], dataBytes: number, file: string): void {
  let at = 0;
  for (const { name, begin, end } of places.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < at) throw damaged(file, `tensor ${show(name)} overlaps another in bytes ${begin} to ${at} of the data`);
    if (begin > at) throw damaged(file, `bytes ${at} to ${begin} of the data, before ${show(name)}, are no tensor's`);
    at = end;
  }
  if (at > dataBytes) throw damaged(file, `it is cut short: its tensors need ${at} bytes, and ${dataBytes} are there`);
  if (at < dataBytes) throw damaged(file, `${dataBytes - at} bytes follow its last tensor`);
}

/** Undefined where the size is no exact number any more. */
function byteSize(shape: readonly number[], dtype: Dtype): number | undefined {
  let size: number = ITEM_BYTES[dtype];
  for (const dimension of shape) {
    size *= dimension;
    if (!Number.isSafeInteger(size)) return undefined;
  }
  return size;
}

function isSizes(value: Json): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && !Object.is(size, -0) && size >= 0);
}

function damaged(file: string, problem: string): CifraError {
  return new CifraError(
    'safetensors-damaged',
    `${file} is no sound .safetensors file: ${problem}.`,
    'Check that it is the right file, or copy it again.',
  );
}
