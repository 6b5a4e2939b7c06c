/** A pen that is moved by keys, from cell to cell of a grid over the pad: as fine as the network's input. */
export interface GridPen {
  /** 0 to 27, from the left. */
  readonly column: number;
  /** 0 to 27, from the top. */
  readonly row: number;
  readonly down: boolean;
}

export const CELLS = 28;
const LEAP = 4;
/** On the pad, lifted. */
export const MIDDLE: GridPen = { column: 13, row: 13, down: false };

const ways = new Map<string, readonly [right: number, down: number]>([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
]);

/** The pen one cell on, or four; undefined if the key moves nothing. */
export function moved(pen: GridPen, key: string, leaps: boolean): GridPen | undefined {
  const way = ways.get(key);
  if (!way) return undefined;
  const by = leaps ? LEAP : 1;
  return { ...pen, column: onGrid(pen.column + by * way[0]), row: onGrid(pen.row + by * way[1]) };
}

/** The cell's middle: x and y as shares of the pad's side. */
export function pointOf({ column, row }: GridPen): readonly [number, number] {
  return [(column + 0.5) / CELLS, (row + 0.5) / CELLS];
}

export function placeInWords({ column, row }: GridPen): string {
  return `Column ${column + 1}, row ${row + 1}`;
}

function onGrid(cell: number): number {
  return Math.min(CELLS - 1, Math.max(0, cell));
}
