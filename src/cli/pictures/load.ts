import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { CifraError, nearest } from '../../numeric/errors.js';
import { decodePicture, type Picture } from '../../pictures/index.js';
import { checkBytes } from '../../pictures/size.js';
import { UsageError } from '../arguments.js';
import { printable } from '../terminal/text.js';

/**
 * The picture in a file, or in stdin where the file is "-".
 * @throws CifraError `picture-missing`, `picture-unreadable`, and what `decodePicture` throws
 */
export async function loadPicture(file: string): Promise<Picture> {
  const name = nameOf(file);
  return decodePicture(file === '-' ? await fromStdin(name) : await fromFile(file, name), name);
}

/** A file as people are shown it. */
export function nameOf(file: string): string {
  return file === '-' ? 'stdin' : printable(file);
}

function fromStdin(name: string): Promise<Uint8Array> {
  if (process.stdin.isTTY) {
    throw new UsageError(
      'stdin-terminal',
      'The picture was to come from stdin, which is the terminal.',
      'Give a file, or send one: cifra predict - < photo.jpg',
    );
  }
  return bytesOf(process.stdin, name);
}

async function fromFile(file: string, name: string): Promise<Uint8Array> {
  try {
    const stats = await stat(file);
    checkBytes(stats.size, name);
    return await bytesOf(createReadStream(file, { highWaterMark: 2 ** 20 }), name);
  } catch (error) {
    if (error instanceof CifraError) throw error;
    throw (await isMissing(file, error))
      ? new CifraError('picture-missing', `${name} is not there.`, await remedyFor(file))
      : new CifraError('picture-unreadable', `${name} cannot be read: ${messageOf(error)}.`, undefined, {
          cause: error,
        });
  }
}

/** Never more than the limit and a little, however much comes. */
async function bytesOf(stream: Readable, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    checkBytes(length, name);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

async function isMissing(file: string, error: unknown): Promise<boolean> {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || (code === 'ENOTDIR' && !(await stat(file).catch(() => undefined)));
}

async function remedyFor(file: string): Promise<string> {
  const beside = await readdir(dirname(file)).catch(() => undefined);
  if (beside === undefined) return `There is no folder ${printable(dirname(file))} either.`;
  const guess = nearest(basename(file), beside);
  return guess === undefined ? 'Look at the name and the folder it starts from.' : `Did you mean ${printable(guess)}?`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
