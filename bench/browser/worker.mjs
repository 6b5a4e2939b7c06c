// A worker that trains: { threads, most } begins, a number of images is a window.
import { trainer } from './trainer.mjs';

let ready;
addEventListener('message', async ({ data }) => {
  if (typeof data === 'object') postMessage(void (ready = await trainer(data.threads, data.most)));
  else postMessage(await ready.rate(data));
});
