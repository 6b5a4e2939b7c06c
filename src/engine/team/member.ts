import { Aborted, Barrier } from './barrier.js';
import type { Job, Loader, Membership, Order, Report } from './protocol.js';

/**
 * The life of one thread: joins, loads programs, runs its share of each. Returns what handles the host's orders.
 * A failure opens the barrier, so that nobody waits for this thread, and is reported.
 */
export function serve(load: Loader, report: (report: Report) => void): (order: Order) => void {
  const jobs = new Map<number, Job>();
  let barrier: Barrier | undefined;
  let membership: Membership | undefined;

  const handle = (order: Order): void => {
    switch (order.kind) {
      case 'join': {
        const joined = new Barrier(order.control, order.members, order.spins);
        barrier = joined;
        membership = { member: order.member, members: order.members, wait: () => joined.wait() };
        return;
      }
      case 'load':
        jobs.set(order.job, load(order.payload, membership!));
        return report({ kind: 'loaded', job: order.job });
      case 'run': {
        const result = jobs.get(order.job)!.run(order.rows, order.mode);
        membership!.wait();
        if (membership!.member === 0) report({ kind: 'done', result });
        return;
      }
      case 'unload':
        jobs.delete(order.job);
    }
  };
  return (order) => {
    try {
      handle(order);
    } catch (error) {
      if (error instanceof Aborted) return;
      barrier?.abort();
      report({ kind: 'failed', message: messageOf(error) });
    }
  };
}

/** What a failure's report says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
