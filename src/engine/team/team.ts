import { CifraError } from '../../numeric/errors.js';
import { Barrier, CONTROL_BYTES } from './barrier.js';
import { messageOf } from './member.js';
import type { Job, Loader, Report, Thread } from './protocol.js';
import { Turns } from './turns.js';

/**
 * Threads that run the same programs, each on its slice. The host only says "run": it is free while they work, so a
 * page stays responsive and Ctrl-C is heard. If a thread traps or dies, the run in progress fails with an error, all
 * threads are ended, and every later call fails the same way.
 */
export interface Team {
  readonly size: number;
  /** Gives every member its part of a program. @returns the number to run it by */
  load(payload: unknown): Promise<number>;
  /** @throws CifraError if the team has failed or is running a program */
  check(): void;
  /** Runs a loaded program. One run at a time. @returns the leader's result */
  run(job: number, rows: number, mode: number): Promise<number>;
  unload(job: number): void;
  dispose(): Promise<void>;
}

/** About 25 microseconds of looking, as long as waking a sleeping thread takes. */
const SPINS = 4000;

interface Pending {
  readonly resolve: (result: number) => void;
  readonly reject: (error: Error) => void;
}

/** A team of threads. @param cores with more threads than these, waiting threads sleep at once */
export function threadTeam(size: number, cores: number, spawn: () => Thread): Team {
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const barrier = new Barrier(control, size, 0);
  const threads = Array.from({ length: size }, spawn);
  let jobs = 0;
  let failure: CifraError | undefined;
  let running: Pending | undefined;
  let loading: (Pending & { job: number; missing: number }) | undefined;

  const fail = (error: CifraError): void => {
    if (failure) return;
    failure = error;
    barrier.abort();
    running?.reject(error);
    loading?.reject(error);
    running = loading = undefined;
    for (const thread of threads) void thread.terminate();
  };
  const hear = (report: Report): void => {
    if (report.kind === 'failed') {
      fail(failed(report.message));
    } else if (report.kind === 'loaded') {
      if (loading?.job === report.job && --loading.missing === 0) {
        const { resolve, job } = loading;
        loading = undefined;
        resolve(job);
      }
    } else {
      const pending = running;
      running = undefined;
      pending?.resolve(report.result);
    }
  };
  threads.forEach((thread, member) => {
    thread.listen(hear);
    thread.post({ kind: 'join', member, members: size, control, spins: size > cores ? 0 : SPINS });
  });

  return {
    size,
    load(payload) {
      if (failure) return Promise.reject(failure);
      if (loading) return Promise.reject(busy('compiled'));
      const job = jobs++;
      return new Promise((resolve, reject) => {
        loading = { resolve, reject, job, missing: size };
        for (const thread of threads) thread.post({ kind: 'load', job, payload });
      });
    },
    check() {
      if (failure) throw failure;
      if (running) throw busy('run');
    },
    async run(job, rows, mode) {
      this.check();
      return new Promise((resolve, reject) => {
        running = { resolve, reject };
        for (const thread of threads) thread.post({ kind: 'run', job, rows, mode });
      });
    },
    unload(job) {
      if (!failure) for (const thread of threads) thread.post({ kind: 'unload', job });
    },
    async dispose() {
      fail(disposed());
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** A team that is made when it is first asked to load something. */
export function lazyTeam(size: number, make: () => Team): Team {
  let team: Team | undefined;
  let ended = false;
  const get = (): Team => {
    if (ended) throw disposed();
    return (team ??= make());
  };
  return {
    size,
    load: async (payload) => get().load(payload),
    check() {
      if (ended) throw disposed();
      team?.check();
    },
    run: async (job, rows, mode) => get().run(job, rows, mode),
    unload: (job) => team?.unload(job),
    async dispose() {
      ended = true;
      await team?.dispose();
    },
  };
}

/** A team of the caller's own thread, for where memory cannot be shared. It is busy while a run lasts, not in between. */
export function inlineTeam(load: Loader): Team {
  const jobs = new Map<number, Job>();
  const turns = new Turns();
  let next = 0;
  let running = false;
  let failure: CifraError | undefined;
  const attempt = async (work: () => number): Promise<number> => {
    if (failure) throw failure;
    try {
      return work();
    } catch (error) {
      throw (failure = failed(messageOf(error)));
    }
  };
  return {
    size: 1,
    load: (payload) =>
      attempt(() => {
        jobs.set(next, load(payload, { member: 0, members: 1, wait: () => undefined }));
        return next++;
      }),
    check() {
      if (failure) throw failure;
      if (running) throw busy('run');
    },
    async run(job, rows, mode) {
      this.check();
      running = true;
      await turns.pass();
      running = false;
      return attempt(() => jobs.get(job)!.run(rows, mode));
    },
    unload: (job) => void jobs.delete(job),
    dispose() {
      failure = disposed();
      jobs.clear();
      return Promise.resolve();
    },
  };
}

function failed(message: string): CifraError {
  return new CifraError(
    'engine-failure',
    `A thread of the engine failed: ${message}.`,
    'The model in memory is as it was at the last completed step; make a new backend to go on.',
  );
}

function busy(what: string): CifraError {
  return new CifraError(
    'engine-busy',
    `A program was ${what} while another was still being ${what}.`,
    'Await each call before the next; use a backend each for work that goes on at the same time.',
  );
}

function disposed(): CifraError {
  return new CifraError('engine-disposed', 'The backend has been disposed of.', 'Make a new one.');
}
