/** How many colours a stream shows: none, the terminal's own 16, 256, or all. */
export type ColorDepth = 'none' | '16' | '256' | 'all';

type Paint = (text: string) => string;

/** Texts with colours where the stream shows them, plain elsewhere. */
export interface Style {
  readonly depth: ColorDepth;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly accent: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
}

/** Node's own reading of the environment: NO_COLOR, FORCE_COLOR, TERM, COLORTERM and so on. */
export function colorDepth(stream: NodeJS.WriteStream): ColorDepth {
  if (!stream.isTTY || process.env['NO_COLOR']) return 'none';
  const bits = stream.getColorDepth();
  return bits >= 24 ? 'all' : bits >= 8 ? '256' : bits >= 4 ? '16' : 'none';
}

export function styleOf(depth: ColorDepth): Style {
  const paint = (on: number, off: number): Paint =>
    depth === 'none' ? (text) => text : (text) => `\u001b[${on}m${text}\u001b[${off}m`;
  return {
    depth,
    bold: paint(1, 22),
    dim: paint(2, 22),
    accent: paint(36, 39),
    good: paint(32, 39),
    bad: paint(31, 39),
    warn: paint(33, 39),
  };
}
