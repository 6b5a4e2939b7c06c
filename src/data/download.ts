import { CifraError } from '../numeric/errors.js';
import { type Bytes, formatCount } from './bytes.js';

/** What happens while data are fetched or made, for whoever shows progress. */
export type DataProgress =
  | {
      readonly kind: 'download';
      /** The file's name. */
      readonly file: string;
      readonly url: string;
      /** Bytes so far; the first event of a file has 0, the last has `received === total` where the total is known. */
      readonly received: number;
      readonly total: number | undefined;
    }
  /** Images of the synthetic digits made so far. */
  | { readonly kind: 'generate'; readonly done: number; readonly total: number }
  /** Something a person should know: a mirror that failed, a cache that cannot be written. */
  | { readonly kind: 'note'; readonly message: string };

export interface DownloadOptions {
  /** Give up on a server that has not begun to answer after this many milliseconds. Default 10,000. */
  readonly connectTimeout?: number;
  /** Give up on a server that has sent nothing for this many milliseconds. Default 20,000. */
  readonly idleTimeout?: number;
  readonly onProgress?: ((progress: DataProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches `url`, at most `maxBytes` of it.
 * @throws CifraError `download-failed`, saying why in a few words; the signal's reason if it is aborted.
 */
export async function download(url: string, file: string, maxBytes: number, options: DownloadOptions): Promise<Bytes> {
  const { connectTimeout = 10_000, idleTimeout = 20_000, onProgress, signal } = options;
  signal?.throwIfAborted();
  const patience = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expect = (what: string, milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      patience.abort(failed(url, `no ${what} within ${formatCount(milliseconds)} ms`));
    }, milliseconds);
  };
  try {
    expect('answer', connectTimeout);
    const response = await fetch(url, {
      // Bytes as they are stored, so that the length announced is the length received.
      headers: { 'accept-encoding': 'identity' },
      signal: signal ? AbortSignal.any([signal, patience.signal]) : patience.signal,
    });
    if (!response.ok || response.body === null) {
      throw failed(url, `the server answered ${response.status} ${response.statusText}`.trim());
    }
    const total = announcedLength(response);
    const chunks: Uint8Array[] = [];
    let received = 0;
    onProgress?.({ kind: 'download', file, url, received, total });
    const reader = response.body.getReader();
    for (;;) {
      expect('more data', idleTimeout);
      const { done, value } = await reader.read();
      if (done) break;
      received += value.length;
      if (received > maxBytes) {
        throw failed(url, `it sends more than the ${formatCount(maxBytes)} bytes that the file can have`);
      }
      chunks.push(value);
      onProgress?.({ kind: 'download', file, url, received, total });
    }
    if (total !== undefined && received !== total) {
      throw failed(url, `the connection ended after ${formatCount(received)} of ${formatCount(total)} bytes`);
    }
    return joined(chunks, received);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CifraError) throw error;
    throw failed(url, reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
    // Ends the connection where something is left to send.
    patience.abort();
  }
}

function announcedLength(response: Response): number | undefined {
  const length = response.headers.get('content-length');
  return length === null || response.headers.has('content-encoding') ? undefined : Number(length);
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

/** Why a fetch failed: the platform hides it in the cause, and sometimes in a cause of several. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  const deepest = first instanceof Error ? first : error;
  return deepest.message || String(deepest);
}

function failed(url: string, why: string, options?: ErrorOptions): CifraError {
  return new CifraError('download-failed', `${url}: ${why}.`, undefined, options);
}
