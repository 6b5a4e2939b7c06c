import { type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { addAbortSignal, type Duplex, Readable } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import type { Fetch } from './download.js';
import { DownloadFailure, explain } from './downloadFailure.js';
import { bare, type Environment, portOf, type Proxy, proxyFor } from './proxy.node.js';

/** The platform's `fetch`, except for urls for which the environment names a proxy: Node's does not know them. */
export function environmentFetch(environment: Environment = process.env): Fetch {
  return async (address, request) => {
    const url = new URL(address);
    const proxy = proxyFor(url, environment);
    if (proxy === undefined) return fetch(address, request);
    const { headers, signal } = request;
    signal.throwIfAborted();
    if (url.protocol === 'http:') return throughProxy(url, proxy, headers, signal);
    const socket = await tunnel(url, proxy, signal);
    const path = `${url.pathname}${url.search}`;
    return answerOf(
      httpRequest({ path, headers: { host: url.host, ...headers }, signal, createConnection: () => socket }),
    );
  };
}

type Asked = Omit<RequestOptions, 'headers'> & { readonly headers: Record<string, string> };

/** A http url is asked of the proxy itself. */
async function throughProxy(
  url: URL,
  proxy: Proxy,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  const address = new URL(url);
  address.hash = '';
  const request = ask(proxy, { path: address.href, headers: { host: url.host, ...headers }, signal });
  const response = await answerOf(request).catch((error: unknown) => {
    throw unreachable(url, proxy, error);
  });
  if (response.status === 407) {
    await response.body?.cancel();
    throw rejected(url, proxy, response.status, response.statusText);
  }
  return response;
}

/** TLS to the url's host, through a connection that the proxy makes to it. */
async function tunnel(url: URL, proxy: Proxy, signal: AbortSignal): Promise<Duplex> {
  const target = `${url.hostname}:${portOf(url)}`;
  const raw = await new Promise<Duplex>((resolve, reject) => {
    const request = ask(proxy, { method: 'CONNECT', path: target, headers: { host: target }, signal });
    request.once('error', (error) => {
      reject(unreachable(url, proxy, error));
    });
    request.once('connect', ({ statusCode = 0, statusMessage = '' }: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      } else {
        socket.destroy();
        reject(rejected(url, proxy, statusCode, statusMessage));
      }
    });
    request.end();
  });
  const host = bare(url.hostname);
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const secured = tlsConnect({ socket: raw, host, ...servername, ALPNProtocols: ['http/1.1'] });
  addAbortSignal(signal, secured);
  await new Promise<void>((resolve, reject) => {
    secured.once('secureConnect', resolve);
    secured.once('error', reject);
  });
  return secured;
}

function ask(proxy: Proxy, { headers, ...options }: Asked): ClientRequest {
  const { host, port, secure, authorization } = proxy;
  return (secure ? httpsRequest : httpRequest)({
    ...options,
    host,
    port,
    agent: false,
    headers: authorization === undefined ? headers : { ...headers, 'proxy-authorization': authorization },
  });
}

/** The answer as `fetch` gives it. */
async function answerOf(request: ClientRequest): Promise<Response> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('error', reject);
    request.once('response', resolve);
    request.end();
  });
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = incoming;
  try {
    const headers = new Headers();
    for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i]!, rawHeaders[i + 1]!);
    const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>;
    const hasBody = ![204, 205, 304].includes(status);
    if (!hasBody) await body.cancel();
    return new Response(hasBody ? unpacked(body, headers) : null, { status, statusText, headers });
  } catch (error) {
    // Such as a status that HTTP does not have.
    request.destroy();
    throw error;
  }
}

function unpacked(body: ReadableStream<Uint8Array<ArrayBuffer>>, headers: Headers): ReadableStream {
  return headers.get('content-encoding') === 'gzip' ? body.pipeThrough(new DecompressionStream('gzip')) : body;
}

function unreachable(url: URL, proxy: Proxy, error: unknown): DownloadFailure {
  const { why, ...details } = explain(error);
  const hint = 'The proxy that the environment names cannot be reached: check its address and the connection.';
  return new DownloadFailure(url.href, `${proxy.title}: ${why}`, { ...details, hint });
}

function rejected(url: URL, proxy: Proxy, status: number, statusText: string): DownloadFailure {
  const answer = `${status} ${statusText}`.trim();
  if (status !== 407) {
    return new DownloadFailure(url.href, `${proxy.title} does not let it through (${answer})`, {
      again: status >= 500 || status === 429,
      hint: 'Ask whoever runs the proxy.',
    });
  }
  const why = proxy.authorization === undefined ? 'wants' : 'does not accept this';
  return new DownloadFailure(url.href, `${proxy.title} ${why} user name and password (${answer})`, {
    again: false,
    hint: 'Give the proxy as http://user:password@host:port, special characters as %40 and the like.',
  });
}
