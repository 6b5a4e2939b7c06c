import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

/** What only a process of its own shows. Runs the built files. */

const library = pathToFileURL(join(import.meta.dirname, '../../dist/index.js')).href;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

function run(script: string): Promise<Ended> {
  return new Promise((resolve) => {
    // A process that hangs is ended, which gives no exit code.
    const child = execFile(
      process.execPath,
      ['--input-type=module', '-e', script],
      { timeout: 30_000 },
      (_, out, errors) => resolve({ code: child.exitCode, out, errors }),
    );
  });
}

const training = (threads: number, rest: string) => `
  import { dense, flatten, sequential } from '${library}';
  const model = sequential([flatten({ inputShape: [4, 4, 1] }), dense({ units: 3, activation: 'softmax' })], {
    threads: ${threads},
  });
  model.compile({ loss: 'sparseCategoricalCrossentropy' });
  const x = { data: Float32Array.from({ length: 160 }, (_, i) => (i % 7) / 7), shape: [10, 4, 4, 1] };
  const y = Uint8Array.from({ length: 10 }, (_, i) => i % 3);
  ${rest}
`;

describe('a process', () => {
  it.each([1, 2, 4])('ends by itself though its model is never disposed of (%i threads)', async (threads) => {
    const rest = `
      await model.fit(x, y, { batchSize: 4, epochs: 3 });
      await model.predict(x);
      console.log(model.steps);
    `;
    expect(await run(training(threads, rest))).toEqual({ code: 0, out: '9\n', errors: '' });
  });

  it('waits for what its threads are doing', async () => {
    const rest = `
      model.fit(x, y, { epochs: 20 }).then(() => model.evaluate(x, y)).then(({ count }) => console.log(count));
    `;
    expect(await run(training(2, rest))).toEqual({ code: 0, out: '10\n', errors: '' });
  });

  it('gets the memory of programs back that are no longer used', async () => {
    // 16 million values: 64 MB a program, 1.3 GB for all twenty.
    const script = `
      import { setImmediate } from 'node:timers/promises';
      import { ProgramBuilder, wasmBackend } from '${library}';
      const backend = wasmBackend({ threads: 2 });
      for (let i = 0; i < 20; i++) {
        const builder = new ProgramBuilder(1);
        const x = builder.input('x', [16_000_000], 'f32', false);
        const column = builder.emit('reshape', [x], { shape: [16_000_000, 1] })[0];
        builder.output('y', builder.emit('sumRows', [column], {})[0]);
        const executable = await backend.compile(builder.build());
        executable.input('x').fill(1);
        await executable.run(1);
        executable.dispose();
        await setImmediate();
      }
      await backend.dispose();
      const megabytes = process.resourceUsage().maxRSS / 1000;
      console.log(megabytes < 700 ? 'little' : megabytes);
    `;
    expect(await run(script)).toEqual({ code: 0, out: 'little\n', errors: '' });
  });

  it('ends with what was thrown, though threads wait', async () => {
    const { code, errors } = await run(training(3, `await model.fit(x, y); throw new Error('mine');`));
    expect(code).toBe(1);
    expect(errors).toContain('Error: mine');
  });

  it('ends in the middle of a training when it says so', async () => {
    // When the immediate's turn comes, the next step is on its way.
    const callback = `{ onBatchEnd: () => void setImmediate(() => process.exit(5)) }`;
    const { code } = await run(training(2, `await model.fit(x, y, { epochs: 1e6, callbacks: [${callback}] });`));
    expect(code).toBe(5);
  });
});
