import { join } from 'node:path';
import { CifraError } from '../../numeric/errors.js';
import { type Mistake, MOST_CARDS, mistakesSheet, thumbnailOf } from '../sheets/mistakes.js';
import { bar } from '../terminal/bars.js';
import type { Output } from '../terminal/output.js';
import { counted, grouped } from '../terminal/text.js';
import { type LabelledPicture, readLabels } from './labels.js';
import { loadPicture } from './load.js';
import { checkIsNew, writePng } from './newFile.js';
import { openReader } from './openReader.js';
import { readingEvent } from './readingEvent.js';
import { isRight, type Scored, scoreOf } from './score.js';
import { showMistakes, showScore } from './scoreView.js';

export interface EvaluatePicturesOptions {
  readonly model: string | undefined;
  readonly threads: number | undefined;
  /** The folder of the pictures. */
  readonly images: string;
  /** The table of labels. */
  readonly labels: string | undefined;
  readonly groupBy: readonly string[] | undefined;
  /** Where the mistakes are drawn, if they are. */
  readonly mistakes: string | undefined;
}

/** How well labelled pictures are read: accuracy with its interval, overall and by group, and each mistake. */
export async function evaluatePictures(options: EvaluatePicturesOptions, output: Output): Promise<void> {
  const { images, labels = join(images, 'labels.csv'), groupBy, mistakes: sheet } = options;
  const { pictures, columns } = await readLabels(images, labels, groupBy);
  if (sheet !== undefined) await checkIsNew(sheet);
  await using open = await openReader(options.model, options.threads);
  const scored: Scored[] = [];
  const mistakes: Mistake[] = [];
  for (const picture of pictures) {
    output.live((width) => progress(scored.length, pictures.length, width));
    const result = await readOne(picture);
    scored.push({ picture, read: result.read });
    if (!isRight(result)) mistakes.push(result);
  }
  output.clear();
  const score = scoreOf(scored, columns);
  if (sheet !== undefined) {
    await writePng(sheet, mistakesSheet(mistakes, pictures.length, `${labels}, read by ${open.title}`));
  }
  output.event('evaluate', {
    ...score,
    interval: [score.interval.low, score.interval.high],
    answeredShare: score.answered / score.count,
    mistakes: mistakes.map(({ picture }) => picture.name),
    images,
    labels,
  });
  const { result } = output;
  result.line(`${labels}: ${counted(pictures.length, 'picture')}, read by ${open.title}:`);
  result.line();
  showScore(result, score);
  if (mistakes.length > 0) {
    result.line();
    showMistakes(result, mistakes);
  }
  if (sheet === undefined && mistakes.length === 0) return;
  result.line();
  result.line(sheet === undefined ? '  --mistakes FILE.png draws them.' : `  Drawn in ${sheet}.`);

  async function readOne(picture: LabelledPicture): Promise<Mistake> {
    const { name, path, label } = picture;
    try {
      const pixels = await loadPicture(path);
      const { normalized, probabilities, ...read } = await open.reader.read(pixels);
      output.event('predict', { ...readingEvent(name, { normalized, probabilities, ...read }), truth: label });
      const isDrawn = sheet !== undefined && mistakes.length < MOST_CARDS && !isRight({ picture, read });
      return { picture, read, image: normalized.image, thumbnail: isDrawn ? thumbnailOf(pixels) : undefined };
    } catch (error) {
      if (!(error instanceof CifraError && error.code.startsWith('picture-'))) throw error;
      output.event('error', { file: name, code: error.code, message: error.message, truth: label });
      output.notes.line(`Error: ${error.message}`);
      return { picture, read: undefined, image: undefined, thumbnail: undefined };
    }
  }
}

function progress(done: number, total: number, width: number): string {
  const room = Math.min(30, width - 40);
  return `Reading pictures  ${bar(done / total, room)}  ${grouped(done)} of ${grouped(total)}`;
}
