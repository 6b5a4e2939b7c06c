import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CifraError } from '../../numeric/errors.js';

/** A file of the built page. */
export interface SiteFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Of its bytes. */
  readonly tag: string;
  /** Its name changes with what is in it. */
  readonly immutable: boolean;
  /** Text, more or less. */
  readonly compressible: boolean;
}

/** The files of a built page by their path, such as `assets/index-D3x.js`. */
export type Site = ReadonlyMap<string, SiteFile>;

/** Where the page is built to, in this repository and in the package. */
const pageFolder = fileURLToPath(new URL('../../../web/dist/', import.meta.url));

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};
const OTHER = 'application/octet-stream';
const COMPRESSIBLE = /^text\/|json|svg|wasm/;
/** For other hosts to read, not for visitors. */
const notServed = new Set(['_headers']);

/**
 * Reads a built page, whole: what is served are these files and nothing else, also if it is built anew meanwhile.
 * @throws CifraError `web-not-built`
 */
export async function readSite(folder = pageFolder): Promise<Site> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile() && !notServed.has(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, sep).length));
  const site = new Map<string, SiteFile>();
  for (const path of paths.sort()) site.set(path.replaceAll(sep, '/'), await siteFile(folder, path));
  if (site.has('index.html')) return site;
  throw new CifraError(
    'web-not-built',
    `The page is not built: ${folder} has no index.html.`,
    'Build it in the folder of the repository with: npm run web:build',
  );
}

async function siteFile(folder: string, path: string): Promise<SiteFile> {
  const bytes = await readFile(join(folder, path));
  const contentType = contentTypes[extname(path)] ?? OTHER;
  return {
    bytes,
    contentType,
    tag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    immutable: path.startsWith(`assets${sep}`),
    compressible: COMPRESSIBLE.test(contentType),
  };
}
