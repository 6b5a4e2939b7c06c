import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { caching, isolationHeaders, safeHeaders } from './headers.js';
import type { Site, SiteFile } from './site.js';

type Encoding = 'br' | 'gzip';

/** The best that is quick: a request waits for it, the first time. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
const compress: Readonly<Record<Encoding, (bytes: Uint8Array) => Promise<Uint8Array>>> = {
  br: (bytes) => promisify(brotliCompress)(bytes, BROTLI),
  gzip: (bytes) => promisify(gzip)(bytes),
};

/** Answers requests for the files of a site, and refuses all others. */
export function siteListener(site: Site, isolated: boolean): RequestListener {
  const headers = { ...safeHeaders, ...(isolated && isolationHeaders) };
  const compressed = new Map<string, Promise<Uint8Array>>();

  const bodyOf = (file: SiteFile, encoding: Encoding | undefined): Promise<Uint8Array> | Uint8Array => {
    if (encoding === undefined) return file.bytes;
    const key = `${encoding} ${file.tag}`;
    const body = compressed.get(key) ?? compress[encoding](file.bytes);
    compressed.set(key, body);
    return body;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      refuse(response, 405, 'Only GET and HEAD.');
      return;
    }
    const path = pathOf(url);
    if (path === undefined) {
      refuse(response, 400, 'This is no address.');
      return;
    }
    const file = site.get(path === '' ? 'index.html' : path);
    if (!file) {
      refuse(response, 404, 'The page has no such file.');
      return;
    }

    const encoding = file.compressible ? encodingFor(request.headers['accept-encoding']) : undefined;
    const tag = `"${file.tag}${encoding ? `-${encoding}` : ''}"`;
    response.setHeader('Cache-Control', file.immutable ? caching.immutable : caching.asked);
    response.setHeader('ETag', tag);
    if (file.compressible) response.setHeader('Vary', 'Accept-Encoding');
    if (names(request.headers['if-none-match'], tag)) {
      response.writeHead(304).end();
      return;
    }
    const body = await bodyOf(file, encoding);
    response.setHeader('Content-Type', file.contentType);
    response.setHeader('Content-Length', body.length);
    if (encoding) response.setHeader('Content-Encoding', encoding);
    response.writeHead(200).end(method === 'HEAD' ? undefined : body);
  };

  return (request, response) => {
    answer(request, response).catch(() => response.destroy());
  };
}

function refuse(response: ServerResponse, status: number, text: string): void {
  const body = `${text}\n`;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Content-Length', body.length);
  response.setHeader('Cache-Control', caching.asked);
  response.writeHead(status).end(response.req.method === 'HEAD' ? undefined : body);
}

/**
 * The path that a request asks for, without the slash before it. Nothing in it is resolved: a path with `..` is the name
 * of no file.
 */
function pathOf(url: string): string | undefined {
  const [path = ''] = url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1);
  if (!path.startsWith('/')) return undefined;
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return undefined;
  }
}

/** The better of the encodings that the browser takes. */
function encodingFor(accepted = ''): Encoding | undefined {
  const taken = new Set(
    accepted
      .toLowerCase()
      .split(',')
      .map((part) => part.split(';').map((word) => word.trim()))
      .filter(([, weight = '']) => !/^q=0(\.0*)?$/.test(weight))
      .map(([name]) => name),
  );
  return (['br', 'gzip'] as const).find((encoding) => taken.has(encoding));
}

/** Whether `If-None-Match` has this tag. */
function names(given: string | undefined, tag: string): boolean {
  return given?.split(',').some((word) => word.trim().replace(/^W\//, '') === tag || word.trim() === '*') ?? false;
}
