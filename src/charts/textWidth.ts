/** Widths in ems of characters of DejaVu Sans, the widest of the usual system fonts. */
function emsOf(char: string): number {
  if (/[ijl.,:;'|!\s]/.test(char)) return 0.32;
  if (/[frtI()[\]/-]/.test(char)) return 0.41;
  if (/[mwMW@%—…→]/.test(char)) return 0.98;
  if (/[A-Z+−=<>±×]/.test(char)) return 0.75;
  return char > '\u2e80' ? 1 : 0.63;
}

/** About how many pixels a text takes; rather too many. */
export function textWidth(text: string, size = 12): number {
  return size * Array.from(text).reduce((ems, char) => ems + emsOf(char), 0);
}

/** The same for bold text. */
export function boldWidth(text: string, size = 12): number {
  return 1.12 * textWidth(text, size);
}

/** Of several texts, the widest. */
export function widest(texts: readonly string[], size = 12): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text, size)), 0);
}

/** `text`, or its beginning and an ellipsis, in so many pixels. */
export function fitted(text: string, width: number, size = 12): string {
  if (textWidth(text, size) <= width) return text;
  const chars = Array.from(text);
  while (chars.length > 1 && textWidth(`${chars.join('')}…`, size) > width) chars.pop();
  return `${chars.join('').trimEnd()}…`;
}
