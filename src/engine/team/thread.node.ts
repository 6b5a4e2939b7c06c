import { parentPort, type Worker } from 'node:worker_threads';
import { serve } from './member.js';
import type { Loader, Order, Report, Thread } from './protocol.js';

/** A Node worker as a team's thread. */
export function nodeThread(worker: Worker): Thread {
  worker.unref();
  let terminating = false;
  return {
    // A waiting run keeps the process alive through the port; an idle team does not.
    post(order) {
      if (order.kind === 'run' || order.kind === 'load') worker.ref();
      worker.postMessage(order);
    },
    listen(onReport) {
      worker.on('message', (report: Report) => {
        worker.unref();
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
  port.on('message', (order: Order) => handle(order));
}
