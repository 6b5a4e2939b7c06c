import { serve } from './member.js';
import type { Loader, Order, Report, Thread } from './protocol.js';

/** A web worker as a team's thread. */
export function browserThread(worker: Worker): Thread {
  return {
    post: (order) => worker.postMessage(order),
    listen(onReport) {
      worker.onmessage = ({ data }: MessageEvent<Report>) => onReport(data);
      worker.onerror = ({ message }) => onReport({ kind: 'failed', message });
    },
    terminate() {
      worker.terminate();
      return Promise.resolve();
    },
  };
}

/** To be called in the worker. */
export function serveBrowser(load: Loader): void {
  const handle = serve(load, (report) => self.postMessage(report));
  self.onmessage = ({ data }: MessageEvent<Order>) => handle(data);
}
