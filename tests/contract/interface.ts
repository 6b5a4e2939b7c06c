import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { Backend, Executable } from '../../src/engine/backend.js';
import { ProgramBuilder } from '../../src/engine/program/builder.js';
import { ops } from '../../src/engine/program/ops/index.js';
import type { Op, Padding2d } from '../../src/engine/program/types.js';
import type { Contract } from './suite.js';

const none: Padding2d = { top: 0, bottom: 0, left: 0, right: 0 };

/**
 * images [4, 3, 3, 1] -> conv1 (kernel all 1) -> bn1 (given statistics) -> relu; each row then has 4 values. `average`
 * takes in the mean of the labels' one-hot rows.
 */
function smallProgram() {
  const builder = new ProgramBuilder(4);
  const images = builder.input('images', [3, 3, 1], 'f32', true);
  const labels = builder.input('labels', [], 'u8', true);
  builder.input('signed', [2], 'i32', true);
  builder.input('words', [3], 'u32', false);
  const kernel = builder.state('conv1/kernel', [2, 2, 1, 1]);
  const [x] = builder.labelled('conv1', () =>
    builder.emit('conv2d', [images, kernel], { strides: [1, 1], padding: none }),
  );
  const parameters = ['gamma', 'beta', 'mean', 'variance'].map((name) => builder.state(`bn1/${name}`, [1]));
  const [normalized] = builder.labelled('bn1', () =>
    builder.emit('batchNormalizationInference', [x!, ...parameters], { epsilon: 0 }),
  );
  const [y] = builder.labelled('relu1', () => builder.emit('activation', [normalized!], { kind: 'relu' }));
  builder.output('y', y!);
  const [targets] = builder.emit('oneHot', [labels], { classes: 3 });
  const [counts] = builder.emit('sumRows', [targets!], {});
  const average = builder.state('average', [3]);
  builder.emit('updateMovingAverage', [average, counts!], { momentum: 0.5 });
  return builder.build();
}

function fill(executable: Executable): void {
  executable.input('images').set(Array.from({ length: 36 }, (_, i) => i));
  executable.input('labels').set([0, 1, 2, 2]);
  executable.writeState('conv1/kernel', [1, 1, 1, 1]);
  executable.writeState('bn1/gamma', [1]);
  executable.writeState('bn1/variance', [1]);
}

/** The sums of the four 2x2 windows of row n. */
function windowSums(n: number): number[] {
  return [0, 1, 3, 4].map((corner) => 4 * (9 * n + corner) + 8);
}

export function describeInterface(get: () => Contract, makeBackend: () => Promise<Backend>): void {
  describe('the interface', () => {
    let executable: Executable;
    beforeEach(async () => {
      executable = await get().backend.compile(smallProgram());
      fill(executable);
    });
    afterEach(() => executable.dispose());

    it('gives inputs in the type they were declared with, at full capacity', () => {
      expect(executable.input('images').length).toBe(36);
      expect(executable.input('labels')).toBeInstanceOf(Uint8Array);
      expect(executable.input('signed')).toBeInstanceOf(Int32Array);
      expect(executable.input('signed').length).toBe(8);
      expect(executable.input('words')).toBeInstanceOf(Uint32Array);
      expect(executable.input('words').length).toBe(3);
    });

    it('runs again on inputs that were left as they are, and keeps state in between', async () => {
      expect([...executable.readState('average')]).toEqual([0, 0, 0]);
      await executable.run(4);
      expect([...executable.readOutput('y')]).toEqual([0, 1, 2, 3].flatMap(windowSums));
      expect([...executable.readState('average')]).toEqual([0.5, 0.5, 1]);
      await executable.run(3);
      expect([...executable.readOutput('y', 3)]).toEqual([0, 1, 2].flatMap(windowSums));
      expect([...executable.readState('average')]).toEqual([0.75, 0.75, 1]);
      expect([...executable.input('labels')]).toEqual([0, 1, 2, 2]);
    });

    it('computes with state that was written after an earlier run', async () => {
      await executable.run(4);
      executable.writeState('conv1/kernel', [2, 2, 2, 2]);
      await executable.run(4);
      expect([...executable.readOutput('y', 1)]).toEqual(windowSums(0).map((sum) => 2 * sum));
    });

    it('gives copies of outputs and state', async () => {
      await executable.run(4);
      executable.readOutput('y').fill(-1);
      executable.readState('average').fill(-1);
      expect(executable.readOutput('y', 1)[0]).toBe(8);
      expect(executable.readState('average')[0]).toBe(0.5);
    });

    it('says what it compiled', () => {
      const { calls, totalBytes, arenaBytes, multiplyAdds } = executable.description;
      expect(calls.length).toBeGreaterThan(0);
      expect(calls.map(({ label }) => label)).toContain('conv1');
      expect(calls.every(({ kernel }) => kernel.length > 0)).toBe(true);
      expect(arenaBytes).toBeGreaterThan(0);
      expect(totalBytes).toBeGreaterThan(arenaBytes);
      expect(multiplyAdds).toBe(4 * 4 * 4);
      const conv = executable.program.ops[0] as Op<'conv2d'>;
      expect(ops.conv2d.multiplyAdds?.(conv)).toBe(multiplyAdds);
    });

    it('keeps programs apart, also once one is disposed', async () => {
      const other = await get().backend.compile(smallProgram());
      fill(other);
      other.writeState('conv1/kernel', [2, 2, 2, 2]);
      await executable.run(4);
      await other.run(4);
      expect(executable.readOutput('y', 1)[0]).toBe(8);
      expect(other.readOutput('y', 1)[0]).toBe(16);
      other.dispose();
      other.dispose();
      await executable.run(4);
      expect(executable.readOutput('y', 1)[0]).toBe(8);
      await expect(other.run(4)).rejects.toMatchObject({ name: 'CifraError', code: 'disposed' });
    });

    it('disposes of itself and its programs', async () => {
      const backend = await makeBackend();
      const program = await backend.compile(smallProgram());
      fill(program);
      await program.run(2);
      await backend.dispose();
      await backend.dispose();
      await expect(program.run(2)).rejects.toMatchObject({ name: 'CifraError' });
    });

    it('names the backend', () => {
      const { name, threads, numerics } = get().backend;
      expect(name).not.toBe('');
      expect(threads).toBeGreaterThanOrEqual(1);
      expect(['strict', 'float64']).toContain(numerics);
    });
  });

  describeErrors(get);
  describeNonFinite(get);

  it('a value taken from a state keeps what it was when the state is changed', async () => {
    const builder = new ProgramBuilder(1);
    const state = builder.state('state', [2, 3]);
    const value = builder.input('value', [2, 3], 'f32', false);
    const [before] = builder.emit('reshape', [state], { shape: [6] });
    builder.emit('updateMovingAverage', [state, value], { momentum: 0 });
    const [after] = builder.emit('reshape', [state], { shape: [6] });
    builder.output('before', before!);
    builder.output('after', after!);
    const executable = await get().backend.compile(builder.build());
    executable.writeState('state', [1, 2, 3, 4, 5, 6]);
    executable.input('value').set([6, 5, 4, 3, 2, 1]);
    await executable.run(1);
    expect([...executable.readOutput('before')]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...executable.readOutput('after')]).toEqual([6, 5, 4, 3, 2, 1]);
    executable.dispose();
  });
}

