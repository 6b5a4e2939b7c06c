/** What host and members say to each other. `payload` is for the program loader; the team does not look into it. */
export type Order =
  | {
      readonly kind: 'join';
      readonly member: number;
      readonly members: number;
      readonly control: SharedArrayBuffer;
      readonly spins: number;
    }
  | { readonly kind: 'load'; readonly job: number; readonly payload: unknown }
  | { readonly kind: 'run'; readonly job: number; readonly rows: number; readonly mode: number }
  | { readonly kind: 'unload'; readonly job: number };

export type Report =
  | { readonly kind: 'loaded'; readonly job: number }
  | { readonly kind: 'done'; readonly result: number }
  | { readonly kind: 'failed'; readonly message: string };

/** One member's part of a program. */
export interface Job {
  /** Does this member's share of a run. The leader's (member 0's) result is the run's. */
  run(rows: number, mode: number): number;
}

export interface Membership {
  readonly member: number;
  readonly members: number;
  /** Returns when every member has come here. */
  wait(): void;
}

/** Makes the job of one member from what the host sent to all. */
export type Loader = (payload: unknown, membership: Membership) => Job;

/** A thread as the host sees it. */
export interface Thread {
  post(order: Order): void;
  /** Called with each report, and with a failure when the thread dies on its own. */
  listen(onReport: (report: Report) => void): void;
  terminate(): Promise<void>;
}
