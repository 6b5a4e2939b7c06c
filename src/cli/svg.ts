/** SVG as text. */

export interface Svg {
  readonly svg: string;
}
/** Elements, or words, which are escaped; lists are taken one after the other. */
export type SvgContent = Svg | string | number | readonly SvgContent[];
export type SvgAttributes = Readonly<Record<string, string | number>>;

/** `element('text', { x: 1 }, 'a')`; numbers are rounded to tenths. */
export function element(name: string, attributes: SvgAttributes, ...content: readonly SvgContent[]): Svg {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(rounded(value))}"`);
  return { svg: `<${name}${pairs.join('')}>${content.map(inner).join('')}</${name}>` };
}

export function group(x: number, y: number, ...content: readonly SvgContent[]): Svg {
  return element('g', { transform: `translate(${rounded(x)} ${rounded(y)})` }, ...content);
}

/** @param anchor where x is: `start`, `middle` or `end` of the words */
export function text(
  x: number,
  y: number,
  words: string | number,
  anchor: 'start' | 'middle' | 'end' = 'start',
  attributes: SvgAttributes = {},
): Svg {
  return element('text', { x, y, 'text-anchor': anchor, ...attributes }, words);
}

/** Pairs of x and y as `points` of polygons and polylines. */
export function points(pairs: readonly (readonly [number, number])[]): string {
  return pairs.map(([x, y]) => `${rounded(x)},${rounded(y)}`).join(' ');
}

function inner(content: SvgContent): string {
  if (typeof content === 'string' || typeof content === 'number') return escape(content);
  return 'svg' in content ? content.svg : content.map(inner).join('');
}

function rounded(value: string | number): string | number {
  return typeof value === 'number' ? Math.round(value * 10) / 10 : value;
}

function escape(value: string | number): string {
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
