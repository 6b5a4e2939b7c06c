import { type Bytes, formatCount } from './bytes.js';
import { DownloadFailure, explain } from './downloadFailure.js';
import { follow, retryAfter } from './httpAnswer.js';

/** What happens while data are fetched or made, for whoever shows progress. */
export type DataProgress =
  | {
      readonly kind: 'download';
      /** The file's name. */
      readonly file: string;
      readonly url: string;
      /**
       * Bytes so far; the first event of a file has 0, or what an earlier attempt had left, the last has
       * `received === total` where the total is known.
       */
      readonly received: number;
      readonly total: number | undefined;
    }
  /** Images of the synthetic digits made so far. */
  | { readonly kind: 'generate'; readonly done: number; readonly total: number }
  /** Something a person should know: a mirror that failed, a cache that cannot be written, a wait. */
  | { readonly kind: 'note'; readonly message: string };

export interface DownloadOptions {
  /** Give up on a server that has not begun to answer after this many milliseconds. Default 10,000. */
  readonly connectTimeout?: number;
  /** Give up on a server that has sent nothing for this many milliseconds. Default 20,000. */
  readonly idleTimeout?: number;
  /** Give up on a server that sends fewer bytes per second than this. Default 1000. */
  readonly leastRate?: number;
  /** The rate is that of each so many milliseconds. Default 30,000. */
  readonly rateWindow?: number;
  /**
   * When all mirrors have failed and one of them might do better later, they are tried again after each of these
   * pauses, in milliseconds. Default 500, 2000 and 5000.
   */
  readonly pauses?: readonly number[];
  readonly onProgress?: ((progress: DataProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One request, as `fetch` makes it, which need not follow redirects. */
export type Fetch = (
  url: string,
  request: {
    readonly headers: Record<string, string>;
    readonly signal: AbortSignal;
    readonly redirect: 'manual' | 'follow';
  },
) => Promise<Response>;

/** What an attempt that broke off has left. */
export interface Saved {
  /** The ETag or the date by which the server knows whether the file is still the same. */
  readonly validator: string;
  /** The whole file's size, where the server said it. */
  readonly total: number | undefined;
  /** The first bytes of the file. */
  readonly bytes: Bytes;
}

/** Where the bytes of one url are kept until they are whole. Where it cannot keep them it goes without; it never fails. */
export interface PartialFile {
  read(maxBytes: number): Promise<Saved | undefined>;
  /** Begins anew, for a file of `validator`; goes on, if `saved` is what `read` gave. */
  begin(validator: string | undefined, total: number | undefined, saved: Saved | undefined): Promise<void>;
  append(chunk: Uint8Array): Promise<void>;
  /** Ends an attempt; what was kept stays. */
  close(): Promise<void>;
}

export interface Means {
  /** Default: the platform's. */
  readonly fetch?: Fetch;
  /** Where to go on from and what to keep. Default: nowhere. */
  readonly partial?: PartialFile | undefined;
}

/**
 * Fetches `url`, at most `maxBytes` of it, in one attempt; where an earlier one has left a part, it goes on from there,
 * if the server says that the file is still the same. At most 5 redirects are followed, never from https to http.
 * @throws DownloadFailure (`download-failed`) saying why in a few words; the signal's reason if it is aborted.
 */
export async function download(
  url: string,
  file: string,
  maxBytes: number,
  options: DownloadOptions,
  { fetch = globalThis.fetch, partial }: Means = {},
): Promise<Bytes> {
  const { connectTimeout = 10_000, idleTimeout = 20_000, leastRate = 1000, rateWindow = 30_000 } = options;
  const { onProgress, signal } = options;
  signal?.throwIfAborted();
  const patience = new AbortController();
  const giveUp = (why: string): void => patience.abort(new DownloadFailure(url, why));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expect = (what: string, milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => giveUp(`no ${what} within ${formatCount(milliseconds)} ms`), milliseconds);
  };
  const either = signal ? AbortSignal.any([signal, patience.signal]) : patience.signal;
  const ask = (from: Saved | undefined): Promise<Response> =>
    follow(url, (address, redirect) => {
      expect('answer', connectTimeout);
      return fetch(address, { headers: headersFor(from), signal: either, redirect });
    });

  let watch: ReturnType<typeof setInterval> | undefined;
  let received = 0;
  let total: number | undefined;
  try {
    let saved = await partial?.read(maxBytes);
    // Whole, but its process ended before it was put in place.
    if (saved !== undefined && saved.bytes.length === saved.total) return saved.bytes;
    let response = await ask(saved);
    if (saved !== undefined && !goesOn(response, saved)) {
      saved = undefined;
      if (response.status === 206 || response.status === 416) {
        await response.body?.cancel();
        response = await ask(undefined);
      }
    }
    checkAnswer(url, response, saved !== undefined);
    const sent = announcedLength(response);
    received = saved?.bytes.length ?? 0;
    total = sent === undefined ? saved?.total : received + sent;
    if (total !== undefined && total > maxBytes)
      throw tooMuch(url, `announces ${formatCount(total)} bytes, more`, maxBytes);
    await partial?.begin(validatorOf(response), total, saved);

    const chunks: Uint8Array[] = saved === undefined ? [] : [saved.bytes];
    onProgress?.({ kind: 'download', file, url, received, total });
    let before = received;
    watch = setInterval(() => {
      const got = received - before;
      before = received;
      if (got * 1000 >= leastRate * rateWindow) return;
      giveUp(`it sent only ${formatCount(got)} bytes in ${formatCount(rateWindow)} ms`);
    }, rateWindow);
    const reader = response.body!.getReader();
    for (;;) {
      expect('more data', idleTimeout);
      const { done, value } = await reader.read();
      if (done) break;
      clearTimeout(timer);
      received += value.length;
      if (received > maxBytes) throw tooMuch(url, 'sends more', maxBytes);
      chunks.push(value);
      await partial?.append(value);
      onProgress?.({ kind: 'download', file, url, received, total });
    }
    if (total !== undefined && received !== total) throw new Error('the connection ended');
    return joined(chunks, received);
  } catch (error) {
    signal?.throwIfAborted();
    if (patience.signal.aborted) throw patience.signal.reason;
    if (error instanceof DownloadFailure) throw error;
    const { why, ...details } = explain(error);
    const of = total === undefined ? '' : ` of ${formatCount(total)}`;
    throw new DownloadFailure(
      url,
      watch === undefined ? why : `${why} after ${formatCount(received)}${of} bytes`,
      details,
    );
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    // Ends the connection where something is left to send.
    patience.abort();
    await partial?.close();
  }
}

function tooMuch(url: string, what: string, maxBytes: number): DownloadFailure {
  const why = `it ${what} than the ${formatCount(maxBytes)} bytes that the file can have`;
  return new DownloadFailure(url, why, { again: false });
}

function headersFor(saved: Saved | undefined): Record<string, string> {
  // Bytes as they are stored, so that the length announced is the length received.
  const headers = { 'accept-encoding': 'identity' };
  if (saved === undefined) return headers;
  return { ...headers, range: `bytes=${saved.bytes.length}-`, 'if-range': saved.validator };
}

/** Whether the answer is the rest of the very file whose beginning is `saved`. */
function goesOn(response: Response, saved: Saved): boolean {
  if (response.status !== 206 || response.headers.has('content-encoding')) return false;
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (range === null) return false;
  const [from, last] = [Number(range[1]), Number(range[2])];
  const total = range[3] === '*' ? saved.total : Number(range[3]);
  const length = announcedLength(response);
  return (
    from === saved.bytes.length &&
    (total === undefined || last === total - 1) &&
    (saved.total === undefined || total === saved.total) &&
    (length === undefined || length === last - from + 1) &&
    [undefined, saved.validator].includes(validatorOf(response))
  );
}

function checkAnswer(url: string, response: Response, partAsked: boolean): void {
  const { status, statusText, body } = response;
  if (response.ok && body !== null && (status !== 206 || partAsked)) return;
  const again = status >= 500 || [408, 425, 429].includes(status);
  const why = status === 206 ? 'the server sent a part where the whole was asked for' : '';
  throw new DownloadFailure(url, why || `the server answered ${status} ${statusText}`.trim(), {
    again,
    retryAfter: retryAfter(response),
  });
}

function announcedLength(response: Response): number | undefined {
  const length = response.headers.get('content-length');
  return length === null || response.headers.has('content-encoding') ? undefined : Number(length);
}

/** What to ask with, later, whether the file is still the same; undefined where that cannot be told for its bytes. */
function validatorOf(response: Response): string | undefined {
  const { headers } = response;
  if (headers.has('content-encoding')) return undefined;
  const tag = headers.get('etag');
  if (tag !== null && !tag.startsWith('W/')) return tag;
  return headers.get('last-modified') ?? undefined;
}

function joined(chunks: readonly Uint8Array[], size: number): Bytes {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
