import { useRef } from 'preact/hooks';
import { chosenFiles } from './files.js';
import { attempt, type Done } from './training.js';
import type { NamedFile } from './trainerApi.js';

interface FileButtonProps {
  readonly take: (read: Done<readonly NamedFile[]> | undefined) => Promise<void>;
  /** Ends of names, as `accept` has them. */
  readonly accept?: string;
  readonly folder?: boolean;
  readonly name: string;
}

/** Lets someone choose files, or a folder with all that is in it. */
export function FileButton({ take, accept, folder = false, name }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={accept}
        aria-label={name}
        {...(folder && { webkitdirectory: true })}
        onChange={({ currentTarget }) => {
          const reading = attempt(() => chosenFiles(currentTarget.files!));
          void reading.then((read) => {
            currentTarget.value = '';
            return take(read);
          });
        }}
      />
      <button type="button" onClick={() => input.current?.click()}>
        {name}
      </button>
    </>
  );
}
