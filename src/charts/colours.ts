/**
 * The colours of all charts are CSS custom properties with these as their fallbacks, so that a page chooses others for
 * dark, or for print. The six of series can be told apart with any kind of colour vision: see colours.test.ts.
 */
export const LIGHT = {
  paper: '#ffffff',
  ink: '#1f2328',
  quiet: '#59636e',
  grid: '#e3e6ea',
  1: '#1f5fa8',
  2: '#b45309',
  3: '#0b7a66',
  4: '#b0267a',
  5: '#6d6a00',
  6: '#4b5563',
} as const;

export const DARK: Readonly<Record<ColourName, string>> = {
  paper: '#0d1117',
  ink: '#e6edf3',
  quiet: '#9aa4af',
  grid: '#2a313a',
  1: '#6cb0f7',
  2: '#f5a03c',
  3: '#3fc9ad',
  4: '#f08ac0',
  5: '#d4cc4a',
  6: '#aab4c0',
};

export type ColourName = keyof typeof LIGHT;
export const COLOUR_NAMES = Object.keys(LIGHT) as ColourName[];
/** How many series have colours of their own; further ones begin again. */
export const SERIES_COLOURS = 6;

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
