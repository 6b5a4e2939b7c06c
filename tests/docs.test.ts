import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../src/cli/commands.js';

// What the documentation says can be done is done here: its programs compile and the guide's runs, its links lead
// somewhere, its command lines have the options they use.

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const guide = 'docs/guide/';
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .map((name) => `docs/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.md'))
  .concat('README.md')
  .sort();
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

interface Block {
  readonly page: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** What follows the fence: `ts`, `ts alone`. */
  readonly info: string;
  readonly code: string;
}

function blocksOf(page: string): Block[] {
  const text = textOf(page);
  return [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(({ index, 1: info, 2: code }) => ({
    page,
    line: text.slice(0, index).split('\n').length + 1,
    info: info!,
    code: code!,
  }));
}

const blocks = pages.flatMap(blocksOf);

/** The blocks of a page are one program, those of the guide's pages together; a block marked `alone` is one by itself. */
const programs = new Map<string, Block[]>();
for (const block of blocks) {
  if (block.info !== 'ts' && block.info !== 'ts alone') continue;
  const name =
    block.info === 'ts alone' ? `${block.page}-${block.line}` : block.page.startsWith(guide) ? 'guide' : block.page;
  const file = `${name.replace(/\W+/g, '-')}.ts`;
  programs.set(file, [...(programs.get(file) ?? []), block]);
}
const sourceOf = (program: readonly Block[]): string => [...program.map(({ code }) => code), 'export {};\n'].join('');

let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'cifra-docs-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(root, join(project, 'node_modules/cifra'), 'junction');
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  for (const [file, program] of programs) await writeFile(join(project, file), sourceOf(program));
});

afterAll(() => rm(project, { recursive: true, force: true }));

describe('programs', () => {
  it('compile, and so do the examples', async () => {
    const { compilerOptions } = JSON.parse(textOf('tsconfig.json')) as { compilerOptions: object };
    const options = { ...compilerOptions, rootDir: '/', typeRoots: [join(root, 'node_modules/@types')] };
    const config = {
      compilerOptions: { ...options, allowJs: true, checkJs: true },
      include: ['*.ts', join(root, 'examples')],
    };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const problems = await run(process.execPath, [tsc, '-p', project, '--pretty', 'false'], { cwd: project }).then(
      () => '',
      (error: unknown) => (error as { stdout: string }).stdout,
    );
    expect(
      problems.replace(/^([\w-]+\.ts)\((\d+),/gm, (_, file: string, line: string) => placeOf(file, Number(line))),
    ).toBe('');
  }, 120_000);

  const small = { "'auto'": "'synthetic', { limit: 64 }" };
  it.each<{ file: string; changes: Record<string, string>; prints: RegExp[] }>([
    {
      file: 'guide.ts',
      changes: { ...small, 'epochs: 3': 'epochs: 1', 'epochs: 5': 'epochs: 1', '(1200)': '(12)' },
      prints: [/Total params: 601,578/, /\n126 30510336\n/, /Training image 1200 is a \d\./],
    },
    { file: 'README-md.ts', changes: { ...small, 'batchSize: 128': 'batchSize: 16' }, prints: [/count: 64/] },
    { file: 'docs-architecture-md.ts', changes: {}, prints: [/^\[ 6.5, 0, 17, 0 \]\n\[ 6.5, 0, 17, 0 \]\n$/] },
    { file: 'docs-reproducibility-md.ts', changes: {}, prints: [/^true\n$/] },
  ])(
    'in $file run, on few images',
    async ({ file, changes, prints }) => {
      let source = sourceOf(programs.get(file)!);
      for (const [from, to] of Object.entries(changes)) {
        expect(source.split(from), from).toHaveLength(2);
        source = source.replace(from, to);
      }
      const compiled = ts.transpile(source, { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 });
      const script = file.replace('.ts', '.mjs');
      await writeFile(join(project, script), compiled);
      const { stdout } = await run(process.execPath, [script], { cwd: project });
      for (const print of prints) expect(stdout).toMatch(print);
    },
    120_000,
  );
});

/** Where a line of a program stands in the documentation. */
function placeOf(file: string, line: number): string {
  let first = 1;
  for (const { page, line: start, code } of programs.get(file) ?? []) {
    const count = code.split('\n').length - 1;
    if (line < first + count) return `${page}(${start + line - first},`;
    first += count;
  }
  return `${file}(${line},`;
}

describe('links and paths', () => {
  it.each(pages)('of %s exist', (page) => {
    const text = textOf(page).replace(/^```.*\n[^]*?^```$/gm, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(({ 1: target }) => target!.replace(/#.*/, ''));
    const missingLinks = links.filter(
      (target) => !/^(https?:|$)/.test(target) && !existsSync(join(root, dirname(page), target)),
    );
    const paths = [...text.matchAll(/`((?:src|tests|scripts|examples|bench|docs)\/[\w./-]*)`/g)].map(
      ({ 1: path }) => path!,
    );
    const missingPaths = paths.filter((path) => !existsSync(join(root, path)));
    expect([...missingLinks, ...missingPaths]).toEqual([]);
  });
});

describe('command lines', () => {
  const lines = pages
    .flatMap((page) =>
      [...textOf(page).matchAll(/(?:cifra|dist\/cli\/main\.js) ([a-z]+)((?: +[^\n`#|]*)?)/g)].map(
        ({ 0: whole, 1: name, 2: rest }) => ({
          whole: `${page}: ${whole.trim()}`,
          name: name!,
          options: [...rest!.matchAll(/ --([a-z-]+)/g)].map(({ 1: option }) => option!),
        }),
      ),
    )
    .filter(({ name, options }) => options.length > 0 || Object.hasOwn(commands, name));

  it('are there', () => expect(lines.length).toBeGreaterThan(3));
  it.each(lines)('$whole', ({ name, options }) => {
    expect(Object.keys(commands)).toContain(name);
    expect(Object.keys(commands[name]!.options)).toEqual(expect.arrayContaining(options));
  });
});

it('the README has the two commands, each on a line of its own', () => {
  const lines = textOf('README.md').split('\n');
  expect(lines).toContain('npm ci && npm start');
  expect(lines).toContain('npm ci && npm test');
});
