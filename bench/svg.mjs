// How the pictures of the benchmarks look.
import { element } from '../dist/cli/svg.js';

export { element, group, points, text } from '../dist/cli/svg.js';

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
  return `${element('svg', attributes, element('rect', { width, height, fill: '#fff' }), ...content).svg}\n`;
}

export const heading = { 'font-size': 15, 'font-weight': 600 };
export const quiet = { fill: '#666', 'font-size': 12 };

/** Blue from light (0) to dark (1). */
export function blue(depth) {
  const mix = (light, dark) => Math.round(light + (dark - light) * depth);
  return `rgb(${mix(150, 22)} ${mix(190, 78)} ${mix(235, 150)})`;
}
