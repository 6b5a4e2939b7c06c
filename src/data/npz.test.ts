import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readArchive } from './archive.js';
import { type DatasetEntry, datasets } from './dataset.js';
import { encodeIdxImages, encodeIdxLabels } from './idx.js';
import { parseNpy, readNpz } from './npz.js';

/** numpy 2.4's savez_compressed of x_train [3, 28, 28] uint8, y_train int64, x_test in Fortran order, y_test uint8. */
const kerasLike = bytesOf(
  [
    'UEsDBC0AAAAIAAAAIQAxsxFq//////////8LABQAeF90cmFpbi5ucHkBABAAsAkAAAAAAABsAQAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF',
    '5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6CkYWIKypo1CrQA7gYmDnE5VR1jK0sHfzDYlOyiwor2vtmTxr4Yr12/YeOX3p',
    '5oPn777+YeYSlJBX0zWxdvIMCI9LzSmuauzonzZ3yepNOw8cP3f1zuNXH3/8Z+MVkVbSNDC3c/UJjkrMyC+rbemeNHPB8nVb9xw+dfHG/Wdvv/',
    'xm4hQQl1PVMbZy9PAPi03JLqpsaO+bOmfxqo079h87e+X2o5cfvv9j5RGWUtTQN7N18Q6KTEjPK61p7po4Y/6ytVt2Hzp54fq9p28+/2Lk4BeT',
    'VdE2snRw9wuNSc4qrKhv650ye9HKDdv3HT1z+dbDF++//WXhFpJUUNcztXH2CoyIT8stqW7qnDB93tI1m3cdPHH+2t0nrz/9HPX/qP9H/T/q/1',
    'H/j/p/1P+j/ifkfwBQSwMELQAAAAgAAAAhAJkjNmr//////////wsAFAB5X3RyYWluLm5weQEAEACYAAAAAAAAAEoAAAAAAAAAm+wX6hsQychQ',
    'xlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjqaOgq1ChQALlYGVMACpQFQSwMELQAAAAgAAAAhAM+Mbn',
    'v//////////woAFAB4X3Rlc3QubnB5AQAQAKAGAAAAAAAAuQIAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBeU2qorqOgnpZfVFKUmBefX5SS',
    'ChIPKSpNBQoXZyQWpAK5GkY6CkYWIKypo1CrQBbgYiw8atr503evYONV15mcsWcVJz4NXSmZe9dw4dfUnZq1bx03spaetOz9G3hQtPWm51zexI',
    'uqU19GrpXlqDhjM4Eh5IhExx2fBQIpVzRmvInZoFDyxGLFn5wDBi1fPHbw1FxwmMIScUKm50HAEpGMGzpzPiRsUeGvv+w8nT36tHz/4+Dl4tm3',
    '9ed/Tt6uXv3afj1z8XHz7t/++4Wbr7vP5o4/rzz5efhq6fz7xou/p+/WFmu75TWPL+mS2rRXUevkih6ZLfuVtU+v6ZPbNq6qc3aTmMKOSXXd81',
    'sklHZNa9a7uE1KZc+sVv3LO2Qk2/swcKlo5k3duR8Tt6pWvrRdS5yPVaa8iFgjU/DAZMmPjD06DR9cthDnY+3Z7+M3K5c/t179P/+wcft3793E',
    '+dho0be0XVp175w2sZWdsur7F3SIOB9brvybe9Cw9avnTt7ai45TWSNPEudjhw0sJScsev4EHBBpueExhyfhAnE+dt/OXX3efjJz+HHp7vv+i4',
    'XTrxPnY799Qk3X3GZxxZ1TmvQsbJVU3j3ifBx6VLLzru9CwdSrmjPfxm5ULH1KnI9jzihMeBKyQiLnjsGCLyk7NGreEOfj5Mvq019Hr5cvfmy+',
    '/Hf2fv3mz8T5OOuW3rxPSdvUql7ZrWMqOmbW9Ys4Hxc+NF36M3OvbuNH162clWdtJzIS5+OKFzZrGAqOmHT88Nkj0HDFZQYHcT6uf++8mb38tH',
    'X//+DD4u23vefzE+fjtm9eu/jqLjlNY4s6Jdf3KGiZGHE+xiw5iPMxZslBnI8xSw7ifIxZchDnY2LKSmw+JqasxOZjYspKbD4mpqzE5mMAUEsD',
    'BC0AAAAIAAAAIQDkpT8J//////////8KABQAeV90ZXN0Lm5weQEAEACCAAAAAAAAAEYAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK',
    '6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQALnYmAFBLAQItAy0AAAAIAAAAIQAxsxFqbAEAALAJAAALAAAAAAAAAAAA',
    'AACAAQAAAAB4X3RyYWluLm5weVBLAQItAy0AAAAIAAAAIQCZIzZqSgAAAJgAAAALAAAAAAAAAAAAAACAAakBAAB5X3RyYWluLm5weVBLAQItAy',
    '0AAAAIAAAAIQDPjG57uQIAAKAGAAAKAAAAAAAAAAAAAACAATACAAB4X3Rlc3QubnB5UEsBAi0DLQAAAAgAAAAhAOSlPwlGAAAAggAAAAoAAAAA',
    'AAAAAAAAAIABJQUAAHlfdGVzdC5ucHlQSwUGAAAAAAQABADiAAAApwUAAAAA',
  ].join(''),
);
/** numpy 2.4's savez of x = arange(6).reshape(2, 3) uint8 and y = [3, 200], big-endian int16. */
const stored = bytesOf(
  [
    'UEsDBC0AAAAAAAAAIQB+ntfP//////////8FABQAeC5ucHkBABAAhgAAAAAAAACGAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3x1MScsIC',
    'dmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg',
    'ICAgICAgICAgICAgICAgICAKAAECAwQFUEsDBC0AAAAAAAAAIQC8ZPrR//////////8FABQAeS5ucHkBABAAhAAAAAAAAACEAAAAAAAAAJNOVU',
    '1QWQEAdgB7J2Rlc2NyJzogJz5pMicsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAgICAgICAgICAg',
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAMAyFBLAQItAy0AAAAAAAAAIQB+ntfPhgAAAIYAAAAFAAAAAAAAAA',
    'AAAACAAQAAAAB4Lm5weVBLAQItAy0AAAAAAAAAIQC8ZPrRhAAAAIQAAAAFAAAAAAAAAAAAAACAAb0AAAB5Lm5weVBLBQYAAAAAAgACAGYAAAB4',
    'AQAAAAA=',
  ].join(''),
);

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** An .npy file as numpy writes it. */
function npy(dtype: string, shape: string, body: number[], { fortran = false, version = 1 } = {}): Uint8Array {
  const dict = `{'descr': ${dtype}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`;
  const text = `${dict.padEnd(117)}\n`;
  const length = version === 1 ? [text.length, 0] : [text.length, 0, 0, 0];
  return new Uint8Array([0x93, ...Buffer.from('NUMPY'), version, 0, ...length, ...Buffer.from(text), ...body]);
}

