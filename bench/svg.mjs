// SVG as text.

/** `element('text', { x: 1 }, 'a')`: content is elements, or words, which are escaped. */
export function element(name, attributes, ...content) {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(rounded(value))}"`);
  return { svg: `<${name}${pairs.join('')}>${content.flat(Infinity).map(inner).join('')}</${name}>` };
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
  return `${element('svg', attributes, element('rect', { width, height, fill: '#fff' }), ...content).svg}\n`;
}

export const group = (x, y, ...content) =>
  element('g', { transform: `translate(${rounded(x)} ${rounded(y)})` }, ...content);

/** @param anchor where x is: `start`, `middle` or `end` of the words */
export const text = (x, y, words, anchor = 'start', attributes = {}) =>
  element('text', { x, y, 'text-anchor': anchor, ...attributes }, words);

const inner = (content) => (typeof content === 'object' ? content.svg : escape(content));
const rounded = (value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value);

function escape(value) {
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

export const points = (pairs) => pairs.map(([x, y]) => `${rounded(x)},${rounded(y)}`).join(' ');

export const heading = { 'font-size': 15, 'font-weight': 600 };
export const quiet = { fill: '#666', 'font-size': 12 };

/** Blue from light (0) to dark (1). */
export function blue(depth) {
  const mix = (light, dark) => Math.round(light + (dark - light) * depth);
  return `rgb(${mix(150, 22)} ${mix(190, 78)} ${mix(235, 150)})`;
}
