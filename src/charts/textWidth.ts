/** Widths of characters in ems, a little above those of the usual system fonts. */
const NARROW = /[ijlft.,:;'|!()[\]\s]/;
const WIDE = /[mwMW@%—→]/;
const CAPITAL = /[A-Z+−=<>]/;

/** About how many pixels a text takes; rather too many. */
export function textWidth(text: string, size = 12): number {
  let ems = 0;
  for (const char of text) {
    if (NARROW.test(char)) ems += 0.34;
    else if (WIDE.test(char)) ems += 0.9;
    else if (CAPITAL.test(char)) ems += 0.68;
    else ems += char > '\u2e80' ? 1 : 0.58;
  }
  return size * ems;
}

/** Of several texts, the widest. */
export function widest(texts: readonly string[], size = 12): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text, size)), 0);
}

/** `text`, or its beginning and an ellipsis, in so many pixels. */
export function fitted(text: string, width: number, size = 12): string {
  if (textWidth(text, size) <= width) return text;
  const chars = [...text];
  while (chars.length > 1 && textWidth(`${chars.join('')}…`, size) > width) chars.pop();
  return `${chars.join('').trimEnd()}…`;
}