function describeErrors(get: () => Contract): void {
  describe('wrong use', () => {
    let executable: Executable;
    beforeEach(async () => {
      executable = await get().backend.compile(smallProgram());
    });
    afterEach(() => executable.dispose());

    it('of a name gets the nearest one', () => {
      const unknown = (message: string) => expect.objectContaining({ code: 'unknown-tensor', message }) as Error;
      expect(() => executable.input('image')).toThrow(
        unknown('The program has no input called "image".\n  Did you mean "images"?'),
      );
      expect(() => executable.readState('conv1/kernels')).toThrow(
        unknown('The program has no state called "conv1/kernels".\n  Did you mean "conv1/kernel"?'),
      );
      expect(() => executable.writeState('images', [])).toThrow(/no state called "images"/);
      expect(() => executable.readOutput('probabilities')).toThrow(
        unknown('The program has no output called "probabilities".\n  It has: y.'),
      );
    });

    it('of rows says how many there may be', async () => {
      for (const rows of [0, -1, 5, 1.5, NaN]) {
        await expect(executable.run(rows)).rejects.toMatchObject({
          code: 'batch-rows',
          message: expect.stringContaining(`A run needs 1 to 4 rows, but was asked for ${rows}.`) as string,
        });
        await expect(executable.findNonFinite(rows)).rejects.toMatchObject({ code: 'batch-rows' });
      }
    });

    it('of a state names it and both sizes', () => {
      expect(() => executable.writeState('conv1/kernel', [1, 2, 3])).toThrow(/"conv1\/kernel".*\b4\b.*\b3\b/s);
      expect(() => executable.writeState('conv1/kernel', [1, 2, 3, 4, 5])).toThrow(/"conv1\/kernel".*\b4\b.*\b5\b/s);
    });
  });
}

interface Culprit {
  readonly tensor: string;
  readonly label: string;
  /** An op computed it: which one, is the backend's. */
  readonly isComputed?: boolean;
}

function describeNonFinite(get: () => Contract): void {
  describe('findNonFinite', () => {
    const cases: [string, (executable: Executable) => void, Culprit | undefined][] = [
      ['nothing', () => undefined, undefined],
      ['NaN in an input', (e) => e.input('images').fill(NaN, 20, 21), { tensor: 'images', label: 'images' }],
      ['infinity in an input', (e) => e.input('images').fill(-Infinity, 26, 27), { tensor: 'images', label: 'images' }],
      ['nothing in the rows in use', (e) => e.input('images').fill(NaN, 27, 28), undefined],
      ['NaN in a state', (e) => e.writeState('bn1/beta', [NaN]), { tensor: 'bn1/beta', label: 'bn1/beta' }],
      [
        'infinity in a state, before what follows from it',
        (e) => e.writeState('conv1/kernel', [1, 1, Infinity, 1]),
        { tensor: 'conv1/kernel', label: 'conv1/kernel' },
      ],
      [
        'the op and the layer that made NaN of numbers',
        (e) => e.writeState('bn1/variance', [-1]),
        { tensor: 'bn1', label: 'bn1', isComputed: true },
      ],
      [
        'the op and the layer that made infinity of numbers',
        (e) => e.writeState('bn1/variance', [0]),
        { tensor: 'bn1', label: 'bn1', isComputed: true },
      ],
    ];
    it.each(cases)('finds %s', async (_, spoil, expected) => {
      const executable = await get().backend.compile(smallProgram());
      fill(executable);
      spoil(executable);
      // What it leaves in rows that are not in use then does not count.
      await executable.run(4);
      const found = await executable.findNonFinite(3);
      if (expected === undefined) expect(found).toBeUndefined();
      else {
        expect(found?.tensor.name).toContain(expected.tensor);
        expect(found?.label).toBe(expected.label);
        expect(found?.op !== undefined).toBe(expected.isComputed ?? false);
      }
      executable.dispose();
    });
  });
}
