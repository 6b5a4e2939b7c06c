import { type RgbaPicture, stageNotes } from '../../digit/index.js';
import { type DigitReading, inWords } from '../../reading/index.js';
import { percent } from '../terminal/text.js';
import { Canvas, type Place } from './canvas.js';
import { textWidth } from './letters.js';
import { colourOf, palette } from './palette.js';

/** Six pixels for each of the network's 28. */
const SIDE = 168;
const MARGIN = 28;
const GAP = 20;
const TITLE = 22;
const TOP = MARGIN + TITLE + 28;
const CAPTION = 15;
const NOTE = 12;
const HEIGHT = TOP + SIDE + 52 + MARGIN - 10;

interface Panel {
  readonly name: string;
  readonly note: string;
  draw(canvas: Canvas, place: Place): void;
}

/** How a picture became what the network saw, step by step, and what it made of it, in one row. */
export function stagesSheet(name: string, picture: RgbaPicture, reading: DigitReading): RgbaPicture {
  const panels: Panel[] = [
    { name: 'picture', note: `${picture.width} × ${picture.height}`, draw: drawOriginal },
    ...reading.normalized.stages().map((stage) => ({
      name: stage.name,
      note: stageNotes[stage.name],
      draw: (canvas: Canvas, place: Place) => canvas.picture(stage.picture, place),
    })),
    { name: 'read as', note: reading.label === null ? 'if it were a digit' : '', draw: drawBars },
  ];
  const canvas = new Canvas(2 * MARGIN + panels.length * (SIDE + GAP) - GAP, HEIGHT, palette.paper);
  const verdict = inWords(reading);
  const colour = colourOf(reading.status);
  const room = canvas.width - 2 * MARGIN;
  canvas.text(name, MARGIN, MARGIN, {
    size: TITLE,
    colour: palette.ink,
    width: room - textWidth(verdict, TITLE) - 2 * GAP,
  });
  canvas.text(verdict, MARGIN + room - textWidth(verdict, TITLE), MARGIN, { size: TITLE, colour });
  panels.forEach((panel, i) => {
    const place = { x: MARGIN + i * (SIDE + GAP), y: TOP, width: SIDE, height: SIDE };
    canvas.fill(place, palette.shade);
    panel.draw(canvas, place);
    canvas.frame(place, palette.line);
    canvas.text(`${i + 1}  ${panel.name}`, place.x, TOP + SIDE + 10, { size: CAPTION, colour: palette.ink });
    canvas.text(panel.note, place.x, TOP + SIDE + 31, { size: NOTE, colour: palette.dim, width: SIDE + GAP - 4 });
  });
  return canvas;

  function drawOriginal(canvas: Canvas, place: Place): void {
    const shown = canvas.picture(picture, place);
    const scale = shown.width / picture.width;
    for (const { left, top, right, bottom } of reading.signs) {
      const x = Math.round(shown.x + left * scale) - 2;
      const y = Math.round(shown.y + top * scale) - 2;
      const width = Math.round((right - left) * scale) + 4;
      canvas.frame({ x, y, width, height: Math.round((bottom - top) * scale) + 4 }, palette.mark, 2);
    }
  }

  function drawBars(canvas: Canvas, place: Place): void {
    canvas.fill(place, palette.paper);
    const row = (SIDE - 8) / 10;
    reading.probabilities.forEach((probability, digit) => {
      const y = Math.round(place.y + 4 + digit * row);
      const isRead = digit === reading.label;
      const text = { size: 13, colour: isRead ? palette.ink : palette.dim };
      const full = SIDE - 90;
      canvas.text(String(digit), place.x + 8, y, text);
      canvas.fill({ x: place.x + 24, y: y + 3, width: full, height: 10 }, palette.shade);
      const width = Math.round(probability * full);
      canvas.fill({ x: place.x + 24, y: y + 3, width, height: 10 }, isRead ? colour : palette.dim);
      const figure = percent(probability, 1);
      canvas.text(figure, place.x + SIDE - 8 - textWidth(figure, 13), y, text);
    });
  }
}
