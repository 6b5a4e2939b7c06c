const LIGHT = {
  paper: '#ffffff',
  ink: '#1f2328',
  quiet: '#59636e',
  grid: '#e3e6ea',
  1: '#2a419b',
  2: '#a64b05',
  3: '#007f7a',
  4: '#cb67d0',
  5: '#3d2b2b',
  6: '#869f24',
} as const;

const DARK: Readonly<Record<ColourName, string>> = {
  paper: '#0d1117',
  ink: '#e6edf3',
  quiet: '#9aa4af',
  grid: '#2a313a',
  1: '#6cb0f7',
  2: '#f5a03c',
  3: '#408875',
  4: '#a45bfd',
  5: '#ffec58',
  6: '#b5c1b3',
};

export type ColourName = keyof typeof LIGHT;
const COLOUR_NAMES = Object.keys(LIGHT) as ColourName[];
/** How many series have colours of their own; further ones begin again. */
const SERIES_COLOURS = 6;

/**
 * The colours of charts, by the end of the CSS custom property (`--chart-ink`) that a page sets them with; those for light
 * pages are drawn where it sets none. 1 to 6 are of series, and can be told apart with any kind of colour vision; text is
 * in ink, quiet, or 1 to 3.
 */
export const chartColours: Readonly<Record<'light' | 'dark', Readonly<Record<ColourName, string>>>> = {
  light: LIGHT,
  dark: DARK,
};

export function colour(name: ColourName): string {
  return `var(--chart-${name}, ${LIGHT[name]})`;
}

/** @param index of the series, from 0 */
export function seriesColour(index: number): string {
  return colour(((index % SERIES_COLOURS) + 1) as 1 | 2 | 3 | 4 | 5 | 6);
}

/** Of a file of its own: dark where the reader prefers it, light on paper. */
export function standaloneStyle(): string {
  const values = (colours: Readonly<Record<ColourName, string>>): string =>
    COLOUR_NAMES.map((name) => `--chart-${name}:${colours[name]}`).join(';');
  return `:root{${values(LIGHT)}}@media screen and (prefers-color-scheme:dark){:root{${values(DARK)}}}`;
}
