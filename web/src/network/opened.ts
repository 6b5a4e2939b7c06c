import { batch, computed, effect, signal } from '@preact/signals';
import type { Place } from '../../../src/inspect/index.js';
import { urlSignal } from '../app/url.js';
import type { WorkerClient } from '../channel/client.js';
import { followAnswers } from '../draw/reading.js';
import type { Explanation, NetworkApi, OpenedNetwork } from './networkApi.js';
import { INPUT, isIn, placeCodec, samePlace } from './places.js';

/** The network as it is with what is on the pad, and the place in it that is looked at. */

export const opened = signal<OpenedNetwork | undefined>(undefined);
export const place = urlSignal<Place | undefined>('at', undefined, placeCodec);
/** The same, if this network has such a place. */
export const chosen = computed(() =>
  place.value && opened.value && isIn(opened.value, place.value) ? place.value : undefined,
);
/** Of `place`; undefined while it is on its way, and for the input, which nothing made. */
export const explanation = signal<Explanation | undefined>(undefined);

type Asked = Pick<WorkerClient<NetworkApi, {}>, 'call'>;

/** Keeps them up to date while they are on the screen. @returns what ends it */
export function followNetwork(): () => void {
  let client: Asked | undefined;
  const unfollow = followAnswers(async (reader) => {
    client = reader;
    const asked = place.peek();
    const network = await reader.call('network', asked?.layer === INPUT ? undefined : asked);
    batch(() => {
      opened.value = network;
      if (samePlace(asked, place.peek())) explanation.value = network?.explanation;
    });
  });
  const unwatch = effect(() => {
    const asked = place.value;
    if (samePlace(placeOf(explanation.peek()), asked)) return;
    explanation.value = undefined;
    if (asked && asked.layer !== INPUT && client) void explain(client, asked);
  });
  return () => {
    unfollow();
    unwatch();
  };
}

async function explain(client: Asked, asked: Place): Promise<void> {
  // A worker that has died is told of elsewhere, and the next drawing brings what is missing here.
  const found = await client.call('explain', asked).catch(() => undefined);
  if (found && samePlace(asked, place.peek())) explanation.value = found;
}

function placeOf(explained: Explanation | undefined): Place | undefined {
  return explained && { layer: explained.arithmetic.layer.name, at: explained.arithmetic.at };
}
