import { describe, expect, it } from 'vitest';
import { Aborted, CONTROL_BYTES } from './barrier.js';
import { serve } from './member.js';
import type { Loader, Report } from './protocol.js';

/** A member of a team that has nobody else, so that its barrier is open. */
function join(load: Loader, member = 0) {
  const reports: Report[] = [];
  const handle = serve(load, (report) => void reports.push(report));
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  handle({ kind: 'join', member, members: 1, control, spins: 0 });
  return { handle, reports, control: new Int32Array(control) };
}

describe('serve', () => {
  it('loads programs with their payload and its place in the team, and runs them by number', () => {
    const { handle, reports } = join((payload, { member, members }) => ({
      run: (rows, mode) => Number(payload) + rows + mode + member + members,
    }));
    handle({ kind: 'load', job: 4, payload: 1000 });
    handle({ kind: 'load', job: 5, payload: 2000 });
    handle({ kind: 'run', job: 4, rows: 20, mode: 3 });
    handle({ kind: 'run', job: 5, rows: 10, mode: 3 });
    expect(reports).toEqual([
      { kind: 'loaded', job: 4 },
      { kind: 'loaded', job: 5 },
      { kind: 'done', result: 1024 },
      { kind: 'done', result: 2014 },
    ]);
  });

  it('says nothing of a run unless it leads', () => {
    let runs = 0;
    const { handle, reports } = join(() => ({ run: () => ++runs }), 1);
    handle({ kind: 'load', job: 0, payload: undefined });
    handle({ kind: 'run', job: 0, rows: 1, mode: 0 });
    expect(runs).toBe(1);
    expect(reports).toEqual([{ kind: 'loaded', job: 0 }]);
  });

  it('reports what a program or its loader throws, and opens the barrier for the others', () => {
    const { handle, reports, control } = join((payload) => {
      if (payload === 'bad') throw new RangeError('no room');
      return {
        run() {
          // eslint-disable-next-line @typescript-eslint/only-throw-error
          throw 'a text';
        },
      };
    });
    expect([...control]).toEqual([0, 0, 0, 0]);
    handle({ kind: 'load', job: 0, payload: 'bad' });
    handle({ kind: 'load', job: 1, payload: 'good' });
    handle({ kind: 'run', job: 1, rows: 1, mode: 0 });
    expect(reports).toEqual([
      { kind: 'failed', message: 'RangeError: no room' },
      { kind: 'loaded', job: 1 },
      { kind: 'failed', message: 'a text' },
    ]);
    expect(control[3]).toBe(1);
  });

  it('keeps quiet where another thread’s failure ends its run', () => {
    const { handle, reports } = join(() => ({
      run() {
        throw new Aborted();
      },
    }));
    handle({ kind: 'load', job: 0, payload: undefined });
    handle({ kind: 'run', job: 0, rows: 1, mode: 0 });
    expect(reports).toEqual([{ kind: 'loaded', job: 0 }]);
  });

  it('forgets a program that is unloaded', () => {
    const { handle, reports } = join(() => ({ run: () => 1 }));
    handle({ kind: 'load', job: 0, payload: undefined });
    handle({ kind: 'unload', job: 0 });
    handle({ kind: 'run', job: 0, rows: 1, mode: 0 });
    expect(reports.at(-1)?.kind).toBe('failed');
  });
});
