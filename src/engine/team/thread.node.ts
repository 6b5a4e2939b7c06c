import { parentPort, type Worker } from 'node:worker_threads';
import { collectGarbage } from './garbage.node.js';
import { serve } from './member.js';
import type { Loader, Order, Report, Thread } from './protocol.js';

/** A Node worker as a team's thread. */
export function nodeThread(worker: Worker): Thread {
  worker.unref();
  let terminating = false;
  let leads = false;
  let owed = 0;
  return {
    // A thread that owes a report keeps the process alive; an idle team does not. Of a run, the leader alone reports.
    post(order) {
      if (order.kind === 'join') leads = order.member === 0;
      if (order.kind === 'load' || (order.kind === 'run' && leads)) {
        owed++;
        worker.ref();
      }
      worker.postMessage(order);
      // Later, when whoever unloads has let go of the program. Once for the whole team.
      if (order.kind === 'unload' && leads) setImmediate(collectGarbage).unref();
    },
    listen(onReport) {
      worker.on('message', (report: Report) => {
        if (--owed <= 0) worker.unref();
        onReport(report);
      });
      worker.on('error', (error) => onReport({ kind: 'failed', message: String(error) }));
      worker.on('exit', (code) => {
        if (!terminating) onReport({ kind: 'failed', message: `it ended on its own (exit code ${code})` });
      });
    },
    async terminate() {
      terminating = true;
      await worker.terminate();
    },
  };
}

/** To be called in the worker. */
export function serveNode(load: Loader): void {
  const port = parentPort!;
  const handle = serve(load, (report) => port.postMessage(report));
  port.on('message', (order: Order) => {
    handle(order);
    if (order.kind === 'unload') collectGarbage();
  });
}
