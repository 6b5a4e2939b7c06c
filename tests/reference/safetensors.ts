import { readFileSync } from 'node:fs';

export interface Float64Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

/** Reads a .safetensors file of F64 tensors: header length (u64), JSON header, then the values, all little-endian. */
export function readSafetensors(path: string | URL): Record<string, Float64Tensor> {
  const file = readFileSync(path);
  const bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = Number(bytes.getBigUint64(0, true));
  const header = JSON.parse(file.toString('utf8', 8, 8 + headerLength)) as Record<string, HeaderEntry>;
  const tensors: Record<string, Float64Tensor> = {};
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    if (dtype !== 'F64') throw new Error(`${String(path)}: tensor "${name}" is ${dtype}, not F64`);
    const begin = 8 + headerLength + offsets[0];
    const data = Float64Array.from({ length: (offsets[1] - offsets[0]) / 8 }, (_, i) =>
      bytes.getFloat64(begin + 8 * i, true),
    );
    tensors[name] = { shape, data };
  }
  return tensors;
}
