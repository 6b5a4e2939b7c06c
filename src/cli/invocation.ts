import { basename, relative } from 'node:path';

/** How this command line was called, for commands that we propose: they must work when they are typed. */
export function invocation(): string {
  const script = process.argv[1] ?? 'cifra';
  // As an installed command; npx and package scripts find it in node_modules/.bin, which is not in the shell's path.
  if (!/^main\.[cm]?js$/.test(basename(script))) return script.includes('node_modules') ? 'npx cifra' : 'cifra';
  const path = relative('', script);
  return `node ${quoted(path.startsWith('..') ? script : path)}`;
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The command for the whole ten steps, or their quick version. */
export function startCommand(quick: boolean): string {
  // Set by npm for its scripts.
  if (process.env['npm_lifecycle_event'] === 'start') return quick ? 'npm start -- --quick' : 'npm start';
  return `${invocation()} start${quick ? ' --quick' : ''}`;
}

export interface DataPlace {
  readonly 'data-dir'?: string | undefined;
  readonly offline?: true | undefined;
}

/** Goes on with an interrupted run, on the data that were given for it. */
export function resumeCommand(folder: string, place: DataPlace): string {
  return `${invocation()} ${['train', '--resume', quoted(folder), ...dataWords(place)].join(' ')}`;
}

/** A prediction with the model of a run, on the data that were given for it. */
export function nextCommand(folder: string, index: number, place: DataPlace): string {
  const words = ['predict', '--model', quoted(folder), '--index', String(index), ...dataWords(place)];
  return `${invocation()} ${words.join(' ')}`;
}

function dataWords(place: DataPlace): string[] {
  const dir = place['data-dir'];
  return [...(dir === undefined ? [] : ['--data-dir', quoted(dir)]), ...(place.offline ? ['--offline'] : [])];
}
