import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../program/builder.js';
import { wasmBackend } from './backend.js';
import { kernelModule } from './module.js';

describe('wasmBackend', () => {
  it.each([0, -1, 1.5, 65, NaN])('refuses %d threads', (threads) => {
    expect(() => wasmBackend({ threads })).toThrow(
      expect.objectContaining({
        code: 'threads',
        message: `The number of threads must be a whole number from 1 to 64, but is ${threads}.`,
      }) as Error,
    );
  });

  it('refuses numerics that it does not know', () => {
    expect(() => wasmBackend({ numerics: 'fast' as never })).toThrow(
      'The numerics must be "strict" or "relaxed", but are "fast".',
    );
  });

  it('says which numerics and kernels it has: others for relaxed ones', async () => {
    const [strict, relaxed] = [wasmBackend({ threads: 1 }), wasmBackend({ threads: 1, numerics: 'relaxed' })];
    expect([strict.numerics, relaxed.numerics]).toEqual(['strict', 'relaxed']);
    expect(strict.kernels).toMatch(/^[0-9a-f]{16}$/);
    expect(relaxed.kernels).not.toBe(strict.kernels);
    await strict.dispose();
    await relaxed.dispose();
  });

  it('has a thread for each core by default', async () => {
    const backend = wasmBackend();
    expect(backend.threads).toBe(Math.min(availableParallelism(), 64));
    await backend.dispose();
  });

  it('says how much memory a program that is too large would need', async () => {
    const backend = wasmBackend({ threads: 1 });
    const builder = new ProgramBuilder(65536);
    const x = builder.input('x', [28, 28, 64], 'f32', true);
    builder.output('y', builder.emit('activation', [x], { kind: 'relu' })[0]!);
    // Two tensors of 65,536 * 50,176 * 4 bytes.
    await expect(backend.compile(builder.build())).rejects.toMatchObject({
      code: 'out-of-memory',
      message:
        'The program needs 26307 MB of memory, which could not be had.\n' +
        '  Use a smaller batch size or a smaller network.',
    });
    await backend.dispose();
  });

  it('describes what it made: kernels, memory in whole pages, multiply-adds', async () => {
    const backend = wasmBackend({ threads: 2 });
    const builder = new ProgramBuilder(4);
    const x = builder.input('x', [10], 'f32', true);
    const weight = builder.state('weight', [10, 3]);
    const y = builder.labelled('dense', () =>
      builder.emit('matmul', [x, weight], { transposeA: false, transposeB: false }),
    );
    builder.output('y', y[0]!);
    const executable = await backend.compile(builder.build());
    const { calls, totalBytes, arenaBytes, multiplyAdds } = executable.description;
    expect(multiplyAdds).toBe(4 * 10 * 3);
    expect(new Set(calls.map(({ label }) => label))).toEqual(new Set(['dense']));
    expect(totalBytes).toBe(65536);
    expect(arenaBytes).toBeLessThan(4096);
    await backend.dispose();
  });

  it('says where the time of a run goes, with the same results', async () => {
    const backend = wasmBackend({ threads: 2 });
    const builder = new ProgramBuilder(64);
    const x = builder.input('x', [512], 'f32', true);
    const weight = builder.state('weight', [512, 512]);
    const y = builder.emit('matmul', [x, weight], { transposeA: false, transposeB: false })[0]!;
    builder.output('y', builder.emit('softmax', [y], {})[0]!);
    const executable = await backend.compile(builder.build());
    executable.writeState(
      'weight',
      Array.from({ length: 512 * 512 }, (_, i) => ((i * 7) % 13) - 6),
    );
    (executable.input('x') as Float32Array).forEach((_, i, values) => (values[i] = ((i * 5) % 11) / 11));
    await executable.run(64);
    const plain = executable.readOutput('y');
    const times = await executable.profile!(64, 3);
    expect(executable.readOutput('y')).toEqual(plain);
    const { calls } = executable.description;
    expect(times).toMatchObject(calls);
    expect(times).toHaveLength(calls.length);
    const product = times.find(({ op, kernel }) => op === 'matmul' && kernel === 'matmul')!;
    expect(product.work).toHaveLength(2);
    // 16.8 million multiply-adds take longer than no time at all, though one thread may do them all.
    expect(Math.max(...product.work)).toBeGreaterThan(0);
    for (const { wait } of times) expect(Math.min(...wait)).toBeGreaterThanOrEqual(0);
    await backend.dispose();
  });
});

describe('kernelModule', () => {
  it('is compiled once for shared and once for unshared memory', async () => {
    expect(await kernelModule(true, 'strict')).toBe(await kernelModule(true, 'strict'));
    expect(await kernelModule(false, 'strict')).not.toBe(await kernelModule(true, 'strict'));
  });

  it.each([true, false])('takes memory that is shared: %s, and no other', async (shared) => {
    const module = await kernelModule(shared, 'strict');
    const memory = (isShared: boolean) => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: isShared });
    const make = (isShared: boolean) => new WebAssembly.Instance(module, { env: { memory: memory(isShared) } });
    expect(Object.keys(make(shared).exports)).toContain('firstNonFinite');
    expect(() => make(!shared)).toThrow(WebAssembly.LinkError);
  });
});
