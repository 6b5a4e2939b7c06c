import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CifraError } from '../../numeric/errors.js';

/** So many ports are tried, from the first on, before the system chooses one. */
const TRIED = 20;

export interface Address {
  readonly host: string;
  /** This port and no other. */
  readonly port?: number | undefined;
  /** Where `port` is not given, this one or the next that is free. */
  readonly firstPort: number;
}

/** @throws CifraError `web-port-taken`, `web-cannot-listen` */
export async function listen(listener: RequestListener, { host, port, firstPort }: Address): Promise<Server> {
  if (port !== undefined) return listenAt(listener, host, port);
  for (let next = firstPort; next < firstPort + TRIED; next++) {
    try {
      return await listenAt(listener, host, next);
    } catch (error) {
      if (!(error instanceof CifraError && error.code === 'web-port-taken')) throw error;
    }
  }
  return listenAt(listener, host, 0);
}

async function listenAt(listener: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer(listener);
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return server;
  } catch (error) {
    throw failure(error as NodeJS.ErrnoException, host, port);
  }
}

function failure({ code = '', message }: NodeJS.ErrnoException, host: string, port: number): CifraError {
  switch (code) {
    case 'EADDRINUSE':
      return new CifraError(
        'web-port-taken',
        `Port ${port} of ${host} is taken by another program.`,
        'Give another with --port, or leave --port out: then the next free one is taken.',
      );
    case 'EACCES':
      return new CifraError(
        'web-cannot-listen',
        `This system does not let you listen at port ${port} of ${host}.`,
        'Give a port from 1024 on with --port.',
      );
    case 'ENOTFOUND':
    case 'EADDRNOTAVAIL':
    case 'EAI_AGAIN':
      return new CifraError(
        'web-cannot-listen',
        `${host} is no address of this machine.`,
        'Give one with --host: 127.0.0.1 for this machine alone, 0.0.0.0 for all that can reach it.',
      );
    default:
      return new CifraError('web-cannot-listen', `The page cannot be served at port ${port} of ${host}: ${message}.`);
  }
}

/** `http://127.0.0.1:7840/`, as a browser on this machine takes it. */
export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  const anywhere = address === '0.0.0.0' || address === '::';
  const host = anywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}/`;
}

/** Ends the server and whatever is connected to it. */
export async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
