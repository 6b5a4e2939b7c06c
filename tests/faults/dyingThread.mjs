// A thread of the engine ends in the middle of the training: the second of those that are started, some time later.
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout } from 'node:timers';
import threads from 'node:worker_threads';

let started = 0;
threads.Worker = class extends threads.Worker {
  /** @param {any[]} args */
  constructor(...args) {
    // @ts-expect-error handed on as they are
    super(...args);
    if (++started === 2)
      setTimeout(() => void this.terminate(), Number(process.env['CIFRA_DIES_AFTER'] ?? 300)).unref();
  }
};
syncBuiltinESMExports();