function pixels(count: number, offset: number): Uint8Array {
  return Uint8Array.from({ length: count * 784 }, (_, i) => (i * 7 + offset) % 256);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const expected = {
  trainImages: encodeIdxImages(pixels(3, 0)),
  trainLabels: encodeIdxLabels(new Uint8Array([5, 0, 4])),
  testImages: encodeIdxImages(pixels(2, 1)),
  testLabels: encodeIdxLabels(new Uint8Array([7, 2])),
};
const check = (bytes: Uint8Array) => ({ size: bytes.length, sha256: sha256(bytes) });
const entry: DatasetEntry = {
  ...datasets.mnist,
  files: {
    trainImages: check(expected.trainImages),
    trainLabels: check(expected.trainLabels),
    testImages: check(expected.testImages),
    testLabels: check(expected.testLabels),
  },
};

describe('parseNpy', () => {
  it.each([
    ['uint8, version 1', npy("'|u1'", '(2, 3)', [0, 1, 2, 3, 4, 5]), [2, 3], [0, 1, 2, 3, 4, 5]],
    ['uint8, version 2', npy("'|u1'", '(2,)', [8, 9], { version: 2 }), [2], [8, 9]],
    ['uint8, version 3', npy("'|u1'", '(2,)', [8, 9], { version: 3 }), [2], [8, 9]],
    ['big-endian uint16', npy("'>u2'", '(1,)', [0, 200]), [1], [200]],
    ['little-endian int16', npy("'<i2'", '(1,)', [9, 0]), [1], [9]],
    ['little-endian uint32', npy("'<u4'", '(1,)', [9, 0, 0, 0]), [1], [9]],
    ['big-endian uint64', npy("'>u8'", '(1,)', [0, 0, 0, 0, 0, 0, 0, 9]), [1], [9]],
    ['sizes as Python 2 wrote them', npy("'|u1'", '(2L, 1L)', [8, 9]), [2, 1], [8, 9]],
    [
      'Fortran order with axes of size 1',
      npy("'|u1'", '(1, 2, 1, 2)', [1, 3, 2, 4], { fortran: true }),
      [1, 2, 1, 2],
      [1, 2, 3, 4],
    ],
    ['a single value', npy("'|u1'", '()', [7]), [], [7]],
    ['int8', npy("'|i1'", '(1,)', [127]), [1], [127]],
    ['little-endian uint16', npy("'<u2'", '(2,)', [200, 0, 1, 0]), [2], [200, 1]],
    ['big-endian int32', npy("'>i4'", '(1,)', [0, 0, 0, 9]), [1], [9]],
    ['little-endian int64', npy("'<i8'", '(1,)', [255, 0, 0, 0, 0, 0, 0, 0]), [1], [255]],
    ['Fortran order', npy("'|u1'", '(2, 3)', [0, 3, 1, 4, 2, 5], { fortran: true }), [2, 3], [0, 1, 2, 3, 4, 5]],
    [
      'Fortran order in three axes',
      npy("'|u1'", '(2, 2, 2)', [0, 4, 2, 6, 1, 5, 3, 7], { fortran: true }),
      [2, 2, 2],
      [0, 1, 2, 3, 4, 5, 6, 7],
    ],
    ['no values', npy("'|u1'", '(0, 28)', []), [0, 28], []],
  ])('reads %s', (_, bytes, shape, values) => {
    const array = parseNpy(bytes, 'x');
    expect(array.shape).toEqual(shape);
    expect([...array.data]).toEqual(values);
  });

  it.each([
    ['objects', npy("'|O'", '(1,)', [0]), 'npy-dtype', 'x has dtype |O, which only running Python code could read'],
    ['floats', npy("'<f4'", '(1,)', [0, 0, 0, 0]), 'npy-dtype', 'x has dtype <f4; whole numbers'],
    ['records', npy("[('a', '|u1')]", '(1,)', [0]), 'npy-dtype', 'x has dtype records'],
    ['a negative value', npy("'|i1'", '(2,)', [1, 255]), 'npy-value', 'x holds -1 at index 1, and values are 0 to 255'],
    ['a large value', npy("'<u2'", '(1,)', [0, 1]), 'npy-value', 'x holds 256 at index 0'],
    ['a large int64', npy("'<i8'", '(1,)', [0, 0, 0, 0, 0, 0, 0, 64]), 'npy-value', 'x holds 4611686018427387904'],
    ['too few values', npy("'|u1'", '(2, 2)', [1, 2, 3]), 'data-damaged', 'needs 4 bytes, and 3 follow its header'],
    ['too many values', npy("'|u1'", '(2,)', [1, 2, 3]), 'data-damaged', 'needs 2 bytes, and 3 follow its header'],
    [
      'a huge shape',
      npy("'|u1'", '(4294967296, 4294967296, 4294967296)', [1]),
      'data-damaged',
      'x is damaged: its shape [4294967296, 4294967296, 4294967296] is larger than any file',
    ],
    ['an unsafe size', npy("'|u1'", '(99999999999999999999,)', [1]), 'data-damaged', 'its shape is'],
    ['a negative size', npy("'|u1'", '(-1,)', [1]), 'data-damaged', 'does not say dtype, order and shape'],
    ['another version', npy("'|u1'", '(1,)', [1], { version: 4 }), 'data-damaged', 'version 4, and 1 to 3 are known'],
    ['half a header', npy("'|u1'", '(1,)', [1]).slice(0, 60), 'data-damaged', 'ends within its header'],
    ['another file', new Uint8Array(100), 'data-damaged', 'does not begin as an .npy file'],
  ])('refuses %s', (_, bytes, code, message) => {
    expect(() => parseNpy(bytes, 'x')).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message),
        remedy: expect.stringMatching(/\.$/),
      }),
    );
  });
});

