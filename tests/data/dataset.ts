import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import ts from 'typescript';
import { type DatasetEntry, datasets, fileNames, fileRoles, type FileRole } from '../../src/data/dataset.js';
import { encodeIdxImages, encodeIdxLabels } from '../../src/data/idx.js';

const contents: Record<FileRole, Uint8Array> = {
  trainImages: encodeIdxImages(Uint8Array.from({ length: 20 * 784 }, (_, i) => (i * i * 31 + (i >> 5)) % 256)),
  trainLabels: encodeIdxLabels(Uint8Array.from({ length: 20 }, (_, i) => i % 10)),
  testImages: encodeIdxImages(new Uint8Array(3 * 784).fill(77)),
  testLabels: encodeIdxLabels(new Uint8Array([7, 2, 1])),
};

/** The four files as they are served, by their paths. */
export const served: Readonly<Record<string, Buffer>> = Object.fromEntries(
  fileRoles.map((role) => [`/${fileNames[role]}.gz`, gzipSync(contents[role])]),
);
export const IMAGES = '/train-images-idx3-ubyte.gz';

/** A small dataset that `mirrors` serve. */
export function tiny(mirrors: readonly string[]): DatasetEntry {
  const check = (role: FileRole) => ({
    size: contents[role].length,
    sha256: createHash('sha256').update(contents[role]).digest('hex'),
  });
  const [trainImages, trainLabels, testImages, testLabels] = fileRoles.map(check);
  return {
    ...datasets.mnist,
    mirrors,
    files: { trainImages: trainImages!, trainLabels: trainLabels!, testImages: testImages!, testLabels: testLabels! },
  };
}

/** Loads the dataset of its first argument into the cache of its second, and says what it is told. */
const PROGRAM = `
import { loadEntry } from './data/load.node.js';
const say = (event) => process.stdout.write(JSON.stringify(event) + '\\n');
const [entry, options] = process.argv.slice(2).map((text) => JSON.parse(text));
const { source, hash } = await loadEntry(entry, { ...options, onProgress: say });
say({ kind: 'done', source, hash });
`;

/** Compiles into `folder` what a process of its own needs to load a dataset, and gives the program's path. */
export async function compileLoader(folder: string): Promise<string> {
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  for (const room of ['data', 'data/synthetic', 'files', 'numeric']) {
    await mkdir(join(folder, room), { recursive: true });
    const source = new URL(`../../src/${room}/`, import.meta.url);
    for (const name of await readdir(source)) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      const text = await readFile(new URL(name, source), 'utf8');
      await writeFile(join(folder, room, name.replace(/ts$/, 'js')), ts.transpile(text, options));
    }
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const program = join(folder, 'load.js');
  await writeFile(program, PROGRAM);
  return program;
}
