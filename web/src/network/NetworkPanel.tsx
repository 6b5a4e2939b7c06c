import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ArithmeticPanel } from './arithmetic/ArithmeticPanel.js';
import { InputCard, LayerCard } from './LayerCard.js';
import type { OpenedNetwork } from './networkApi.js';
import { followNetwork, opened, place } from './opened.js';
import './network.css';

/** Every layer's maps of what is on the pad, and the arithmetic behind a number of them. It computes while it is seen. */
export function NetworkPanel() {
  const section = useRef<HTMLElement>(null);
  const seen = useSignal(false);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => (seen.value = entry?.isIntersecting ?? false));
    observer.observe(section.current!);
    return () => observer.disconnect();
  }, [seen]);
  useEffect(() => (seen.value ? followNetwork() : undefined), [seen.value]);
  const network = opened.value;
  return (
    <section class="net" ref={section} aria-labelledby="net-title">
      <h2 id="net-title">Inside the network</h2>
      <p>
        The drawing goes through the layers from the top down. Each small picture is a map: what one kernel answers at
        every place. Choose a pixel of any of them, and see the arithmetic that made it.
      </p>
      {network ? (
        <>
          <Example network={network} />
          <div class="net-desk">
            <ol class="net-layers">
              <InputCard network={network} />
              {network.layers.map(({ name }, i) => (
                <LayerCard key={name} network={network} index={i} />
              ))}
            </ol>
            <ArithmeticPanel network={network} />
          </div>
        </>
      ) : (
        <p class="quiet">The layers appear here as you draw.</p>
      )}
    </section>
  );
}

/** A place to begin: where the first layer answers most. */
function Example({ network: { layers } }: { readonly network: OpenedNetwork }) {
  const layer = layers.find(({ shape }) => shape.length === 3);
  if (!layer) return null;
  const choose = (): void => {
    const [, width, channels] = layer.shape as [number, number, number];
    const at = layer.data.indexOf(layer.max);
    const pixel = Math.floor(at / channels);
    place.value = { layer: layer.name, at: [Math.floor(pixel / width), pixel % width, at % channels] };
  };
  return (
    <p>
      <button type="button" onClick={choose}>
        Show the strongest pixel of the first layer
      </button>
    </p>
  );
}
