/** How a layer's maps lie on their canvas: tiles of one size, in rows from the left. All in pixels of the screen. */

export interface MapSize {
  readonly height: number;
  readonly width: number;
  /** How many maps. */
  readonly count: number;
}

export interface Tiling extends MapSize {
  /** The side of a map's pixel. */
  readonly scale: number;
  /** Between two maps. */
  readonly gap: number;
  readonly columns: number;
  readonly rows: number;
}

/** A pixel of a map. */
export interface TilePlace {
  readonly map: number;
  readonly row: number;
  readonly column: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A layer's maps: those of units, [units], are of one pixel each. */
export function mapSize(shape: readonly number[]): MapSize {
  const [height, width, count] = shape;
  if (width === undefined || count === undefined) return { height: 1, width: 1, count: height ?? 0 };
  return { height, width, count } as MapSize;
}

/**
 * Fills a width with maps about as wide as wanted, in whole pixels each; in full rows, if the maps get neither much wider
 * nor much narrower by it.
 * @param wanted the width of a map
 */
export function tile(size: MapSize, available: number, wanted: number, gap: number): Tiling {
  const { width, count } = size;
  const fitting = Math.max(1, Math.min(count, Math.floor((available + gap) / (wanted + gap))));
  let columns = Math.min(count, Math.floor(1.25 * fitting));
  while (count % columns !== 0) columns--;
  if (columns < 0.5 * fitting) columns = fitting;
  const room = (available - (columns - 1) * gap) / columns;
  const scale = Math.max(1, Math.min(Math.floor(room / width), Math.ceil((1.5 * wanted) / width)));
  return { ...size, scale, gap, columns, rows: Math.ceil(count / columns) };
}

export function tilingSize({ width, height, scale, gap, columns, rows }: Tiling): { width: number; height: number } {
  return {
    width: columns * (width * scale + gap) - gap,
    height: rows * (height * scale + gap) - gap,
  };
}

/** What is at a point; undefined between the maps. */
export function placeAt(tiling: Tiling, x: number, y: number): TilePlace | undefined {
  const { width, height, scale, gap, columns, count } = tiling;
  const across = Math.floor(x / (width * scale + gap));
  const down = Math.floor(y / (height * scale + gap));
  const column = Math.floor((x - across * (width * scale + gap)) / scale);
  const row = Math.floor((y - down * (height * scale + gap)) / scale);
  const map = down * columns + across;
  if (x < 0 || y < 0 || across >= columns || map >= count || column >= width || row >= height) return undefined;
  return { map, row, column };
}

/** Where rows and columns of a map are; by default all of it. */
export function boxOf(
  { width, height, scale, gap, columns }: Tiling,
  map: number,
  { top, left, rows, columns: across } = { top: 0, left: 0, rows: height, columns: width },
): Box {
  return {
    left: (map % columns) * (width * scale + gap) + left * scale,
    top: Math.floor(map / columns) * (height * scale + gap) + top * scale,
    width: across * scale,
    height: rows * scale,
  };
}

/** One pixel to the right or left, down or up; from the edge of a map to the next map. The same where there is none. */
export function stepped(tiling: Tiling, place: TilePlace, right: number, down: number): TilePlace {
  const { width, height, columns, count } = tiling;
  const x = (place.map % columns) * width + place.column + right;
  const y = Math.floor(place.map / columns) * height + place.row + down;
  const map = Math.floor(y / height) * columns + Math.floor(x / width);
  if (x < 0 || x >= columns * width || y < 0 || map >= count) return place;
  return { map, row: y % height, column: x % width };
}
