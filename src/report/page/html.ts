/** HTML as text. Only what `html` and `trusted` made is taken as it is; every other value is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

/** Lists are taken one after the other; undefined and false are nothing. */
export type Content = Html | string | number | undefined | false | readonly Content[];

/** HTML with values in it: html`<p title="${title}">${words}</p>`. Attributes must stand in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.map((part, i) => part + (i < values.length ? textOf(values[i]) : '')).join(''));
}

/** Text that is HTML already, made by code of ours such as a chart. */
export function trusted(text: string): Html {
  return new Html(text);
}

function textOf(value: Content): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map(textOf).join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A value as JSON that may stand inside a script element: `<` is written as an escape. */
export function jsonText(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028'));
}
