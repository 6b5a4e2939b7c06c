import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { CifraError } from '../../../src/numeric/errors.js';
import { grouped } from '../../../src/numeric/words.js';
import { model, readWith } from './reading.js';

/** Of models, in bytes: a larger file is none of ours. */
const LARGEST = 500e6;

/** Which network reads, and another in its place. */
export function ModelChoice() {
  const input = useRef<HTMLInputElement>(null);
  const problem = useSignal('');
  const isShipped = useSignal(true);
  const facts = model.value;

  const open = async (file: File | undefined): Promise<void> => {
    problem.value = '';
    try {
      if (file) await readWith({ file: file.name, bytes: await bytesOf(file) });
      else await readWith('shipped');
      isShipped.value = !file;
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  };

  return (
    <div class="model">
      <p class="model-facts">
        {facts ? (
          <>
            Read by {isShipped.value ? 'the network that comes with Cifra' : `“${facts.name}”, from your file`}:{' '}
            {grouped(facts.summary.parameters)} parameters.
          </>
        ) : (
          'The network is being fetched …'
        )}
      </p>
      <input
        ref={input}
        type="file"
        accept=".safetensors"
        hidden
        aria-label="Model file"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          currentTarget.value = '';
          if (file) void open(file);
        }}
      />
      <button type="button" class="plain" onClick={() => input.current?.click()}>
        Read with a model of yours …
      </button>
      {!isShipped.value && (
        <button type="button" class="plain" onClick={() => void open(undefined)}>
          Back to the one of Cifra
        </button>
      )}
      {problem.value && (
        <p class="model-problem" role="alert">
          {problem.value}
        </p>
      )}
    </div>
  );
}

async function bytesOf(file: File): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > LARGEST) {
    throw new CifraError(
      'model-size',
      `${file.name} has ${Math.round(file.size / 1e6)} MB, too much for a model of digits.`,
      'Give a model.safetensors that Cifra wrote.',
    );
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new CifraError('model-unreadable', `${file.name} cannot be read.`, 'Choose it again.', { cause: error });
  }
}
