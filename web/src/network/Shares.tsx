import type { LayerMaps } from './networkApi.js';
import { percent } from './numbers.js';
import { place } from './opened.js';

/** The network's answer: a bar for each class, that can be chosen as any number can. */
export function Shares({ layer: { name, data } }: { readonly layer: LayerMaps }) {
  const top = data.indexOf(Math.max(...data));
  return (
    <ol class="net-shares">
      {Array.from(data, (share, unit) => (
        <li key={unit}>
          <button
            type="button"
            aria-pressed={place.value?.layer === name && place.value.at[0] === unit}
            data-top={unit === top ? '' : undefined}
            onClick={() => (place.value = { layer: name, at: [unit] })}
          >
            <span class="net-class">{unit}</span>
            <span class="net-share">
              <span style={{ transform: `scaleX(${share})` }} />
            </span>
            <span>{percent(share)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