describe('readNpz', () => {
  it('reads what numpy stored', async () => {
    const { x, y } = await readNpz(stored, { x: 200, y: 200 }, 'a.npz');
    expect(x).toEqual({ shape: [2, 3], data: new Uint8Array([0, 1, 2, 3, 4, 5]) });
    expect(y).toEqual({ shape: [2], data: new Uint8Array([3, 200]) });
  });

  it('says which array is missing and what there is', async () => {
    await expect(readNpz(stored, { x_train: 200 }, 'a.npz')).rejects.toThrow(
      'a.npz holds no array x_train; it holds x.npy, y.npy.',
    );
  });

  it('says so where there is none at all', async () => {
    const empty = new Uint8Array(22);
    new DataView(empty.buffer).setUint32(0, 0x06054b50, true);
    await expect(readNpz(empty, { x: 200 }, 'a.npz')).rejects.toThrow('a.npz holds no array x; it holds nothing.');
  });

  it('refuses an array beyond its bound before it is read', async () => {
    await expect(readNpz(stored, { x: 100 }, 'a.npz')).rejects.toMatchObject({
      code: 'data-too-large',
      message: expect.stringContaining('x.npy in a.npz says it holds 134 bytes, and at most 100 are expected.'),
    });
  });

  /** The archive with one byte of the first directory record changed. */
  function withDirectoryByte(offset: number, value: number): Uint8Array {
    const changed = stored.slice();
    const end = changed.length - 22;
    changed[new DataView(changed.buffer).getUint32(end + 16, true) + offset] = value;
    return changed;
  }

  it.each([
    ['a password', withDirectoryByte(8, 1), 'zip-unsupported', 'x.npy in a.npz has a password'],
    ['another compression', withDirectoryByte(10, 12), 'zip-unsupported', 'is compressed by method 12'],
    ['a wrong checksum', withDirectoryByte(16, 0), 'data-damaged', 'its checksum (CRC-32) does not match'],
    ['two sizes', withDirectoryByte(24, 1), 'data-damaged', 'it is stored as it is, and yet has two sizes'],
    ['an offset outside', withDirectoryByte(45, 200), 'data-damaged', 'something that is not its header'],
    ['a broken directory', withDirectoryByte(0, 0), 'data-damaged', 'its directory is broken'],
    ['a name that is too long', withDirectoryByte(29, 255), 'data-damaged', 'its directory is broken'],
    ['two files of one name', withDirectoryByte(46, 'y'.charCodeAt(0)), 'data-damaged', 'two files named "y.npy"'],
    ['an end cut off', stored.slice(0, -1), 'data-damaged', 'it is not a zip archive, or is cut short'],
    ['bytes after the end', new Uint8Array([...stored, 0]), 'data-damaged', 'it is not a zip archive, or is cut short'],
    ['a file that is not zip', new Uint8Array(gzipSync('x')), 'data-damaged', 'it is not a zip archive'],
    ['an empty file', new Uint8Array(0), 'data-damaged', 'it is not a zip archive'],
  ])('refuses %s', async (_, bytes, code, message) => {
    await expect(readNpz(bytes, { x: 200 }, 'a.npz')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('throws nothing but its own errors for any cut or changed byte', async () => {
    for (let at = 0; at < stored.length; at++) {
      const changed = stored.slice();
      changed[at]! ^= 0xff;
      for (const bytes of [changed, stored.slice(0, at), stored.slice(at + 1)]) {
        const result: unknown = await readNpz(bytes, { x: 200, y: 200 }, 'a.npz').catch((error: unknown) => error);
        if (result instanceof Error) expect(result.name).toBe('CifraError');
      }
    }
  });
});

describe('readArchive', () => {
  it("gives the IDX files of an archive laid out as Keras's", async () => {
    expect(await readArchive(entry, kerasLike, 'mnist.npz')).toEqual(expected);
  });

  it('refuses arrays that are not the published ones', async () => {
    const other = { ...entry, files: { ...entry.files, testImages: datasets.mnist.files.testImages } };
    await expect(readArchive(other, kerasLike, 'mnist.npz')).rejects.toThrow(
      `x_test in mnist.npz is not mnist's t10k-images-idx3-ubyte: the SHA-256 of its contents is ${entry.files.testImages.sha256}, ` +
        `and ${datasets.mnist.files.testImages.sha256} was expected.`,
    );
  });
});
