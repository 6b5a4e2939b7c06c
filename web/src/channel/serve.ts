import { CifraError } from '../../../src/numeric/errors.js';
import type { Api, Call, Reply, SentError } from './messages.js';

/** What a call answers when its result has parts that move to the page rather than being copied. */
export class Moved<T> {
  constructor(
    readonly result: T,
    readonly transfer: Transferable[],
  ) {}
}

/** How a worker answers each call of its interface. */
export type Handlers<A extends Api> = {
  readonly [M in keyof A]: (argument: Parameters<A[M]>[0]) => Answer<Awaited<ReturnType<A[M]>>>;
};
type Answer<T> = Promise<T | Moved<T>> | T | Moved<T>;

/** Tells the page of something, unasked. */
export type Emit<E extends object> = <K extends keyof E & string>(
  event: K,
  data: E[K],
  transfer?: Transferable[],
) => void;

/** In a worker: answers the page's calls. */
export function serve<A extends Api, E extends object>(make: (emit: Emit<E>) => Handlers<A>): void {
  const send = (reply: Reply, transfer: Transferable[] = []): void => postMessage(reply, { transfer });
  const handlers = make((event, data, transfer) => send({ event, data }, transfer));
  addEventListener('message', ({ data: { id, method, argument } }: MessageEvent<Call>) => {
    const handler = handlers[method] as ((argument: unknown) => unknown) | undefined;
    void Promise.resolve()
      .then(() => handler?.(argument))
      .then(
        (result) =>
          result instanceof Moved ? send({ id, result: result.result }, result.transfer) : send({ id, result }),
        (error: unknown) => send({ id, error: sent(error) }),
      );
  });
  holdLock((ready) => send({ ready }));
}

/** Holds a lock until this worker ends, so that the page learns of its end. Pages that are not secure have no locks. */
function holdLock(held: (name: string | undefined) => void): void {
  if (!isSecureContext) return held(undefined);
  const name = `cifra-worker-${crypto.randomUUID()}`;
  void navigator.locks.request(name, () => {
    held(name);
    return new Promise(() => undefined);
  });
}

function sent(error: unknown): SentError {
  if (error instanceof CifraError) return { code: error.code, message: error.message, remedy: error.remedy };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message: `Something unexpected happened: ${message}`, remedy: undefined };
}
