import { afterEach, describe, expect, it, vi } from 'vitest';
import { WorkerClient } from './client.js';
import type { Call, Reply } from './messages.js';

type Api = { double(value: number): Promise<number>; fail(nothing: undefined): Promise<void> };
type Events = { progress: number };

/** A worker that is answered for by the test. */
class FakeWorker {
  onmessage: ((event: { data: Reply }) => void) | null = null;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  readonly calls: Call[] = [];
  terminated = false;
  postMessage(call: Call): void {
    this.calls.push(call);
  }
  terminate(): void {
    this.terminated = true;
  }
  say(data: Reply): void {
    this.onmessage!({ data });
  }
}

function started(died?: (error: Error) => void) {
  const worker = new FakeWorker();
  const client = new WorkerClient<Api, Events>(worker as never, died);
  return { worker, client };
}

/** Locks that are granted when the test says so. */
function fakeLocks() {
  let grant: () => void = () => undefined;
  vi.stubGlobal('navigator', { locks: { request: (_: string, granted: () => void) => void (grant = granted) } });
  return () => grant();
}

afterEach(() => vi.unstubAllGlobals());

describe('a worker’s client', () => {
  it('keeps calls until the worker listens, and gives each its answer', async () => {
    const { worker, client } = started();
    const answers = Promise.all([client.call('double', 1), client.call('double', 2)]);
    expect(worker.calls).toEqual([]);
    worker.say({ ready: undefined });
    expect(worker.calls.map(({ argument }) => argument)).toEqual([1, 2]);
    worker.say({ id: worker.calls[1]!.id, result: 4 });
    worker.say({ id: worker.calls[0]!.id, result: 2 });
    expect(await answers).toEqual([2, 4]);
  });

  it('throws what the worker threw, with code and remedy', async () => {
    const { worker, client } = started();
    worker.say({ ready: undefined });
    const call = client.call('fail', undefined);
    const message = 'It is broken.\n  Mend it.';
    worker.say({ id: 1, error: { code: 'broken', message, remedy: 'Mend it.' } });
    await expect(call).rejects.toMatchObject({ name: 'CifraError', code: 'broken', message, remedy: 'Mend it.' });
  });

  it('tells of events until told not to', () => {
    const { worker, client } = started();
    const heard: number[] = [];
    const end = client.on('progress', (value) => heard.push(value));
    worker.say({ event: 'progress', data: 1 });
    end();
    worker.say({ event: 'progress', data: 2 });
    expect(heard).toEqual([1]);
  });

  it.each([
    ['an error', (worker: FakeWorker) => worker.onerror!({ message: 'no memory', preventDefault: () => undefined })],
    ['a message that cannot be read', (worker: FakeWorker) => worker.onmessageerror!()],
  ])('rejects every call, once and for all, after %s', async (_, end) => {
    const died = vi.fn();
    const { worker, client } = started(died);
    worker.say({ ready: undefined });
    const open = client.call('double', 1);
    end(worker);
    end(worker);
    await expect(open).rejects.toMatchObject({ code: 'worker-died' });
    await expect(client.call('double', 2)).rejects.toMatchObject({ code: 'worker-died' });
    expect(died).toHaveBeenCalledTimes(1);
    expect(worker.terminated).toBe(true);
  });

  it('learns by the lock that a worker is gone which said nothing', async () => {
    const grant = fakeLocks();
    const died = vi.fn();
    const { worker, client } = started(died);
    worker.say({ ready: 'its-lock' });
    const open = client.call('double', 1);
    grant();
    await expect(open).rejects.toMatchObject({ code: 'worker-died' });
    expect(died).toHaveBeenCalledTimes(1);
  });

  it('does not take its own end for a death', async () => {
    const grant = fakeLocks();
    const died = vi.fn();
    const { worker, client } = started(died);
    worker.say({ ready: 'its-lock' });
    const open = client.call('double', 1);
    client.dispose();
    grant();
    await expect(open).rejects.toMatchObject({ code: 'worker-ended' });
    expect(died).not.toHaveBeenCalled();
  });
});
