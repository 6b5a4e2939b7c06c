// Cifra in headless Chromium: a module built by Vite, served with or without cross-origin isolation, in a page.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const CONTENT_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

export function launchChromium() {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

/** Serves a folder on a free port; `isolated` sends the headers that allow shared memory. */
async function serve(folder, isolated) {
  const isolation = isolated
    ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
    : {};
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const path = resolve(folder, `.${pathname === '/' ? '/index.html' : pathname}`);
    readFile(path.startsWith(folder + sep) ? path : '').then(
      (body) => {
        const type = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
        response.writeHead(200, { 'Content-Type': type, ...isolation });
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

/** A folder with a page that loads the built module; `cifra` in it is this package as browsers get it. */
export async function buildSite(module) {
  const folder = await mkdtemp(join(tmpdir(), 'cifra-site-'));
  const cifra = fileURLToPath(new URL('../dist/browser.js', import.meta.url));
  await build({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: { cifra } },
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      rollupOptions: { input: fileURLToPath(module), output: { entryFileNames: 'page.js' } },
    },
  });
  const page = '<!doctype html><title>cifra</title><script type="module" src="/page.js"></script>';
  await writeFile(join(folder, 'index.html'), page);
  return folder;
}

/** The site in a Chromium of its own, with what was built from `module`. */
export async function openSite(folder, isolated) {
  const { server, url } = await serve(folder, isolated);
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(url, { waitUntil: 'load' });
  if ((await page.evaluate('crossOriginIsolated')) !== isolated) throw new Error('The page has the wrong isolation.');
  const close = async () => {
    await browser.close();
    server.close();
  };
  return { page, version: browser.version(), close };
}

export function removeSite(folder) {
  return rm(folder, { recursive: true, force: true });
}
