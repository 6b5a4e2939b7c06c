import { describe, expect, it } from 'vitest';
import type { Order, Report, Thread } from './protocol.js';
import { inlineTeam, threadTeam } from './team.js';

/** Threads that do nothing by themselves: the test says what they report. */
function fakeThreads() {
  const threads: { orders: Order[]; report: (report: Report) => void; terminated: number }[] = [];
  const spawn = (): Thread => {
    const thread = { orders: [] as Order[], report: (_: Report) => {}, terminated: 0 };
    threads.push(thread);
    return {
      post: (order) => void thread.orders.push(order),
      listen: (onReport) => void (thread.report = onReport),
      async terminate() {
        thread.terminated++;
      },
    };
  };
  return { threads, spawn };
}

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  const open = Symbol('open');
  const first = await Promise.race([promise.catch(() => undefined), Promise.resolve(open)]);
  return first !== open;
};

describe('threadTeam', () => {
  it.each([
    [2, 2, true],
    [3, 2, false],
  ])('of %i threads on %i cores tells each its place; spins: %s', (size, cores, spins) => {
    const { threads, spawn } = fakeThreads();
    threadTeam(size, cores, spawn);
    expect(threads).toHaveLength(size);
    const joins = threads.map(({ orders }) => orders[0]!);
    joins.forEach((order, member) => expect(order).toMatchObject({ kind: 'join', member, members: size }));
    const controls = joins.map((order) => (order.kind === 'join' ? order.control : undefined));
    expect(new Set(controls).size).toBe(1);
    for (const order of joins) expect(order.kind === 'join' && order.spins > 0).toBe(spins);
  });

  it('has loaded a program when all threads have', async () => {
    const { threads, spawn } = fakeThreads();
    const team = threadTeam(3, 3, spawn);
    const loading = team.load('payload');
    for (const { orders } of threads) expect(orders[1]).toEqual({ kind: 'load', job: 0, payload: 'payload' });
    threads[2]!.report({ kind: 'loaded', job: 0 });
    threads[0]!.report({ kind: 'loaded', job: 0 });
    expect(await isSettled(loading)).toBe(false);
    threads[1]!.report({ kind: 'loaded', job: 0 });
    expect(await loading).toBe(0);
  });

  it('tells all threads to run, and is done when the leader says so', async () => {
    const { threads, spawn } = fakeThreads();
    const team = threadTeam(2, 2, spawn);
    const running = team.run(3, 17, 1);
    for (const { orders } of threads) expect(orders[1]).toEqual({ kind: 'run', job: 3, rows: 17, mode: 1 });
    threads[0]!.report({ kind: 'done', result: 42 });
    expect(await running).toBe(42);
  });

  it('fails once, with the first failure: all threads are ended, and all that waits is refused', async () => {
    const { threads, spawn } = fakeThreads();
    const team = threadTeam(3, 3, spawn);
    const refused = [team.load('payload'), team.run(0, 1, 0)].map((call) => call.catch((error: unknown) => error));
    threads[1]!.report({ kind: 'failed', message: 'first' });
    threads[2]!.report({ kind: 'failed', message: 'second' });
    const [loading, running] = await Promise.all(refused);
    expect(loading).toBe(running);
    expect(loading).toMatchObject({ code: 'engine-failure', message: expect.stringContaining('failed: first.') });
    expect(threads.map(({ terminated }) => terminated)).toEqual([1, 1, 1]);
    await expect(team.run(0, 1, 0)).rejects.toBe(loading);
    const before = threads[0]!.orders.length;
    team.unload(0);
    expect(threads[0]!.orders).toHaveLength(before);
  });
});

describe('inlineTeam', () => {
  it('runs programs on the caller’s thread, alone', async () => {
    const team = inlineTeam((payload, { member, members, wait }) => ({
      run(rows, mode) {
        wait();
        return Number(payload) + 100 * member + 10 * members + rows + mode;
      },
    }));
    expect(team.size).toBe(1);
    const [first, second] = [await team.load(1000), await team.load(2000)];
    expect(await team.run(first, 3, 2)).toBe(1015);
    expect(await team.run(second, 3, 2)).toBe(2015);
    await team.dispose();
    await team.dispose();
    await expect(team.run(first, 1, 0)).rejects.toMatchObject({ code: 'engine-disposed' });
    await expect(team.load(1)).rejects.toMatchObject({ code: 'engine-disposed' });
  });

  it.each(['run', 'load'])('fails for good, as a team of threads does, where a %s throws', async (where) => {
    const trap = (at: string): number => {
      if (at === where) throw new TypeError('a bad kernel');
      return 0;
    };
    const team = inlineTeam(() => {
      trap('load');
      return { run: () => trap('run') };
    });
    const tried = team.load(undefined).then((job) => team.run(job, 1, 0));
    const error = await tried.catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'engine-failure',
      message: expect.stringContaining('A thread of the engine failed: TypeError: a bad kernel.'),
    });
    await expect(team.run(0, 1, 0)).rejects.toBe(error);
    await expect(team.load(undefined)).rejects.toBe(error);
  });

  it('lets other events through between runs', async () => {
    const team = inlineTeam(() => ({
      run(milliseconds) {
        const begun = performance.now();
        while (performance.now() - begun < milliseconds);
        return 0;
      },
    }));
    const job = await team.load(undefined);
    let heard = false;
    setTimeout(() => (heard = true));
    for (let runs = 0; runs < 100 && !heard; runs++) await team.run(job, 5, 0);
    expect(heard).toBe(true);
  });

  it('refuses a run while another waits for its turn', async () => {
    const team = inlineTeam(() => ({ run: (rows) => rows }));
    const job = await team.load(undefined);
    const first = team.run(job, 7, 0);
    expect(() => team.check()).toThrow('while another was still being run');
    await expect(team.run(job, 8, 0)).rejects.toMatchObject({ code: 'engine-busy' });
    expect(await first).toBe(7);
    expect(await team.run(job, 8, 0)).toBe(8);
  });
});
