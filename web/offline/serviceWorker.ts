/**
 * Keeps the page for when there is no network: all its files, as they were when it was built, with their headers.
 *
 * The page itself comes from the network where there is one, so that a new build is seen at once; files of its assets
 * have names of their own in every build. A new build's worker waits until no tab shows the old page any more: what an
 * open page loads later is still there, and a training in it goes on.
 */
declare const self: ServiceWorkerGlobalScope;
/** Of the built page, relative to its folder; the page itself is ''. Put in by the build, as is the name. */
declare const PAGE_FILES: readonly string[];
declare const PAGE_CACHE: string;

const OURS = /^cifra-page-/;
/** How long the page waits for a network that does not answer, in ms. */
const PATIENCE = 3000;

const urlOf = (file: string): string => new URL(file, self.registration.scope).href;
const kept = new Set(PAGE_FILES.map(urlOf));

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([removeOld(), self.clients.claim()]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = request.url.replace(/[?#].*$/, '');
  if (!kept.has(url)) return;
  event.respondWith(request.mode === 'navigate' ? pageFor(request) : fileFor(url, request));
});

async function keepAll(): Promise<void> {
  const cache = await caches.open(PAGE_CACHE);
  await cache.addAll(PAGE_FILES.map(urlOf));
}

async function removeOld(): Promise<void> {
  const names = (await caches.keys()).filter((name) => OURS.test(name) && name !== PAGE_CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** From the network; without one, or without an answer in time, as it was kept. */
async function pageFor(request: Request): Promise<Response> {
  const here = await found(urlOf(''));
  if (!here) return fetch(request);
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(here), PATIENCE));
  const fetched = fetch(request).then(
    (response) => (response.status < 500 ? response : here),
    () => here,
  );
  return Promise.race([fetched, late]);
}

async function fileFor(url: string, request: Request): Promise<Response> {
  return (await found(url)) ?? fetch(request);
}

async function found(url: string): Promise<Response | undefined> {
  const cache = await caches.open(PAGE_CACHE);
  return cache.match(url, { ignoreVary: true });
}
