// How the pictures of the benchmarks look.
import { element as one } from '../dist/charts/document.js';

/** `element('text', { x: 1 }, 'a')`; lists of content are taken one after the other. */
export function element(name, attributes, ...content) {
  return one(
    name,
    attributes,
    ...content.flat(Infinity).map((child) => (typeof child === 'number' ? String(child) : child)),
  );
}

export function group(x, y, ...content) {
  return element('g', { transform: `translate(${x} ${y})` }, ...content);
}

/** The anchor is where x is: `start`, `middle` or `end` of the words. */
export function text(x, y, words, anchor = 'start', attributes = {}) {
  return element('text', { x, y, 'text-anchor': anchor, ...attributes }, words);
}

/** Pairs of x and y as `points` of polygons and polylines. */
export function points(pairs) {
  return pairs.map(([x, y]) => `${x},${y}`).join(' ');
}

/** A whole picture on white. */
export function document(width, height, ...content) {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    'font-family': 'system-ui, "Segoe UI", Helvetica, Arial, sans-serif',
    'font-size': 13,
    fill: '#222',
  };
  return `${element('svg', attributes, element('rect', { width, height, fill: '#fff' }), ...content).toString()}\n`;
}

export const heading = { 'font-size': 15, 'font-weight': 600 };
export const quiet = { fill: '#666', 'font-size': 12 };

/** Blue from light (0) to dark (1). */
export function blue(depth) {
  const mix = (light, dark) => Math.round(light + (dark - light) * depth);
  return `rgb(${mix(150, 22)} ${mix(190, 78)} ${mix(235, 150)})`;
}
