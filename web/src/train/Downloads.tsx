import { Copy } from './Copy.js';
import { save } from './files.js';
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
  const give = async (method: 'exportRun' | 'exportModel' | 'exportCheckpoint'): Promise<void> => {
    if (isAsked(method)) return;
    const file = await ask(method, place);
    if (file) save(file.result);
  };
  const command = finished ? 'cifra evaluate --model FOLDER' : 'cifra train --resume FOLDER';
  return (
    <div class="train-downloads">
      <div class="train-buttons">
        <button type="button" onClick={() => void give('exportRun')}>
          The run (.zip)
        </button>
        {finished && (
          <button type="button" onClick={() => void give('exportModel')}>
            The model
          </button>
        )}
        {saved && (
          <button type="button" onClick={() => void give('exportCheckpoint')}>
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
