import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { spawnThread } from '#wasm-threads';
import { ProgramBuilder } from '../../src/engine/program/builder.js';
import { threadTeam, type Team } from '../../src/engine/team/team.js';
import { nodeThread } from '../../src/engine/team/thread.node.js';
import type { ProgramPayload } from '../../src/engine/wasm/job.js';
import { kernelModule } from '../../src/engine/wasm/module.js';
import { planProgram } from '../../src/engine/wasm/plan.js';

/** Threads of Node, from the built files. */

interface Threads {
  readonly team: Team;
  readonly workers: readonly Worker[];
  /** Settles when every worker has ended. */
  readonly ended: Promise<unknown>;
}

const teams: Team[] = [];
afterEach(async () => {
  await Promise.all(teams.splice(0).map((team) => team.dispose()));
});

/** @param cores fewer than members: waiting threads sleep; otherwise they spin first */
function makeTeam(members: number, cores = 1): Threads {
  const workers: Worker[] = [];
  const team = threadTeam(members, cores, () => {
    const worker = new Worker(join(import.meta.dirname, 'member.mjs'));
    workers.push(worker);
    return nodeThread(worker);
  });
  teams.push(team);
  const ends = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  return { team, workers, ended: Promise.all(ends) };
}

const failure = (message: string) => ({
  name: 'CifraError',
  code: 'engine-failure',
  message:
    `A thread of the engine failed: ${message}.\n` +
    '  The model in memory is as it was at the last completed step; make a new backend to go on.',
});
const disposed = { code: 'engine-disposed', message: 'The backend has been disposed of.\n  Make a new one.' };

describe('a team', () => {
  it('runs what it has loaded, and gives the leader’s result', async () => {
    const { team } = makeTeam(3);
    expect(team.size).toBe(3);
    const [first, second] = [await team.load({}), await team.load({})];
    expect(first).not.toBe(second);
    expect(await team.run(first, 7, 2)).toBe(72);
    expect(await team.run(second, 8, 1)).toBe(81);
    team.unload(first);
    expect(await team.run(second, 9, 0)).toBe(90);
  });

  it.each([
    ['sleep', 2, 1],
    ['sleep', 4, 1],
    ['spin, then sleep,', 3, 64],
  ])(
    'whose waiting threads %s lets none through the barrier before all are there (%i threads)',
    async (_, size, cores) => {
      const { team } = makeTeam(size, cores);
      const counters = new SharedArrayBuffer(4 * (size + 1));
      const job = await team.load({ counters, rounds: 400 });
      for (let i = 0; i < 5; i++) await team.run(job, 1, 0);
      const view = new Int32Array(counters);
      expect([...view]).toEqual([...Array.from({ length: size }, () => 400), 0]);
    },
  );

  it('refuses a second call while one lasts', async () => {
    const { team } = makeTeam(2);
    const loading = team.load({ rounds: 0 });
    await expect(team.load({})).rejects.toMatchObject({
      code: 'engine-busy',
      message: expect.stringContaining('A program was compiled while another was still being compiled.'),
    });
    const job = await loading;
    const running = team.run(job, 1, 0);
    await expect(team.run(job, 2, 0)).rejects.toMatchObject({
      code: 'engine-busy',
      message: expect.stringContaining('A program was run while another was still being run.'),
    });
    expect(await running).toBe(10);
  });
});

describe('a thread that fails', () => {
  it.each([0, 1, 2])('in a run, number %i of 3, ends the run, all threads and every later call', async (throws) => {
    const { team, workers, ended } = makeTeam(3);
    const job = await team.load({ throws });
    const error = await team.run(job, 1, 0).then(undefined, (reason: unknown) => reason);
    expect(error).toMatchObject(failure('TypeError: a bad kernel'));
    await ended;
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1, -1]);
    await expect(team.run(job, 1, 0)).rejects.toBe(error);
    await expect(team.load({})).rejects.toBe(error);
    team.unload(job);
    await team.dispose();
  });

  it('while it loads a program', async () => {
    const { team, ended } = makeTeam(2);
    await expect(team.load({ throwsInLoad: 1 })).rejects.toMatchObject(failure('RangeError: no room'));
    await ended;
  });

  it('by ending on its own', async () => {
    const { team, ended } = makeTeam(3);
    const job = await team.load({ exits: 1 });
    await expect(team.run(job, 1, 0)).rejects.toMatchObject(failure('it ended on its own (exit code 3)'));
    await ended;
  });

  it('by being ended from outside, even between runs', async () => {
    const { team, workers, ended } = makeTeam(2);
    const job = await team.load({});
    await workers[1]!.terminate();
    await ended;
    await expect(team.run(job, 1, 0)).rejects.toMatchObject(failure('it ended on its own (exit code 1)'));
  });

  it('because its file is not there', async () => {
    const team = threadTeam(2, 1, () => nodeThread(new Worker(join(import.meta.dirname, 'nobody.mjs'))));
    await expect(team.load({})).rejects.toMatchObject({
      code: 'engine-failure',
      message: expect.stringContaining('nobody.mjs'),
    });
    await team.dispose();
  });

  it('by a trap of WebAssembly', async () => {
    const builder = new ProgramBuilder(1);
    const x = builder.input('x', [100_000], 'f32', true);
    builder.output('y', builder.emit('add', [x, x], {})[0]!);
    const { stages, memory: planned } = planProgram(builder.build(), 2);
    // One page, where the program was planned for more.
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const payload: ProgramPayload = {
      module: await kernelModule(true, 'strict'),
      memory,
      stages,
      ownAddress: planned.ownAddress,
      ownBytes: planned.ownBytes,
      times: new Float64Array(4),
      taken: new Int32Array(2),
    };
    const team = threadTeam(2, 2, spawnThread);
    const job = await team.load(payload);
    await expect(team.run(job, 1, 1)).rejects.toMatchObject(failure('RuntimeError: memory access out of bounds'));
    await team.dispose();
  });
});

describe('dispose', () => {
  it.each([0, 1])('ends a run that would never end (thread %i of 2 spins)', async (spins) => {
    const { team, workers, ended } = makeTeam(2);
    const job = await team.load({ spins });
    const running = team.run(job, 1, 0).then(undefined, (reason: unknown) => reason);
    await team.dispose();
    expect(await running).toMatchObject(disposed);
    await ended;
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1]);
    await expect(team.run(job, 1, 0)).rejects.toMatchObject(disposed);
    await expect(team.load({})).rejects.toMatchObject(disposed);
    await team.dispose();
  });

  it('ends a program that is being loaded', async () => {
    const { team } = makeTeam(2);
    const loading = team.load({}).then(undefined, (reason: unknown) => reason);
    await team.dispose();
    expect(await loading).toMatchObject(disposed);
  });
});
