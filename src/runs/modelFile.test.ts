import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { dense, Network, sequential } from '../nn/index.js';
import { CifraError } from '../numeric/errors.js';
import { decodeModel, encodeModel, type Model, weightsSha256 } from './modelFile.js';
import { encodeSafetensors } from './safetensors.js';

const network = sequential([dense({ units: 2, inputShape: [3] })]).toConfig();
const model: Model = {
  network,
  weights: new Map([
    ['dense/bias', { shape: [2], data: new Float32Array([0.5, -1]) }],
    ['dense/kernel', { shape: [3, 2], data: new Float32Array([1, 2, 3, 4, 5, 6]) }],
  ]),
  metadata: { engine: '0.1.0', training: { recipe: 'seed', seed: 1 }, classNames: ['zero', 'one'] },
};

function fileWith(metadata: Record<string, string>): Uint8Array {
  return encodeSafetensors({ tensors: model.weights, metadata: new Map(Object.entries(metadata)) });
}

const sound = { format: 'cifra', formatVersion: '1', network: JSON.stringify(network), engine: '0.1.0' };
const reading = (metadata: Record<string, string>) => () => decodeModel(fileWith(metadata), 'runs/a/model.safetensors');

describe('model files', () => {
  it('give back the model', () => {
    expect(decodeModel(encodeModel(model), 'm')).toEqual(model);
    const bare = { ...model, metadata: { engine: '1' } };
    expect(decodeModel(encodeModel(bare), 'm')).toEqual(bare);
  });

  it('give back every record of a training, and all names', () => {
    const name = fc.string({ minLength: 1 }).map((text) => text.replaceAll('/', ' '));
    fc.assert(
      fc.property(name, fc.json(), fc.array(fc.string()), (called, training, classNames) => {
        const given: Model = {
          ...model,
          network: sequential([dense({ units: 2, inputShape: [3], name: 'dense' })], { name: called }).toConfig(),
          metadata: { engine: '', training: JSON.parse(training), classNames },
        };
        const read = decodeModel(encodeModel(given), 'm');
        // As text, since JSON has one zero only.
        expect(JSON.stringify([read.network, read.metadata])).toBe(JSON.stringify([given.network, given.metadata]));
      }),
    );
  });

  it('are equal for equal models', () => {
    const reordered = { ...model, weights: new Map([...model.weights].reverse()) };
    expect(encodeModel(reordered)).toEqual(encodeModel(model));
  });

  it('carry what other tools may look for, and ignore what others have added', () => {
    expect(Buffer.from(encodeModel(model)).toString('latin1')).toContain('"format":"cifra","formatVersion":"1"');
    expect(reading({ ...sound, added: 'x' })().network).toEqual(network);
  });

  it('are refused where they are another format or version', () => {
    expect(reading({ format: 'pt' })).toThrow(
      'runs/a/model.safetensors is no model of Cifra: the format in its metadata is "pt", and "cifra" was expected.\n  Give a model.safetensors that Cifra saved',
    );
    expect(reading({})).toThrow('the format in its metadata is not given, and "cifra" was expected');
    expect(reading({ ...sound, formatVersion: '2' })).toThrow(
      'runs/a/model.safetensors has format version "2", and this version of Cifra reads "1".\n  Open it with the version of Cifra that saved it, or update Cifra.',
    );
    expect(reading({ format: 'cifra' })).toThrow(expect.objectContaining({ code: 'model-version' }));
  });

  it('are refused where their metadata are not whole', () => {
    const { network: config, engine, ...rest } = sound;
    expect(reading({ ...rest, engine })).toThrow(
      'runs/a/model.safetensors cannot be used, because of "network" in its metadata: it is not there, and without it the weights are of no use.\n  Copy the file again, or save the model again.',
    );
    expect(reading({ ...rest, network: config })).toThrow('because of "engine" in its metadata: it is not there.');
    expect(reading({ ...sound, network: '{' })).toThrow('because of "network" in its metadata: it is no JSON (');
    expect(reading({ ...sound, training: '{"a":1,"a":2}' })).toThrow('"training" in its metadata: the key "a" stands');
    expect(reading({ ...sound, classNames: '[1]' })).toThrow('it is [1], not a list of texts');
    expect(reading({ ...sound, classNames: '"0"' })).toThrow(expect.objectContaining({ code: 'model-damaged' }));
  });

  it('are refused where this version cannot make their network, with the file, the place and the remedy', () => {
    const of = (change: object) => reading({ ...sound, network: JSON.stringify({ ...network, ...change }) });
    const cannot = 'runs/a/model.safetensors holds a network that cannot be made: ';
    expect(of({ version: 2 })).toThrow(
      `${cannot}This is no configuration of a network: it has format version 2, but this version of Cifra reads 1.\n  Open it with the version of Cifra that saved it.`,
    );
    expect(of({ layers: [{ type: 'densee', units: 2 }] })).toThrow(
      `${cannot}This is no configuration of a network: number 1 of its layers has the unknown type "densee".\n  Did you mean "dense"?`,
    );
    expect(of({ version: 2 })).toThrow(expect.objectContaining({ code: 'network-config' }));
    const layers = [{ type: 'dense', units: -2, inputShape: [3], name: 'd' }];
    expect(of({ layers })).toThrow(expect.objectContaining({ code: 'option-value' }));
    // Names and types out of a file may be of any length.
    const long = [{ type: 'x'.repeat(1_000_000), ['y'.repeat(1_000_000)]: 1 }];
    expect(of({ layers: long })).toThrow(/^runs\/a.{100,600}\n/);
  });

  it('are refused where the weights are not those of their network', () => {
    const layer = { type: 'dense', units: 2, inputShape: [3], name: 'dense' };
    const of = (change: object) =>
      reading({ ...sound, network: JSON.stringify({ ...network, layers: [{ ...layer, ...change }] }) });
    const not = 'runs/a/model.safetensors does not hold the weights of its own network: ';
    expect(of({})).not.toThrow();
    expect(of({ name: 'other' })).toThrow(`${not}"other/kernel" is missing.\n  Copy the file again`);
    expect(of({ useBias: false })).toThrow(`${not}there is no place for "dense/bias".`);
    expect(of({ units: 2e9, inputShape: [1e6] })).toThrow(
      `${not}"dense/kernel" has shape [3,2], and [1000000,2000000000] was expected.`,
    );
    // As many values, but not where they belong.
    expect(of({ units: 3, inputShape: [2] })).toThrow(expect.objectContaining({ code: 'weights' }));
  });

  it('let errors through that are not of ours', () => {
    const broken = vi.spyOn(Network, 'fromConfig').mockImplementation(() => {
      throw new TypeError('a mistake of ours');
    });
    expect(reading(sound)).toThrow(TypeError);
    broken.mockRestore();
  });

  it('cannot hold numbers that JSON has not', () => {
    expect(() => encodeModel({ ...model, network: { rate: NaN } })).toThrow(
      'The network\'s configuration cannot be written as JSON: "rate" is NaN.',
    );
    const metadata = { engine: '1', training: { accuracy: Infinity } };
    expect(() => encodeModel({ ...model, metadata })).toThrow('The record of the training cannot be written as JSON');
  });

  it('are read or refused with an error of ours, wherever bytes are changed, cut or added', () => {
    const bytes = encodeModel(model);
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    let refused = 0;
    fc.assert(
      fc.property(changes, fc.nat(bytes.length), fc.boolean(), (list, length, cut) => {
        const changed = cut ? bytes.slice(0, length) : bytes.slice();
        for (const [at, byte] of list) if (at < changed.length) changed[at] = byte;
        try {
          decodeModel(changed, 'm');
        } catch (error) {
          if (!(error instanceof CifraError)) throw error;
          refused++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(1000);
  });
});

describe('weightsSha256', () => {
  const weights = new Map([...model.weights].map(([name, { data }]) => [name, data]));
  const expected = createHash('sha256')
    .update(Buffer.from(new Float32Array([0.5, -1, 1, 2, 3, 4, 5, 6]).buffer))
    .digest('hex');

  it('is the SHA-256 of the values, names sorted', async () => {
    expect(await weightsSha256(weights)).toBe(expected);
    expect(await weightsSha256(new Map([...weights].reverse()))).toBe(expected);
    expect(await weightsSha256(new Map())).toBe(createHash('sha256').digest('hex'));
  });

  it('sorts by code units, not by a language', async () => {
    const one = new Float32Array([1]);
    const two = new Float32Array([2]);
    const hash = await weightsSha256(
      new Map([
        ['Z', one],
        ['a', two],
      ]),
    );
    expect(
      await weightsSha256(
        new Map([
          ['a', two],
          ['Z', one],
        ]),
      ),
    ).toBe(hash);
    expect(
      await weightsSha256(
        new Map([
          ['10', one],
          ['9', two],
        ]),
      ),
    ).toBe(hash);
    expect(
      await weightsSha256(
        new Map([
          ['a', one],
          ['Z', two],
        ]),
      ),
    ).not.toBe(hash);
  });

  it('tells values apart that compare equal, and takes part of a buffer that threads share', async () => {
    const hash = (values: Float32Array): Promise<string> => weightsSha256(new Map([['a', values]]));
    expect(await hash(new Float32Array([0]))).not.toBe(await hash(new Float32Array([-0])));
    const shared = new Float32Array(new SharedArrayBuffer(16)).subarray(1, 2);
    shared[0] = 3;
    expect(await hash(shared)).toBe(await hash(new Float32Array([3])));
  });

  it('refuses NaN, naming the tensor', async () => {
    const values = new Map([['conv2d/bias', new Float32Array([0, NaN])]]);
    await expect(weightsSha256(values)).rejects.toThrow('Tensor "conv2d/bias" holds NaN at index 1');
  });
});
