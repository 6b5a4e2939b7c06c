import { CifraError } from '../numeric/errors.js';

export interface FailureDetails {
  /** Whether it may go better a little later. Default true. */
  readonly again?: boolean;
  /** How long the server asks to be left alone, in milliseconds. */
  readonly retryAfter?: number | undefined;
  /** What a person might do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An attempt to download that failed, with what decides whether there is another. */
export class DownloadFailure extends CifraError {
  readonly again: boolean;
  readonly retryAfter: number;
  readonly hint: string | undefined;

  constructor(url: string, why: string, { again = true, retryAfter = 0, hint, cause }: FailureDetails = {}) {
    super('download-failed', `${url}: ${why}.`, undefined, { cause });
    this.again = again;
    this.retryAfter = retryAfter;
    this.hint = hint;
  }
}

const NETWORK = 'There seems to be no network: check the connection (and HTTPS_PROXY, where a proxy leads out).';
const CERTIFICATE =
  "A certificate is not trusted: check this computer's clock; where a company's proxy reads along, name its certificate in NODE_EXTRA_CA_CERTS.";

/** What the platform's error codes mean. */
const MEANINGS: Readonly<Record<string, readonly [why: string, hint?: string]>> = {
  ENOTFOUND: ['its name is not known', NETWORK],
  EAI_AGAIN: ['its name could not be looked up', NETWORK],
  ECONNREFUSED: ['the connection was refused', NETWORK],
  ENETUNREACH: ['the network cannot be reached', NETWORK],
  ENETDOWN: ['the network is down', NETWORK],
  EHOSTUNREACH: ['the server cannot be reached', NETWORK],
  ETIMEDOUT: ['nothing answers', NETWORK],
  UND_ERR_CONNECT_TIMEOUT: ['nothing answers', NETWORK],
  ECONNRESET: ['the connection was broken off'],
  EPIPE: ['the connection was broken off'],
  UND_ERR_SOCKET: ['the connection was broken off'],
  EPROTO: ['what answers does not speak TLS', CERTIFICATE],
};
const CERTIFICATE_CODE =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(VERIFY|GET|DECODE|DECRYPT)|HOSTNAME_MISMATCH|INVALID_CA)/;

/** What went wrong, in plain words, with the platform's own in parentheses. */
export function explain(error: unknown): { readonly why: string } & FailureDetails {
  const { code, message } = innermost(error);
  const [why, hint] = MEANINGS[code] ?? [];
  if (why !== undefined) return { why: `${why} (${message})`, hint, cause: error };
  if (CERTIFICATE_CODE.test(code)) {
    return { why: `its certificate is not trusted (${message})`, hint: CERTIFICATE, again: false, cause: error };
  }
  return { why: message, cause: error };
}

/** The platform hides the reason in the cause, and sometimes in a cause of several. */
function innermost(error: unknown): { readonly code: string; readonly message: string } {
  let found = error;
  for (let depth = 0; depth < 5; depth++) {
    if (!(found instanceof Error)) break;
    const inner: unknown = found instanceof AggregateError ? found.errors[0] : found.cause;
    if (!(inner instanceof Error)) break;
    found = inner;
  }
  if (!(found instanceof Error)) return { code: '', message: String(found) };
  const code = 'code' in found ? String(found.code) : '';
  return { code, message: (found.message || code || String(found)).split('\n', 1)[0]!.replace(/\.$/, '') };
}

/** An error's message without its remedy. */
export function firstLine(error: Error): string {
  return error.message.split('\n', 1)[0]!;
}
