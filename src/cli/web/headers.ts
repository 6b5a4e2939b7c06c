import { datasets } from '../../data/dataset.js';

/** What a page may load, and from where: itself, and the images of MNIST from those who offer them. */
const mirrors = Object.values(datasets).flatMap(({ mirrors: urls }) => urls.filter((url) => url.startsWith('https:')));
const policy: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'none'"],
  // WebAssembly, but no text that becomes a program.
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'worker-src': ["'self'"],
  'style-src': ["'self'"],
  'style-src-attr': ["'unsafe-inline'"],
  'img-src': ["'self'", 'blob:', 'data:'],
  'connect-src': ["'self'", ...mirrors],
  'font-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};
/** What a page itself cannot say of itself. */
const onlyInHeaders = ['frame-ancestors'];

const policyText = (names: readonly string[]): string =>
  names.map((name) => [name, ...policy[name]!].join(' ')).join('; ');

/** For a host that sends no headers: the policy as the page's own <meta> may state it. */
export const metaPolicy = policyText(Object.keys(policy).filter((name) => !onlyInHeaders.includes(name)));

/** Headers of every answer. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policyText(Object.keys(policy)),
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** With these a browser lets the page's workers share memory: training with several threads. */
export const isolationHeaders: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Of files whose names change with what is in them, and of all others. */
export const caching = { immutable: 'public, max-age=31536000, immutable', asked: 'no-cache' } as const;
