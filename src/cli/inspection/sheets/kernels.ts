import type { RgbaPicture } from '../../../digit/index.js';
import { type Kernels, plane } from '../../../inspect/index.js';
import type { Canvas } from '../../sheets/canvas.js';
import { palette } from '../../sheets/palette.js';
import { counted } from '../../terminal/text.js';
import { drawSigned } from '../drawn.js';
import { signedLimits } from '../inspection.js';
import { figure, sizes } from '../words.js';
import { drawSignedScale, MARGIN, sheet, TOP } from './parts.js';

/** One input channel: a picture for each filter, so many pixels wide at most, with its number. */
const SIDE = 72;
const GAP = 14;
const LABEL = 20;
const ACROSS = 10;
/** Several: a table, in which each weight has so many pixels. */
const WEIGHT = 6;
const BETWEEN = 4;
const NUMBERS = 34;
/** The most filters and channels of a table. */
const MOST = 64;
const SCALE = { width: 260, height: 12 };
const FOOT = 56;
const LEAST_WIDTH = 620;

type DrawKernel = (index: number, x: number, y: number, times: number) => void;

/** The kernels of a layer, on one scale: blue below 0, white, red above. */
export function kernelsSheet(kernels: Kernels, model: string): RgbaPicture {
  return kernels.channels === 1 ? grid(kernels, model) : table(kernels, model);
}

function grid(kernels: Kernels, model: string): Canvas {
  const { count, width, height } = kernels;
  const times = Math.max(1, Math.floor(SIDE / Math.max(width, height)));
  const card = { width: Math.max(width * times, 30) + GAP, height: height * times + LABEL + GAP };
  const across = Math.min(ACROSS, count);
  const down = Math.ceil(count / across);
  const about = `${counted(count, 'filter')}, ${sizes(height, width)} weights each`;
  const { canvas, draw } = begin(kernels, `${model}: ${about}`, across * card.width - GAP, down * card.height - GAP);
  for (let i = 0; i < count; i++) {
    const x = MARGIN + (i % across) * card.width;
    const y = TOP + Math.floor(i / across) * card.height;
    draw(i, x, y, times);
    canvas.text(String(i), x, y + height * times + 3, { size: 13, colour: palette.dim });
  }
  return canvas;
}

/** A row for each filter, a column for each input channel. */
function table(kernels: Kernels, model: string): Canvas {
  const { channels, filters, width, height } = kernels;
  const [across, down] = [Math.min(MOST, channels), Math.min(MOST, filters)];
  const cell = { width: width * WEIGHT + BETWEEN, height: height * WEIGHT + BETWEEN };
  const whole = across === channels && down === filters;
  const about = [
    `${model}: rows ${counted(filters, 'filter')}, columns ${counted(channels, 'input channel')}, ${sizes(height, width)} weights each`,
    ...(whole ? [] : [`here the first ${counted(down, 'filter')} and ${counted(across, 'channel')}`]),
  ];
  const { canvas, draw } = begin(
    kernels,
    about.join('; '),
    NUMBERS + across * cell.width - BETWEEN,
    LABEL + down * cell.height - BETWEEN,
  );
  const style = { size: 11, colour: palette.dim };
  // Every number where there is room, otherwise every fifth.
  const step = cell.width < 20 ? 5 : 1;
  for (let channel = 0; channel < across; channel += step) {
    canvas.text(String(channel), MARGIN + NUMBERS + channel * cell.width, TOP, style);
  }
  for (let filter = 0; filter < down; filter++) {
    const y = TOP + LABEL + filter * cell.height;
    canvas.text(String(filter), MARGIN, y + Math.floor((cell.height - BETWEEN - 14) / 2), style);
    for (let channel = 0; channel < across; channel++) {
      draw(filter * channels + channel, MARGIN + NUMBERS + channel * cell.width, y, WEIGHT);
    }
  }
  return canvas;
}

/** A sheet with its scale below a room of this size, and what draws a kernel on that scale. */
function begin(kernels: Kernels, about: string, width: number, height: number): { canvas: Canvas; draw: DrawKernel } {
  const limits = signedLimits(kernels.data);
  const total = Math.max(LEAST_WIDTH, width + 2 * MARGIN);
  const canvas = sheet(total, TOP + height + FOOT + MARGIN, `Kernels of ${kernels.layer}`, about);
  drawSignedScale(canvas, { x: MARGIN, y: TOP + height + FOOT - 30, ...SCALE }, limits, figure);
  return {
    canvas,
    draw(index, x, y, times) {
      const place = { x, y, width: kernels.width * times, height: kernels.height * times };
      canvas.picture(drawSigned(plane(kernels, index), kernels, limits), place);
      canvas.frame({ x: x - 1, y: y - 1, width: place.width + 2, height: place.height + 2 }, palette.line);
    },
  };
}
