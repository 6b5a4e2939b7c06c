import { useEffect, useState } from 'preact/hooks';
import { download } from '../app/download.js';
import type { Correction } from '../storage/correctionRecord.js';
import './corrections.css';
import { corrections, lastChange, openCorrections, remove, takeBack } from './corrections.js';
import { aDigit } from './words.js';

/** The corrections that this browser keeps: to look at, delete and take along. */
export function Corrections() {
  useEffect(() => void openCorrections(), []);
  const all = corrections.value;
  const deleted = lastChange.value?.kind === 'deleted' ? lastChange.value.corrections.length : 0;
  if (all.length === 0 && deleted === 0) return null;
  return (
    <details class="fix-kept">
      <summary>
        {all.length === 1 ? '1 correction' : `${all.length.toLocaleString('en-US')} corrections`} kept in this browser
      </summary>
      <p class="quiet">
        As a folder, <code>cifra evaluate --images</code> says how well a network reads them. They go nowhere else.
      </p>
      <div class="fix-acts">
        <button type="button" disabled={all.length === 0} onClick={() => void take(all)}>
          Download the folder (.zip)
        </button>
        <button type="button" disabled={all.length === 0} onClick={() => remove(all)}>
          Delete all
        </button>
        <span role="status">
          {deleted > 0 && (
            <>
              {deleted === 1 ? 'One deleted.' : `${deleted} deleted.`}{' '}
              <button type="button" class="fix-link" onClick={takeBack}>
                Bring {deleted === 1 ? 'it' : 'them'} back
              </button>
            </>
          )}
        </span>
      </div>
      <ul class="fix-list">
        {all.map((correction) => (
          <Kept key={correction.id} correction={correction} />
        ))}
      </ul>
    </details>
  );
}

function Kept({ correction }: { readonly correction: Correction }) {
  const { png, truth, label, status } = correction;
  const url = useUrl(png);
  const name = aDigit(truth);
  const read = label === null ? (status === 'several' ? 'as several' : 'as no digit') : `as ${label}`;
  return (
    <li>
      <img src={url} alt={`Drawing of ${name}, read ${read}`} loading="lazy" />
      <span>
        <b>{truth ?? 'No digit'}</b> read {read}
      </span>
      <button
        type="button"
        class="fix-delete"
        aria-label={`Delete the drawing of ${name}`}
        onClick={() => remove([correction])}
      >
        ×
      </button>
    </li>
  );
}

function useUrl(png: Uint8Array<ArrayBuffer>): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([png], { type: 'image/png' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [png]);
  return url;
}

async function take(all: readonly Correction[]): Promise<void> {
  const { correctionsZip, FOLDER } = await import('../storage/correctionsZip.js');
  download(`${FOLDER}.zip`, correctionsZip(all.toReversed()));
}
