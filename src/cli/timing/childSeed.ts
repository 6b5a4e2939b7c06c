import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CifraError } from '../../numeric/errors.js';
import type { SeedResult, TimedEpoch } from './seedResult.js';

export interface ChildRequest {
  readonly seed: number;
  /** The words after `cifra` that train this seed alone, with `--json`. */
  readonly words: readonly string[];
  readonly signal: AbortSignal;
  readonly onEpochEnd: (epoch: TimedEpoch) => void;
}

/** Of what the process says on stderr, so much is kept for its error, in characters. */
const KEPT = 10_000;

/**
 * Trains one seed in a process of its own, which is this command called once more.
 * @throws CifraError `seed-failed` with what the process said; the signal's reason if it is aborted
 */
export async function childSeed({ seed, words, signal, onEpochEnd }: ChildRequest): Promise<SeedResult> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // The terminal sends its Ctrl-C to both processes; who is asked to end by other means is asked alone.
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  try {
    let result: SeedResult | undefined;
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-KEPT)));
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      const event = JSON.parse(line) as { readonly event: string };
      if (event.event === 'epoch') onEpochEnd(withoutName(event as Named<TimedEpoch>));
      else if (event.event === 'seed') result = withoutName(event as Named<SeedResult>);
    });
    const [status, killedBy] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (...ended) => resolve(ended));
    });
    signal.throwIfAborted();
    if (status === 0 && result) return result;
    throw failure(seed, status === null ? `was ended by ${killedBy}` : `ended with exit status ${status}`, said);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

type Named<T> = T & { readonly event: string };

function withoutName<T extends object>({ event: _, ...rest }: Named<T>): Omit<Named<T>, 'event'> {
  return rest;
}

function failure(seed: number, how: string, said: string): CifraError {
  const at = said.lastIndexOf('Error: ');
  return at < 0
    ? new CifraError('seed-failed', `The process that trained seed ${seed} ${how}.\n${said.trim()}`.trim())
    : new CifraError('seed-failed', `Seed ${seed}: ${said.slice(at + 'Error: '.length).trim()}`);
}
