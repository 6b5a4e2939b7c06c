export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve's parts between two heights; a point that is no number stands between the parts. */
export function clipped(points: readonly Point[], low: number, high: number): Point[] {
  const kept: Point[] = [];
  points.forEach((point, i) => {
    const before = points[i - 1];
    if (before) kept.push(...crossings(before, point, low, high));
    if (point.y >= low && point.y <= high) kept.push(point);
    else kept.push({ x: point.x, y: NaN });
  });
  return kept;
}

/** Where the line between two points goes through a height, in order. */
function crossings(a: Point, b: Point, ...heights: readonly number[]): Point[] {
  return heights
    .filter((height) => (a.y < height && height < b.y) || (b.y < height && height < a.y))
    .sort((one, other) => (a.y < b.y ? one - other : other - one))
    .map((height) => ({ x: a.x + ((b.x - a.x) * (height - a.y)) / (b.y - a.y), y: height }));
}
