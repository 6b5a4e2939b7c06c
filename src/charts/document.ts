/**
 * As much of a document as Plot needs to draw into, and its text as SVG. Its numbers are rounded to hundredths of a pixel,
 * which nobody sees, so that the text is short and the same on every machine.
 */

const SVG = 'http://www.w3.org/2000/svg';

type Content = SvgElement | string;

export class SvgElement {
  readonly namespaceURI = SVG;
  readonly attributes = new Map<string, string>();
  readonly childNodes: Content[] = [];
  parentNode: SvgElement | null = null;

  constructor(
    readonly ownerDocument: SvgDocument | null,
    readonly tagName: string,
  ) {}

  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name, String(value));
  }

  setAttributeNS(_namespace: string | null, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.attributes.has(name);
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  appendChild(child: SvgElement): SvgElement {
    return this.insertBefore(child, null);
  }

  insertBefore(child: SvgElement, next: SvgElement | null): SvgElement {
    child.parentNode?.removeChild(child);
    const place = next === null ? -1 : this.childNodes.indexOf(next);
    this.childNodes.splice(place < 0 ? this.childNodes.length : place, 0, child);
    child.parentNode = this;
    return child;
  }

  removeChild(child: SvgElement): SvgElement {
    const place = this.childNodes.indexOf(child);
    if (place >= 0) this.childNodes.splice(place, 1);
    child.parentNode = null;
    return child;
  }

  append(...content: readonly Content[]): void {
    for (const child of content) {
      if (typeof child === 'string') this.childNodes.push(child);
      else this.appendChild(child);
    }
  }

  get textContent(): string {
    return this.childNodes.map((child) => (typeof child === 'string' ? child : child.textContent)).join('');
  }

  set textContent(text: string) {
    this.childNodes.splice(0, this.childNodes.length, text);
  }

  /** As SVG; text is escaped. */
  toString(): string {
    const attributes = [...this.attributes].map(([name, value]) => ` ${name}="${escaped(rounded(name, value))}"`);
    const open = `<${this.tagName}${attributes.join('')}`;
    if (this.childNodes.length === 0) return `${open}/>`;
    const content = this.childNodes.map((child) => (typeof child === 'string' ? escaped(child) : child.toString()));
    return `${open}>${content.join('')}</${this.tagName}>`;
  }
}

export interface SvgDocument {
  readonly documentElement: SvgElement;
  createElementNS(namespace: string, name: string): SvgElement;
}

export function svgDocument(): SvgDocument {
  const document: SvgDocument = {
    get documentElement() {
      return root;
    },
    createElementNS: (_namespace, name) => new SvgElement(document, name),
  };
  const root = new SvgElement(document, 'svg');
  return document;
}

/** `element('text', { x: 1 }, 'a')`; attributes that are undefined are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...content: readonly Content[]
): SvgElement {
  const made = new SvgElement(null, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** Numbers with a fraction, but not those within a word or a colour. */
const FRACTION = /(?<![\w#.])-?(?:\d+\.\d+(?:e[-+]?\d+)?|\d+e-\d+)(?![\w.])|(?<=[A-Za-z,])-?\d+\.\d+(?:e[-+]?\d+)?/g;
const WORDS = new Set(['aria-label', 'class', 'font-family', 'style']);

function rounded(name: string, value: string): string {
  if (WORDS.has(name)) return value;
  return value.replace(FRACTION, (number) => String(Math.round(100 * Number(number)) / 100 + 0));
}

/** What XML cannot hold at all becomes the replacement character. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
