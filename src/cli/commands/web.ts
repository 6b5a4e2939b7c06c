import { once } from 'node:events';
import type { OptionValues } from '../arguments.js';
import { interruptSignal } from '../interrupt.js';
import type { webOptions } from '../options.js';
import type { Output } from '../terminal/output.js';
import { siteListener } from '../web/answer.js';
import { close, listen, urlOf } from '../web/listen.js';
import { readSite } from '../web/site.js';

/** Ten times the pixels of a digit. */
const FIRST_PORT = 7840;
const HERE = '127.0.0.1';

/** Serves the built page until it is interrupted. */
export async function web(values: OptionValues<typeof webOptions>, output: Output): Promise<void> {
  const { port, host = HERE, isolation = 'yes' } = values;
  const isolated = isolation === 'yes';
  const site = await readSite();
  const server = await listen(siteListener(site, isolated), { host, port, firstPort: FIRST_PORT });
  const signal = interruptSignal(output, 'Closing');
  const url = urlOf(server);
  output.event('web', { url, isolated });

  const { result, notes } = output;
  result.line(result.style.bold(`The page is at ${url}`));
  if (host !== HERE && host !== 'localhost') {
    notes.line('Opened from another machine it trains with one thread: for more, browsers want https or this machine.');
  }
  if (!isolated) notes.line('Without isolation: it trains with one thread.');
  notes.line('Ctrl-C ends it.');

  if (!signal.aborted) await once(signal, 'abort');
  await close(server);
  signal.throwIfAborted();
}
