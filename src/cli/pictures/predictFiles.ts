import { CifraError } from '../../numeric/errors.js';
import type { DigitReading } from '../../reading/index.js';
import type { Picture } from '../../pictures/index.js';
import type { Output } from '../terminal/output.js';
import { counted } from '../terminal/text.js';
import { findPictures, type FoundPicture } from './find.js';
import { loadPicture, nameOf } from './load.js';
import { openReader } from './openReader.js';
import { readingEvent } from './readingEvent.js';
import { planStages } from './stageFiles.js';
import { ReadingTable, showReading } from './readingView.js';

export interface PredictFilesOptions {
  readonly model: string | undefined;
  readonly threads: number | undefined;
  /** Where the stages are drawn, if they are. */
  readonly stages: string | undefined;
}

/**
 * Reads the pictures that `words` stand for, and says of each what it shows as soon as it is read.
 * @throws CifraError where one could not be read, after the others
 */
export async function predictFiles(
  words: readonly string[],
  { model, threads, stages }: PredictFilesOptions,
  output: Output,
): Promise<void> {
  const found = await findPictures(words);
  const drawing = stages === undefined ? undefined : await planStages(stages, found);
  await using open = await openReader(model, threads);
  const { result } = output;
  const single = found.length === 1;
  if (!single) {
    result.line(`${counted(found.length, 'picture')}, read by ${open.title}:`);
    result.line();
  }
  const table = single
    ? undefined
    : new ReadingTable(
        result,
        found.map(({ file }) => file),
      );
  const counts = new Map<string, number>();
  const count = (what: string): unknown => counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const item of found) {
    const read = await readOne(item);
    if (read instanceof CifraError) {
      const { code, message } = read;
      count('unread');
      output.event('error', { file: item.file, code, message });
      if (single) throw read;
      table?.addFailure(item.file);
      output.notes.line(`Error: ${message}`);
      continue;
    }
    const { picture, reading } = read;
    await drawing?.draw(item, picture, reading);
    count(reading.status);
    output.event('predict', readingEvent(item.file, reading));
    if (table) table.add(item.file, reading);
    else {
      result.line(`${nameOf(item.file)}, ${picture.width} x ${picture.height} pixels, read by ${open.title}:`);
      result.line();
      showReading(result, reading);
    }
  }
  if (!single) {
    result.line();
    result.line(`  ${inSum(counts)}.`);
  }
  if (drawing) result.line(`  Stages: ${drawing.place}`);
  const unread = counts.get('unread');
  if (unread !== undefined) {
    throw new CifraError(
      'pictures-unread',
      `${unread} of ${counted(found.length, 'picture')} could not be read.`,
      'What is wrong with each is said above.',
    );
  }

  async function readOne({
    file,
    error,
  }: FoundPicture): Promise<{ picture: Picture; reading: DigitReading } | CifraError> {
    if (error) return error;
    try {
      const picture = await loadPicture(file);
      return { picture, reading: await open.reader.read(picture) };
    } catch (failure) {
      if (failure instanceof CifraError && failure.code.startsWith('picture-')) return failure;
      throw failure;
    }
  }
}

function inSum(counts: ReadonlyMap<string, number>): string {
  const names = [
    ['ok', 'read'],
    ['unsure', 'unsure'],
    ['blank', 'blank'],
    ['not-a-digit', 'no digit'],
    ['several', 'with several signs'],
    ['unread', 'could not be read'],
  ] as const;
  return names.flatMap(([key, name]) => (counts.has(key) ? [`${counts.get(key)} ${name}`] : [])).join(', ');
}
