import type { Sprite } from '../data.js';
import { type Content, html, type Html, trusted } from './html.js';

/** A sprite's size, which is all that it takes to find a picture in it. */
export type SpriteSize = Pick<Sprite, 'columns' | 'count'>;

/** The style that gives pictures of the sprite `name` their pixels: once for all of them. */
export function spriteStyle(name: string, { png, columns, count, width, height }: Sprite): Html {
  const rows = rowsOf({ columns, count });
  return trusted(
    `.sprite-${name}{background-image:url(${checked(png)});background-size:${100 * columns}% ${100 * rows}%;aspect-ratio:${width}/${height}}`,
  );
}

/** Picture `index` of the sprite `name`. */
export function picture(name: string, sprite: SpriteSize, index: number, alt: string): Html {
  const share = (at: number, count: number): number =>
    count < 2 ? 0 : Math.round((1e4 * 100 * at) / (count - 1)) / 1e4;
  const [x, y] = [index % sprite.columns, Math.floor(index / sprite.columns)];
  const place = `background-position:${share(x, sprite.columns)}% ${share(y, rowsOf(sprite))}%`;
  const heard: Content = alt === '' ? html`aria-hidden="true"` : html`role="img" aria-label="${alt}"`;
  return html`<span class="picture sprite-${name}" ${heard} style="${place}"></span>`;
}

/** In CSS pixels: how wide a picture of a sheet is to be, at least, and a line. */
const LEAST_TILE = 44;
const LEAST_LINE = 320;

/** All pictures of a sprite as it is, with lines between them. A list of numbers is a line of bars. */
export function sheet(sprite: Sprite, alt: string): Html {
  const { png, width, height, columns, count } = sprite;
  const rows = rowsOf(sprite);
  const enlarged = Math.max(2, Math.ceil((height === 1 ? LEAST_LINE : LEAST_TILE) / width));
  const lines = columns > 1 || rows > 1 ? 'sheet lines' : 'sheet';
  const size = `--columns:${columns};--rows:${rows};--width:${columns * width * enlarged}`;
  const style = `${size};--blank:${columns * rows - count}`;
  return html`<span class="${lines}${height === 1 ? ' bar-code' : ''}" style="${style}"
    ><img src="${checked(png)}" width="${columns * width}" height="${rows * height}" alt="${alt}"
  /></span>`;
}

function rowsOf({ columns, count }: SpriteSize): number {
  return Math.max(1, Math.ceil(count / columns));
}

/** An address of anything else would be a request, or worse. */
function checked(png: string): string {
  return /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/.test(png) ? png : 'data:,';
}
