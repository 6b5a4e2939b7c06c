import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CifraError } from '../numeric/errors.js';
import { sizeOf } from '../numeric/tensor.js';
import { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.js';

/** What safetensors 0.8.0 for Python saves of `reference`. */
const referenceBytes = Buffer.from(
  [
    'CAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyLDqSI6IngifSwiMTAiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOl',
    'swLDhdfSwiYSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbXSwiZGF0YV9vZmZzZXRzIjpbOCwxMl19LCJiL2tlcm5lbCI6eyJkdHlwZSI6IkYz',
    'MiIsInNoYXBlIjpbMiwzXSwiZGF0YV9vZmZzZXRzIjpbMTIsMzZdfSwiZW1wdHkiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzAsNF0sImRhdG',
    'Ffb2Zmc2V0cyI6WzM2LDM2XX19ICAgICABAAAA//9/fwAAAIAAAAAAAACAPgAAAD8AAEA/AACAPwAAoD8=',
  ].join(''),
  'base64',
);
const reference: Safetensors = {
  tensors: new Map([
    ['b/kernel', { shape: [2, 3], data: new Float32Array([0, 0.25, 0.5, 0.75, 1, 1.25]) }],
    ['a', { shape: [], data: new Float32Array([-0]) }],
    ['empty', { shape: [0, 4], data: new Float32Array() }],
    ['10', { shape: [2], data: new Float32Array([1e-45, 3.4028235e38]) }],
  ]),
  metadata: new Map([['é', 'x']]),
};

/** A file of this header and so many bytes of data. */
function fileOf(header: string | Uint8Array, dataBytes = 0): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function tensorField(shape: string, offsets: string, dtype = '"F32"'): string {
  return `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;
}

function refusal(bytes: Uint8Array): string {
  try {
    decodeSafetensors(bytes, 'm.safetensors');
  } catch (error) {
    if (error instanceof CifraError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const damaged = (problem: string): string =>
  `safetensors-damaged: m.safetensors is no sound .safetensors file: ${problem}.\n  Check that it is the right file, or copy it again.`;

describe('safetensors in half precision', () => {
  const halves = (...values: number[]): Safetensors => ({
    tensors: new Map([['w', { shape: [values.length], data: new Float32Array(values) }]]),
    metadata: new Map(),
  });

  it('hold the nearest halves, two bytes each, and give them back as float32', () => {
    const bytes = encodeSafetensors(halves(1, 1 / 3, -65504, 1e-7, 3e-8), 'F16');
    expect(Buffer.from(bytes).toString('latin1')).toContain(tensorField('[5]', '[0,10]', '"F16"'));
    expect([...bytes.subarray(-10)]).toEqual([0x00, 0x3c, 0x55, 0x35, 0xff, 0xfb, 0x02, 0x00, 0x01, 0x00]);
    const { data } = decodeSafetensors(bytes, 'm').tensors.get('w')!;
    expect([...data]).toEqual([1, 0.333251953125, -65504, 2 * 2 ** -24, 2 ** -24]);
    expect(encodeSafetensors(halves(...data), 'F16')).toEqual(bytes);
  });

  it('are refused beyond the range, and where they are not finite', () => {
    expect(() => encodeSafetensors(halves(1, -65505), 'F16')).toThrow(
      'Tensor "w" holds -65505 at index 1, and the largest number in half precision is 65504.\n  Save the model in single precision.',
    );
    expect(() => encodeSafetensors(halves(NaN), 'F16')).toThrow('Tensor "w" holds NaN at index 0, so it is not saved');
    const bytes = encodeSafetensors(halves(1), 'F16');
    new DataView(bytes.buffer).setUint16(bytes.length - 2, 0x7c00, true);
    expect(refusal(bytes)).toContain('weights-not-finite: Tensor "w" of m.safetensors holds Infinity at index 0');
  });

  it('may stand beside single precision in files of others, without alignment', () => {
    const header = `{"a":${tensorField('[1]', '[0,2]', '"F16"')},"b":${tensorField('[1]', '[2,6]')}}`;
    const file = fileOf(header, 6);
    const view = new DataView(file.buffer);
    view.setUint16(file.length - 6, 0xc000, true);
    view.setFloat32(file.length - 4, 0.1, true);
    const { tensors } = decodeSafetensors(file, 'm');
    expect([...tensors.get('a')!.data, ...tensors.get('b')!.data]).toEqual([-2, Math.fround(0.1)]);
    expect(refusal(fileOf(`{"a":${tensorField('[1]', '[0,4]', '"F16"')}}`, 4))).toContain(
      'of 2 bytes, but data_offsets',
    );
  });
});

describe('safetensors', () => {
  it('agrees with the reference implementation byte for byte', () => {
    expect(Buffer.from(encodeSafetensors(reference))).toEqual(referenceBytes);
    const { tensors, metadata } = decodeSafetensors(referenceBytes, 'm.safetensors');
    expect(new Map(tensors)).toEqual(new Map([...reference.tensors].sort()));
    expect(metadata).toEqual(reference.metadata);
  });

  it('gives back what it was given, sorted by name, in bytes that do not depend on the order', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '2', '10', 'é', '𝒳', '\uffee'));
    const float = fc.float({ noNaN: true, noDefaultInfinity: true });
    const tensor = fc
      .array(fc.nat(4), { maxLength: 4 })
      .chain((shape) =>
        fc
          .array(float, { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
          .map((values) => ({ shape, data: new Float32Array(values) })),
      );
    const entries = fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 6 });
    const texts = fc.uniqueArray(fc.tuple(name, fc.string()), { selector: ([key]) => key, maxLength: 3 });
    fc.assert(
      fc.property(entries, texts, (tensors, metadata) => {
        const bytes = encodeSafetensors({ tensors: new Map(tensors), metadata: new Map(metadata) });
        expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
        const decoded = decodeSafetensors(bytes, 'm');
        expect(new Map(decoded.tensors)).toEqual(new Map(tensors));
        expect(new Map(decoded.metadata)).toEqual(new Map(metadata));
        // Objects put names like "2" first, so only others keep the order of the file.
        const names = [...decoded.tensors.keys()].filter((key) => !/^\d+$/.test(key));
        expect(names).toEqual([...names].sort());
        const reversed = { tensors: new Map(tensors.toReversed()), metadata: new Map(metadata.toReversed()) };
        expect(encodeSafetensors(reversed)).toEqual(bytes);
      }),
    );
  });

  it('reads tensors that lie in any order, from bytes within a larger and shared buffer', () => {
    const header = `{"a":${tensorField('[1]', '[4,8]')},"b":${tensorField('[]', '[0,4]')}}   `;
    const file = fileOf(header, 8);
    new DataView(file.buffer).setFloat32(file.length - 4, 2.5, true);
    const shared = new Uint8Array(new SharedArrayBuffer(file.length + 6)).subarray(3, 3 + file.length);
    shared.set(file);
    const { tensors } = decodeSafetensors(shared, 'm');
    expect(tensors.get('a')).toEqual({ shape: [1], data: new Float32Array([2.5]) });
    expect(tensors.get('b')).toEqual({ shape: [], data: new Float32Array([0]) });
  });
});

describe('encodeSafetensors', () => {
  const save = (name: string, shape: number[], data: number[]) => () =>
    encodeSafetensors({ tensors: new Map([[name, { shape, data: new Float32Array(data) }]]), metadata: new Map() });

  it('refuses NaN and infinity, naming the tensor', () => {
    expect(save('conv2d/kernel', [3], [1, NaN, 2])).toThrow(
      'Tensor "conv2d/kernel" holds NaN at index 1, so it is not saved: weights are finite numbers.\n  Training has gone wrong before this',
    );
    expect(save('a', [1], [-Infinity])).toThrow(expect.objectContaining({ code: 'weights-not-finite' }));
  });

  it('refuses shapes that do not fit and names that cannot be written', () => {
    const problem = 'Tensor "a" cannot be saved: its shape is [2, 2], and its number of values 3.\n  Give a shape';
    expect(save('a', [2, 2], [1, 2, 3])).toThrow(problem);
    expect(save('a', [-1, -1], [1])).toThrow(expect.objectContaining({ code: 'safetensors-tensor' }));
    expect(save('a', [0.5, 2], [1])).toThrow('its shape is [0.5, 2]');
    expect(save('__metadata__', [1], [1])).toThrow('the format keeps this name for itself');
    expect(save('a\ud800', [1], [1])).toThrow('half a character in its name');
  });
});

describe('decodeSafetensors refuses', () => {
  it('a header length that the file or the format does not allow, before it allocates anything', () => {
    expect(refusal(new Uint8Array(5))).toBe(damaged('it has 5 bytes, and the length of its header alone takes 8'));
    const file = fileOf('{}');
    const withLength = (length: bigint): Uint8Array => {
      const copy = file.slice();
      new DataView(copy.buffer).setBigUint64(0, length, true);
      return copy;
    };
    expect(refusal(withLength(3n))).toBe(damaged('its header would have 3 bytes, and 2 are there'));
    expect(refusal(withLength(100_000_001n))).toBe(
      damaged('its header would have 100000001 bytes, and 100000000 are the most'),
    );
    expect(refusal(withLength(2n ** 64n - 1n))).toContain('would have 18446744073709551615 bytes');
    expect(refusal(withLength(0n))).toBe(damaged('its header does not begin with {'));
    expect(refusal(file)).toBe('accepted');
  });

  it('a header that is not strict JSON in UTF-8', () => {
    const unreadable = 'its header cannot be read: ';
    expect(refusal(fileOf(' {}'))).toBe(damaged('its header does not begin with {'));
    expect(refusal(fileOf('\ufeff{}'))).toBe(damaged('its header does not begin with {'));
    expect(refusal(fileOf('{]'))).toContain(`${unreadable}it is no JSON (`);
    expect(refusal(fileOf('{}{}'))).toContain(`${unreadable}it is no JSON (`);
    expect(refusal(fileOf(new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22])))).toBe(
      damaged(`${unreadable}it is no UTF-8`),
    );
    const twice = `{"a":${tensorField('[]', '[0,4]')},"a":${tensorField('[]', '[0,4]')}}`;
    expect(refusal(fileOf(twice, 4))).toBe(damaged(`${unreadable}the key "a" stands twice in one object`));
  });

  it('metadata that are not texts', () => {
    expect(refusal(fileOf('{"__metadata__":[]}'))).toBe(damaged('its __metadata__ is [], not an object'));
    expect(refusal(fileOf('{"__metadata__":{"a":1}}'))).toBe(damaged('"a" in its __metadata__ is 1, not a text'));
  });

  it('tensors that are not described as they must be', () => {
    const described = (field: string): string => refusal(fileOf(`{"w":${field}}`, 4));
    expect(described('3')).toBe(
      damaged('tensor "w" is described as 3, and dtype, shape and data_offsets were expected'),
    );
    expect(described('{"dtype":"F32","shape":[]}')).toContain('data_offsets were expected');
    expect(described('{"dtype":"F32","shape":[],"data_offsets":[0,4],"more":0}')).toContain('were expected');
    for (const shape of ['[1.5]', '[-1]', '[-0]', '["1"]', '[null]', '[9007199254740993]', '1', 'null', '{"0":1}']) {
      expect(described(tensorField(shape, '[0,4]')), shape).toBe(
        damaged(`tensor "w" has shape ${JSON.stringify(JSON.parse(shape))}, which is no list of whole numbers`),
      );
    }
    for (const offsets of ['[0]', '[0,4,4]', '[-4,0]', '[0,4.5]', '["0","4"]', 'null']) {
      expect(described(tensorField('[]', offsets)), offsets).toBe(
        damaged(`tensor "w" has data_offsets ${offsets}, which are not two whole numbers`),
      );
    }
    const half = refusal(fileOf(`{"\\ud800":${tensorField('[]', '[0,4]')}}`, 4));
    expect(half).toBe(damaged('tensor "\\ud800" has half a character in its name'));
    expect(described('[]')).toContain('is described as []');
    expect(refusal(fileOf(`{"w":${'['.repeat(100_000)}`))).toContain('it is nested deeper than 100 levels');
    const huge = '[4503599627370496,4503599627370496]';
    expect(described(tensorField(huge, '[0,4]'))).toBe(
      damaged(`tensor "w" has shape ${huge}, which is larger than any file`),
    );
    expect(described(tensorField('[2]', '[0,4]'))).toBe(
      damaged('tensor "w" has shape [2] of 8 bytes, but data_offsets [0,4] of 4'),
    );
    expect(described(tensorField('[1]', '[4,0]'))).toContain('has shape [1] of 4 bytes, but data_offsets [4,0] of -4');
  });

  it('overlaps, holes, missing and trailing bytes', () => {
    const two = (first: string, second: string, bytes: number): string =>
      refusal(fileOf(`{"a":${tensorField('[2]', first)},"b":${tensorField('[2]', second)}}`, bytes));
    expect(two('[0,8]', '[8,16]', 16)).toBe('accepted');
    expect(two('[8,16]', '[0,8]', 16)).toBe('accepted');
    expect(two('[0,8]', '[4,12]', 12)).toBe(damaged('tensor "b" overlaps another in bytes 4 to 8 of the data'));
    expect(two('[0,8]', '[0,8]', 8)).toBe(damaged('tensor "b" overlaps another in bytes 0 to 8 of the data'));
    expect(two('[0,8]', '[12,20]', 20)).toBe(damaged('bytes 8 to 12 of the data, before "b", are no tensor\'s'));
    expect(two('[4,12]', '[12,20]', 20)).toBe(damaged('bytes 0 to 4 of the data, before "a", are no tensor\'s'));
    expect(two('[0,8]', '[8,16]', 15)).toBe(damaged('it is cut short: its tensors need 16 bytes, and 15 are there'));
    expect(two('[0,8]', '[8,16]', 19)).toBe(damaged('3 bytes follow its last tensor'));
    const large = tensorField('[1000000000000]', '[0,4000000000000]');
    expect(refusal(fileOf(`{"a":${large}}`, 4))).toContain('it is cut short: its tensors need 4000000000000 bytes');
  });

  it('other dtypes', () => {
    for (const dtype of ['"BF16"', '"F64"', '"I8"', '"f32"', 'null', '32']) {
      expect(refusal(fileOf(`{"w":${tensorField('[1]', '[0,8]', dtype)}}`, 8))).toBe(
        `safetensors-dtype: Tensor "w" of m.safetensors has dtype ${dtype}; "F32" or "F16" was expected.\n  Convert its tensors to float32, and save it again.`,
      );
    }
  });

  it('the float64 reference files, saying so', () => {
    const folder = new URL('../../tests/fixtures/reference/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      expect(refusal(readFileSync(new URL(file, folder))), file).toMatch(
        /^safetensors-dtype: Tensor ".*" of m\.safetensors has dtype "F64"; "F32" or "F16" was expected\./,
      );
    }
  });

  it('NaN and infinity, naming the tensor', () => {
    const header = `{"a":${tensorField('[1]', '[0,4]')},"dense/bias":${tensorField('[2]', '[4,12]')}}`;
    const file = fileOf(header, 12);
    for (const value of [NaN, Infinity, -Infinity]) {
      new DataView(file.buffer).setFloat32(file.length - 4, value, true);
      expect(refusal(file)).toBe(
        `weights-not-finite: Tensor "dense/bias" of m.safetensors holds ${value} at index 1: weights are finite numbers.\n  The file is damaged, or the training that made it failed: give another.`,
      );
    }
  });

  it('with an error of ours whatever the bytes are', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.string().map((text) => fileOf(text, 4)),
      fc.json().map((json) => fileOf(`{"w":${json},"__metadata__":{}}`, 4)),
      fc.tuple(fc.json(), fc.json(), fc.json()).map((fields) => {
        const [dtype, shape, offsets] = fields;
        return fileOf(`{"w":{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}}`, 4);
      }),
    );
    fc.assert(fc.property(anything, (bytes) => void refusal(bytes)));
  });
});
