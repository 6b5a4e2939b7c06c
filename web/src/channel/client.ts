import { CifraError } from '../../../src/numeric/errors.js';
import type { Api, Argument, Call, Reply, Result, SentError } from './messages.js';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The page's side of a worker. Calls that a worker can no longer answer, because it died, are rejected with
 * `worker-died`: also where the browser ended it without a word, which the lock tells that it held.
 */
export class WorkerClient<A extends Api, E extends object> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<keyof E, Set<(data: never) => void>>();
  readonly #died: (error: CifraError) => void;
  #calls = 0;
  /** Calls from before the worker listens, which it would not hear. */
  #early: (() => void)[] | undefined = [];
  #gone: CifraError | undefined;

  /** @param died called once, if the worker ends without being asked to */
  constructor(worker: Worker, died: (error: CifraError) => void = () => undefined) {
    this.#worker = worker;
    this.#died = died;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#take(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(event.message || 'its script could not be loaded');
    };
    worker.onmessageerror = () => this.#end('a message could not be read');
  }

  call<M extends keyof A & string>(
    method: M,
    argument: Argument<A, M>,
    transfer: Transferable[] = [],
  ): Promise<Result<A, M>> {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = ++this.#calls;
    const call: Call = { id, method, argument };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      const post = (): void => this.#worker.postMessage(call, transfer);
      if (this.#early) this.#early.push(post);
      else post();
    });
  }

  /** @returns what ends the listening */
  on<K extends keyof E>(event: K, listener: (data: E[K]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  dispose(): void {
    this.#gone ??= new CifraError('worker-ended', 'The worker was ended.', 'Reload the page.');
    this.#worker.terminate();
    this.#rejectAll(this.#gone);
  }

  #take(reply: Reply): void {
    if ('ready' in reply) {
      this.#early?.forEach((post) => post());
      this.#early = undefined;
      // Granted when the worker is gone, in whatever way.
      if (reply.ready) void navigator.locks.request(reply.ready, () => this.#end('the browser ended it'));
      return;
    }
    if ('event' in reply) {
      this.#listeners.get(reply.event as keyof E)?.forEach((listener) => listener(reply.data as never));
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(received(reply.error));
    else waiting?.resolve(reply.result);
  }

  #end(why: string): void {
    if (this.#gone) return;
    this.#gone = new CifraError(
      'worker-died',
      `What computes in the background has stopped: ${why}.`,
      'It is started again; what was drawn and saved is still there.',
    );
    this.#worker.terminate();
    this.#rejectAll(this.#gone);
    this.#died(this.#gone);
  }

  #rejectAll(error: CifraError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function received({ code, message, remedy }: SentError): CifraError {
  const headline = remedy === undefined ? message : message.slice(0, -remedy.length).trimEnd();
  return new CifraError(code, headline, remedy);
}
