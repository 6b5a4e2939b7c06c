import type { RgbaPicture } from '../../../src/digit/index.js';
import { type Colour, inkOn, paperOf } from './paper.js';
import { BLANK } from './history.js';
import type { Scene, Stroke } from './scene.js';

/** A scene on a canvas, as the rasterizer computes it. While a stroke grows, only what is new of it is painted. */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #painted = BLANK;
  #paper = paperOf(undefined);

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false })!;
  }

  /** @param side of the canvas, in pixels of the screen */
  resize(side: number): void {
    if (this.#canvas.width === side) return;
    this.#canvas.width = this.#canvas.height = side;
    this.repaint();
  }

  paint(scene: Scene): void {
    const before = this.#painted;
    this.#painted = scene;
    const grown = grownStroke(before, scene);
    if (!grown) this.repaint();
    else this.#stroke(grown.stroke, grown.from);
  }

  /** All of it: a stroke that was painted piece by piece has rougher edges. */
  repaint(): void {
    const { picture, strokes } = this.#painted;
    const side = this.#canvas.width;
    this.#paper = paperOf(picture);
    this.#context.fillStyle = css(this.#paper);
    this.#context.fillRect(0, 0, side, side);
    if (picture) this.#lay(picture);
    for (const stroke of strokes) this.#stroke(stroke, 0);
  }

  #lay(picture: RgbaPicture): void {
    const { width, height } = picture;
    const square = Math.max(width, height);
    const scale = this.#canvas.width / square;
    const [left, top] = [Math.floor((square - width) / 2), Math.floor((square - height) / 2)];
    this.#context.imageSmoothingQuality = 'high';
    this.#context.drawImage(sheetOf(picture), left * scale, top * scale, width * scale, height * scale);
  }

  /** @param from the first point to paint, counted from 0 */
  #stroke({ tool, width, points }: Stroke, from: number): void {
    const context = this.#context;
    const side = this.#canvas.width;
    context.strokeStyle = css(tool === 'pen' ? inkOn(this.#paper) : this.#paper);
    context.lineWidth = width * side;
    context.lineCap = context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(points[2 * from]! * side, points[2 * from + 1]! * side);
    // A line to where it begins: a dot.
    if (2 * from + 2 === points.length) context.lineTo(points[2 * from]! * side, points[2 * from + 1]! * side);
    for (let i = 2 * from + 2; i < points.length; i += 2) context.lineTo(points[i]! * side, points[i + 1]! * side);
    context.stroke();
  }
}

/** The stroke that is the only difference, with the point from which on it is new. */
export function grownStroke(before: Scene, after: Scene): { stroke: Stroke; from: number } | undefined {
  const stroke = after.strokes.at(-1);
  const at = after.strokes.length - 1;
  if (!stroke || before.picture !== after.picture) return undefined;
  if (before.strokes.length !== at && before.strokes.length !== at + 1) return undefined;
  for (let i = 0; i < at; i++) if (before.strokes[i] !== after.strokes[i]) return undefined;
  const old = before.strokes[at];
  if (!old) return { stroke, from: 0 };
  return continues(old, stroke) ? { stroke, from: old.points.length / 2 - 1 } : undefined;
}

function continues(old: Stroke, stroke: Stroke): boolean {
  if (old.tool !== stroke.tool || old.width !== stroke.width || old.points.length > stroke.points.length) return false;
  const last = old.points.length - 1;
  return [0, 1, last - 1, last].every((i) => old.points[i] === stroke.points[i]);
}

const sheets = new WeakMap<RgbaPicture, HTMLCanvasElement>();

function sheetOf(picture: RgbaPicture): HTMLCanvasElement {
  const kept = sheets.get(picture);
  if (kept) return kept;
  const sheet = document.createElement('canvas');
  const { width, height, data } = picture;
  sheet.width = width;
  sheet.height = height;
  sheet.getContext('2d')!.putImageData(new ImageData(Uint8ClampedArray.from(data), width, height), 0, 0);
  sheets.set(picture, sheet);
  return sheet;
}

function css([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
}
