import type { RgbaPicture } from '../../digit/index.js';
import { counted, printable } from '../terminal/text.js';
import { verdict } from '../pictures/scoreView.js';
import type { Scored } from '../pictures/score.js';
import { Canvas } from './canvas.js';
import { palette } from './palette.js';

/** Five pixels for each of the network's 28. */
const SIDE = 140;
const BETWEEN = 8;
const CARD = { width: 2 * SIDE + BETWEEN, height: SIDE + 66 };
const GAP = 26;
const MARGIN = 32;
const TITLE = 22;
const TOP = MARGIN + 64;
const MOST_COLUMNS = 4;
/** A larger sheet would take much memory, and nobody's time. */
export const MOST_CARDS = 300;

export interface Mistake extends Scored {
  /** The picture as it is, in a small square; undefined where it could not be decoded. */
  readonly thumbnail: RgbaPicture | undefined;
  /** What the network saw, 28 x 28. */
  readonly image: Uint8Array | undefined;
}

/** The picture in a square. */
export function thumbnailOf(picture: RgbaPicture): RgbaPicture {
  const canvas = new Canvas(SIDE, SIDE, palette.shade);
  canvas.picture(picture, { x: 0, y: 0, width: SIDE, height: SIDE });
  return canvas;
}

/** Each picture that was not read right, beside what the network saw, with what it was read as and its label. */
export function mistakesSheet(mistakes: readonly Mistake[], count: number, reader: string): RgbaPicture {
  const cards = mistakes.slice(0, MOST_CARDS);
  const across = Math.min(MOST_COLUMNS, Math.max(2, cards.length));
  const down = Math.ceil(cards.length / across);
  const canvas = new Canvas(
    2 * MARGIN + across * (CARD.width + GAP) - GAP,
    TOP + down * (CARD.height + GAP) - GAP + MARGIN,
    palette.paper,
  );
  const room = canvas.width - 2 * MARGIN;
  const more = mistakes.length > cards.length ? `, the first ${cards.length} here` : '';
  canvas.text(`${mistakes.length} of ${counted(count, 'picture')} not read right${more}`, MARGIN, MARGIN - 4, {
    size: TITLE,
    colour: palette.ink,
    width: room,
  });
  canvas.text(reader, MARGIN, MARGIN + 26, { size: 13, colour: palette.dim, width: room });
  cards.forEach((mistake, i) => {
    const x = MARGIN + (i % across) * (CARD.width + GAP);
    drawCard(canvas, mistake, x, TOP + Math.floor(i / across) * (CARD.height + GAP));
  });
  return canvas;
}

function drawCard(canvas: Canvas, mistake: Mistake, x: number, y: number): void {
  const { picture, thumbnail, image } = mistake;
  const left = { x, y, width: SIDE, height: SIDE };
  const right = { ...left, x: x + SIDE + BETWEEN };
  for (const place of [left, right]) canvas.fill(place, palette.shade);
  if (thumbnail) canvas.picture(thumbnail, left);
  if (image) canvas.picture(greyOf(image), right);
  for (const place of [left, right]) canvas.frame(place, palette.line);
  const refused = mistake.read?.status !== 'ok';
  canvas.text(String(picture.label), x, y + SIDE + 6, { size: TITLE, colour: palette.ink });
  const colour = refused ? palette.warn : palette.bad;
  canvas.text(verdict(mistake), x + 24, y + SIDE + 10, { size: 16, colour, width: CARD.width - 24 });
  const groups = Object.values(picture.groups).filter((value) => value !== '');
  const small = { size: 12, colour: palette.dim, width: CARD.width };
  canvas.text(printable(picture.name), x, y + SIDE + 34, small);
  canvas.text(groups.map(printable).join(', '), x, y + SIDE + 50, small);
}

function greyOf(image: Uint8Array): RgbaPicture {
  const data = new Uint8ClampedArray(4 * image.length).fill(255);
  image.forEach((value, i) => data.fill(value, 4 * i, 4 * i + 3));
  return { width: 28, height: 28, data };
}
