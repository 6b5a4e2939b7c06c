import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import type { Plugin } from 'vite';
import { caching, isolationHeaders, metaPolicy, safeHeaders } from '../src/cli/web/headers.js';

/** What the built page has besides what Vite makes of its source. */

const worker = fileURLToPath(new URL('offline/serviceWorker.ts', import.meta.url));
/** First in the page, for browsers to find it. */
const CHARSET = '<meta charset="utf-8" />';
/** Read by hosts, not by visitors. */
const HOST_FILE = '_headers';

/** The policy in the page itself, for hosts that send no headers. */
export function policyInPage(): Plugin {
  return {
    name: 'cifra-policy',
    apply: 'build',
    transformIndexHtml: (html) =>
      html.replace(CHARSET, `${CHARSET}\n    <meta http-equiv="Content-Security-Policy" content="${metaPolicy}" />`),
  };
}

/** `_headers` for hosts that read it (Netlify, Cloudflare Pages), and the service worker that keeps the page. */
export function hostedAndOffline(folder: string): Plugin {
  return {
    name: 'cifra-hosted-and-offline',
    apply: 'build',
    async closeBundle() {
      writeFileSync(join(folder, HOST_FILE), hostFile());
      writeFileSync(join(folder, 'serviceWorker.js'), await serviceWorker(folder));
    },
  };
}

function hostFile(): string {
  const lines = (headers: Readonly<Record<string, string>>): string =>
    Object.entries(headers)
      .map(([name, value]) => `  ${name}: ${value}\n`)
      .join('');
  const everywhere = { ...safeHeaders, ...isolationHeaders };
  return `/*\n${lines(everywhere)}/assets/*\n${lines({ 'Cache-Control': caching.immutable })}`;
}

async function serviceWorker(folder: string): Promise<string> {
  const files = filesOf(folder);
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)));
  const bundle = await rolldown({
    input: worker,
    transform: {
      define: {
        // The page by its folder: some hosts send those who ask for index.html on to it.
        PAGE_FILES: JSON.stringify(files.map((file) => (file === 'index.html' ? '' : file))),
        PAGE_CACHE: JSON.stringify(`cifra-page-${hash.digest('hex').slice(0, 16)}`),
      },
    },
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  return output[0].code;
}

/** All that the page may ask for. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, sep).length).replaceAll(sep, '/'))
    .filter((file) => ![HOST_FILE, 'serviceWorker.js'].includes(file) && !/licen[cs]es/i.test(file))
    .sort();
}
