/** What goes between a page and its worker: calls with one answer each, and events that nobody asked for. */

/** The calls that a worker takes: each with one argument, and what it answers. */
export type Api = Readonly<Record<string, (argument: never) => unknown>>;

export type Argument<A extends Api, M extends keyof A> = Parameters<A[M]>[0];
export type Result<A extends Api, M extends keyof A> = Awaited<ReturnType<A[M]>>;

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

/** An error on its way: classes do not survive it, and code and remedy must. */
export interface SentError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | undefined;
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: SentError }
  | { readonly event: string; readonly data: unknown }
  /** The first message: the worker listens from now on, and holds a lock of this name, if any, as long as it lives. */
  | { readonly ready: string | undefined };
