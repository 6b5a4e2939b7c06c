import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

// Node's own fs.glob came with Node 22, and path.matchesGlob is experimental in Node 20.

const WINDOWS = process.platform === 'win32';
const order = new Intl.Collator('en', { numeric: true });

/** Whether a shell would take `word` for a pattern. */
export function isPattern(word: string): boolean {
  return /[*?[{]/.test(word);
}

/**
 * The files and folders that a pattern stands for, sorted: * and ? within a name, ** for any folders, [a-z], [!a-z] and
 * {a,b}. Names that begin with a dot must be asked for with one.
 */
export async function matches(pattern: string): Promise<string[]> {
  const found = new Set<string>();
  for (const plain of withoutBraces(WINDOWS ? pattern.replaceAll('\\', '/') : pattern)) {
    const [, root = '', path = ''] = /^((?:[A-Za-z]:)?\/*)(.*)$/s.exec(plain)!;
    const parts = path.split('/').filter((part) => part !== '');
    for await (const match of walk(root, parts)) found.add(match);
  }
  return [...found].sort(compareNames);
}

/** 2.png before 10.png. */
function compareNames(a: string, b: string): number {
  return order.compare(a, b) || (a < b ? -1 : Number(a > b));
}

/** What is in a folder, sorted; nothing if it cannot be read. */
export async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => compareNames(a.name, b.name));
}

async function* walk(base: string, [part, ...rest]: readonly string[]): AsyncGenerator<string> {
  if (part === undefined) {
    if (await stat(base).catch(() => undefined)) yield base;
  } else if (part === '**') {
    yield* walk(base, rest.length === 0 ? ['*'] : rest);
    for (const entry of await entriesOf(base)) {
      // Links to folders are left alone here: they may lead back.
      if (entry.isDirectory() && !entry.name.startsWith('.')) yield* walk(join(base, entry.name), [part, ...rest]);
    }
  } else if (isPattern(part)) {
    const expression = expressionOf(part);
    for (const { name } of await entriesOf(base)) {
      if (expression.test(name) && (part.startsWith('.') || !name.startsWith('.'))) {
        yield* walk(join(base, name), rest);
      }
    }
  } else yield* walk(join(base, part), rest);
}

/** The patterns for which one with {a,b} stands. */
function withoutBraces(pattern: string): string[] {
  const innermost = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (!innermost) return [pattern];
  const before = pattern.slice(0, innermost.index);
  const after = pattern.slice(innermost.index + innermost[0].length);
  return innermost[1]!.split(',').flatMap((choice) => withoutBraces(before + choice + after));
}

function expressionOf(part: string): RegExp {
  const source = part.replace(/\*+|\?|\[([!^]?)(\]?[^\]]*)\]|[^]/g, (token, not?: string, set?: string) => {
    if (token.startsWith('*')) return '.*';
    if (token === '?') return '.';
    if (set) return `[${not ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`;
    return token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, WINDOWS ? 'is' : 's');
  } catch {
    // A range that runs backwards, such as [z-a], matches nothing.
    return /^(?!)/;
  }
}
