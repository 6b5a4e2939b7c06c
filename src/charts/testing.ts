import { DOMParser } from 'linkedom';

/** An element of a parsed chart. */
export interface Parsed {
  readonly tagName: string;
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Parsed>;
}

export function parsed(svg: string): Parsed {
  return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
}

export function all(root: Parsed, selector: string): Parsed[] {
  return [...root.querySelectorAll(selector)];
}

/** Every `<text>`, in order. */
export function words(svg: string): string[] {
  return all(parsed(svg), 'text').map(({ textContent }) => textContent ?? '');
}

/** The pairs of numbers of a path of straight lines. */
export function vertices(path: string): [number, number][] {
  return [...path.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

/** What is drawn for values on an axis: from the labels of its ticks, the pixel of any value. */
export function scaleOf(
  svg: string,
  axis: 'x' | 'y',
  read: (text: string) => number = Number,
): (value: number) => number {
  const ticks = all(parsed(svg), `[aria-label="${axis}-axis tick label"] text`).map((tick) => {
    const [, x, y] = /translate\((-?[\d.]+),(-?[\d.]+)\)/.exec(tick.getAttribute('transform') ?? '') ?? [];
    return { value: read(tick.textContent ?? ''), at: Number(axis === 'x' ? x : y) };
  });
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  return (value) => first.at + ((value - first.value) * (last.at - first.at)) / (last.value - first.value);
}
