import { download } from '../app/download.js';
import { Copy } from './Copy.js';
import { ask, isAsked } from './training.js';

interface DownloadsProps {
  readonly place: string;
  /** It has come to its end, and has a model. */
  readonly finished: boolean;
  /** It has a checkpoint. */
  readonly saved: boolean;
}

/** A run's files, the same as Node's, and what to do with them there. */
export function Downloads({ place, finished, saved }: DownloadsProps) {
  const command = finished ? 'cifra evaluate --model FOLDER' : 'cifra train --resume FOLDER';
  return (
    <div class="train-downloads">
      <div class="train-buttons">
        <button type="button" onClick={() => void take('exportRun', place)}>
          The run (.zip)
        </button>
        {finished && (
          <button type="button" onClick={() => void take('exportModel', place)}>
            The model
          </button>
        )}
        {saved && (
          <button type="button" onClick={() => void take('exportCheckpoint', place)}>
            The checkpoint
          </button>
        )}
      </div>
      <p class="quiet">
        In Node: unpack the .zip, then <code>{command}</code>{' '}
        <Copy text={command} name={`Copy the command ${command}`} />
      </p>
    </div>
  );
}

export async function take(method: 'exportRun' | 'exportModel' | 'exportCheckpoint', place: string): Promise<void> {
  if (isAsked(method)) return;
  const file = await ask(method, place);
  if (file) download(file.result.path.split('/').at(-1)!, file.result.bytes);
}
