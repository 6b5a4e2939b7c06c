import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { isolationHeaders } from '../src/cli/web/headers.js';
import { hostedAndOffline, policyInPage } from './built.js';

/** A path from the repository's root. */
const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What web browsers of 2024 and later run: light-dark(), OffscreenCanvas, SIMD, Web Locks. */
const browsers = ['chrome123', 'edge123', 'firefox120', 'safari17.5'];

export default defineConfig(({ command }) => ({
  root: at('web'),
  // Relative, so that the built page works below any path of any host.
  base: command === 'build' ? './' : '/',
  plugins: [policyInPage(), hostedAndOffline(at('web/dist'))],
  resolve: {
    // The library's source itself; the package's "imports" lead to its built files.
    alias: { '#wasm-threads': at('src/engine/wasm/threads.browser.ts') },
  },
  worker: { format: 'es' },
  build: {
    outDir: at('web/dist'),
    emptyOutDir: true,
    target: browsers,
    // Models and icons stay files: they are fetched when they are needed, and kept.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
  },
  server: {
    headers: isolationHeaders,
    fs: { allow: [at('.')] },
  },
}));
