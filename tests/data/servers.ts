import { createServer, type IncomingMessage, request as httpRequest, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createNetServer, type Server, type Socket } from 'node:net';
import { selfSigned } from './certificate.js';

const open: (() => Promise<void>)[] = [];

/** Ends all servers, and their connections. To be called after each test. */
export async function closeServers(): Promise<void> {
  for (const close of open.splice(0)) await close();
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** The address of a server, with a slash at the end. */
export async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}/`;
}

let pair: ReturnType<typeof selfSigned> | undefined;

export async function serveSecure(listener: RequestListener): Promise<string> {
  pair ??= selfSigned();
  const server = createSecureServer(pair, listener);
  server.on('tlsClientError', () => undefined);
  return `https://localhost:${await listen(server)}/`;
}

/** A server that does with each connection what a HTTP server would not. */
export async function serveRaw(talk: (socket: Socket) => void): Promise<string> {
  return `http://127.0.0.1:${await listen(createNetServer(talk))}/`;
}

/** The address of a server that is gone. */
export async function nowhere(): Promise<string> {
  const url = await serve(() => undefined);
  await open.pop()!();
  return url;
}

/** What a file server does: the bytes, or the asked part of them if they are still those of the ETag. */
export function fileAnswer(bytes: Uint8Array, etag: string): RequestListener {
  return (request, response) => {
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    if (from === undefined || request.headers['if-range'] !== etag) {
      response.writeHead(200, { etag, 'content-length': bytes.length }).end(bytes);
    } else if (Number(from) >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    } else {
      const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
      const rest = bytes.subarray(Number(from));
      response.writeHead(206, { etag, 'content-range': range, 'content-length': rest.length }).end(rest);
    }
  };
}

export interface TestProxy {
  readonly host: string;
  /** `GET http://...` and `CONNECT host:port`, in their order. */
  readonly asked: string[];
  readonly authorizations: (string | undefined)[];
}

/** A proxy that lets everything through, unless `refuse` gives a status. */
export async function serveProxy(refuse: (request: IncomingMessage) => number | undefined): Promise<TestProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const note = (request: IncomingMessage): number | undefined => {
    asked.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers['proxy-authorization']);
    return refuse(request);
  };
  const server = createServer((request, response) => {
    const status = note(request);
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = httpRequest(new URL(request.url!), { headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.on('error', () => response.destroy()).pipe(response);
    });
    response.on('close', () => onward.destroy());
    onward.on('error', () => response.destroy()).end();
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const status = note(request);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} ${status === 407 ? 'Proxy Authentication Required' : 'No'}\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  return { host: `127.0.0.1:${await listen(server)}`, asked, authorizations };
}
