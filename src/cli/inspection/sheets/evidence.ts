import type { RgbaPicture } from '../../../digit/index.js';
import type { Canvas, Place } from '../../sheets/canvas.js';
import { textWidth } from '../../sheets/letters.js';
import { palette } from '../../sheets/palette.js';
import { percent } from '../../terminal/text.js';
import { drawInk, drawOver } from '../drawn.js';
import { type Evidence, exactLimits, type Inspection, type Limits, SAMPLES, signedLimits } from '../inspection.js';
import { figure, nameOfClass, sizes } from '../words.js';
import { drawSignedScale, MARGIN, sheet, TOP } from './parts.js';

/** Eight pixels for each of the network's 28. */
const SIDE = 224;
const GAP = 26;
const HEIGHT = TOP + SIDE + 92 + MARGIN;
const CAPTION = 15;
const NOTE = 12;

interface Panel {
  readonly name: string;
  readonly note: string;
  /** What its colours mean; without, it has no scale. */
  readonly scale?: { readonly limits: Limits; inWords(value: number): string };
  draw(canvas: Canvas, place: Place): unknown;
}

/** Which pixels speak for a class: the image, occlusion, gradient, smoothed gradient, and what is read, in one row. */
export function evidenceSheet(inspection: Inspection, evidence: Evidence, model: string): RgbaPicture {
  const { ink, classNames, probabilities, label, what, ...size } = inspection;
  const { occlusion, saliency, smooth } = evidence;
  const target = nameOfClass(classNames, occlusion.target);
  const over = (
    numbers: Float32Array,
    limits: Limits,
    inWords: (value: number) => string,
  ): Pick<Panel, 'scale' | 'draw'> => ({
    scale: { limits, inWords },
    draw: (canvas, place) => canvas.picture(drawOver(numbers, ink, size, limits), place),
  });
  const panels: Panel[] = [
    {
      name: 'image',
      note: sizes(size.height, size.width),
      draw: (canvas, place) => canvas.picture(drawInk(ink, size), place),
    },
    {
      name: 'occlusion',
      note: `probability lost under ${sizes(occlusion.size, occlusion.size)} pixels`,
      ...over(occlusion.lost.data, exactLimits(occlusion.scale), percent),
    },
    {
      name: 'gradient',
      note: 'of the logit, by the ink of a pixel',
      ...over(saliency.gradient.data, signedLimits(saliency.gradient.data), figure),
    },
    {
      name: 'smooth gradient',
      note: `mean of ${SAMPLES} noisy copies`,
      ...over(smooth.gradient.data, signedLimits(smooth.gradient.data), figure),
    },
    { name: 'read as', note: '', draw: drawBars },
  ];
  const width = 2 * MARGIN + panels.length * (SIDE + GAP) - GAP;
  const about = `${model}: ${what}. Red pixels speak for ${target}, blue ones against it.`;
  const canvas = sheet(width, HEIGHT, `Where it sees ${target}`, about);
  panels.forEach(({ name, note, scale, draw }, i) => {
    const place = { x: MARGIN + i * (SIDE + GAP), y: TOP, width: SIDE, height: SIDE };
    canvas.fill(place, palette.shade);
    draw(canvas, place);
    canvas.frame(place, palette.line);
    canvas.text(name, place.x, TOP + SIDE + 9, { size: CAPTION, colour: palette.ink });
    canvas.text(note, place.x, TOP + SIDE + 30, { size: NOTE, colour: palette.dim, width: SIDE + GAP - 4 });
    if (!scale) return;
    const line = { x: place.x, y: TOP + SIDE + 58, width: SIDE, height: 10 };
    drawSignedScale(canvas, line, scale.limits, scale.inWords);
  });
  return canvas;

  function drawBars(canvas: Canvas, place: Place): void {
    canvas.fill(place, palette.paper);
    const names = probabilities.map((_, i) => nameOfClass(classNames, i));
    const left = 16 + Math.ceil(Math.max(...names.map((name) => textWidth(name, 13))));
    const row = (SIDE - 8) / probabilities.length;
    probabilities.forEach((probability, i) => {
      const y = Math.round(place.y + 4 + i * row);
      const colour = i === label ? palette.ink : palette.dim;
      const figures = percent(probability, 1);
      const full = SIDE - left - 68;
      canvas.text(names[i]!, place.x + 8, y, { size: 13, colour });
      const line = { x: place.x + left, y: y + 4, height: 10 };
      canvas.fill({ ...line, width: full }, palette.shade);
      canvas.fill({ ...line, width: Math.round(probability * full) }, i === label ? palette.mark : palette.dim);
      canvas.text(figures, place.x + SIDE - 8 - textWidth(figures, 13), y, { size: 13, colour });
    });
  }
}
