/** After what the page needs first, in ms. */
const LATER = 2000;

/**
 * Lets the browser keep the page for when there is no network, where it is built and served securely. It waits until the
 * page is there and has nothing else to do; if it fails, the page works all the same.
 */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const keep = (): void => {
    navigator.serviceWorker.register('./serviceWorker.js', { updateViaCache: 'none' }).catch(() => undefined);
  };
  const whenIdle = (): void => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(keep);
    else keep();
  };
  const afterLoad = (): unknown => setTimeout(whenIdle, LATER);
  if (document.readyState === 'complete') afterLoad();
  else addEventListener('load', afterLoad, { once: true });
}
