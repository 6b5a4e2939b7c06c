import { effect, type Signal, signal } from '@preact/signals';

/** View and settings live in the URL: whoever gets the link sees the same. Each is a signal. */

interface Parameter {
  readonly read: (text: string | null) => void;
  readonly write: (parameters: URLSearchParams) => void;
}

export interface Codec<T> {
  /** Undefined for a text that says nothing sensible: then the default holds. */
  parse(text: string): T | undefined;
  format(value: T): string;
}

const parameters = new Map<string, Parameter>();
const current = (): URLSearchParams => new URLSearchParams(location.search);

/** A setting that the URL keeps under this name; its default is left out there. */
export function urlSignal<T>(name: string, initial: T, { parse, format }: Codec<T>): Signal<T> {
  const parsed = (text: string | null): T => (text === null ? undefined : parse(text)) ?? initial;
  const setting = signal(parsed(current().get(name)));
  parameters.set(name, {
    read: (text) => (setting.value = parsed(text)),
    write(query) {
      const text = format(setting.peek());
      if (text === format(initial)) query.delete(name);
      else query.set(name, text);
    },
  });
  effect(() => {
    setting.value;
    show();
  });
  return setting;
}

/** One of some words. */
export function oneOf<const T extends string>(...words: readonly T[]): Codec<T> {
  return { parse: (text) => words.find((word) => word === text), format: (word) => word };
}

/** A number in a range. */
export function numberFrom(low: number, high: number): Codec<number> {
  return {
    parse(text) {
      const value = Number(text);
      return text.trim() !== '' && value >= low && value <= high ? value : undefined;
    },
    format: (value) => String(value),
  };
}

/** Makes the present state a place that the browser's "back" returns to; the next change is of a new place. */
export function leave(): void {
  history.pushState(null, '', location.href);
}

function show(): void {
  const query = current();
  for (const { write } of parameters.values()) write(query);
  const text = query.toString();
  const search = text === '' ? '' : `?${text}`;
  if (search !== location.search) history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
}

addEventListener('popstate', () => {
  const query = current();
  for (const [name, { read }] of parameters) read(query.get(name));
});
