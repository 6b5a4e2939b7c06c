import { cos, sin } from '../../numeric/exactMath.js';

/** A place in the unit square: x to the right, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A control point of a stroke; at a corner the pen changes direction at once, elsewhere the curve is smooth. */
export interface Control extends Point {
  readonly corner?: boolean;
}

export const at = (x: number, y: number): Control => ({ x, y });
export const corner = (x: number, y: number): Control => ({ x, y, corner: true });

const RADIANS = 0.017453292519943295;

/**
 * Control points along an ellipse, from one angle to another in degrees as on a clock face: 0 is the top, 90 the right,
 * 180 the bottom; a falling angle runs counter-clockwise. `drift` makes it a spiral: the radii have changed by this
 * fraction at the end.
 */
export function arc(centre: Point, radiusX: number, radiusY: number, from: number, to: number, drift = 0): Control[] {
  const steps = Math.max(2, Math.ceil(Math.abs(to - from) / 50));
  const points: Control[] = [];
  for (let i = 0; i <= steps; i++) {
    const fraction = i / steps;
    const angle = (from + (to - from) * fraction) * RADIANS;
    const scale = 1 + drift * fraction;
    points.push(at(centre.x + radiusX * scale * sin(angle), centre.y - radiusY * scale * cos(angle)));
  }
  return points;
}

/**
 * Points along a Catmull-Rom spline through the controls (centripetal, which makes no loops of its own), about `spacing`
 * apart; corners split it.
 */
export function spline(controls: readonly Control[], spacing: number): Point[] {
  const first = controls[0];
  if (first === undefined) return [];
  const points: Point[] = [{ x: first.x, y: first.y }];
  for (let i = 0; i + 1 < controls.length; i++) {
    const from = controls[i]!;
    const to = controls[i + 1]!;
    const before = from.corner === true ? undefined : controls[i - 1];
    const after = to.corner === true ? undefined : controls[i + 2];
    appendPiece(points, before, from, to, after, spacing);
  }
  return points;
}

function appendPiece(
  points: Point[],
  before: Point | undefined,
  from: Point,
  to: Point,
  after: Point | undefined,
  spacing: number,
): void {
  const length = distance(from, to);
  if (length === 0) return;
  const known = { start: before && handle(before, from, to), end: after && handle(after, to, from) };
  const start = known.start ?? evenHandle(from, to, known.end);
  const end = known.end ?? evenHandle(to, from, known.start);
  const steps = Math.max(1, Math.ceil(length / spacing));
  for (let step = 1; step <= steps; step++) {
    const t = step / steps;
    const u = 1 - t;
    const a = u * u * u;
    const b = 3 * u * u * t;
    const c = 3 * u * t * t;
    const d = t * t * t;
    points.push({
      x: a * from.x + b * (from.x + start.x) + c * (to.x + end.x) + d * to.x,
      y: a * from.y + b * (from.y + start.y) + c * (to.y + end.y) + d * to.y,
    });
  }
}

/** The Bezier handle at `here`, relative to it, of the piece that leads to `there` after coming from `behind`. */
function handle(behind: Point, here: Point, there: Point): Point | undefined {
  const past = Math.sqrt(distance(behind, here));
  const ahead = Math.sqrt(distance(here, there));
  if (past === 0) return undefined;
  const sum = past + ahead;
  const along = (b: number, h: number, t: number) => (ahead / 3) * ((h - b) / past - (t - b) / sum + (t - h) / ahead);
  return { x: along(behind.x, here.x, there.x), y: along(behind.y, here.y, there.y) };
}

/** The handle at a stroke's end or corner: with it the piece is the parabola that its other handle defines. */
function evenHandle(here: Point, there: Point, other: Point | undefined): Point {
  const way = { x: there.x - here.x, y: there.y - here.y };
  if (other === undefined) return { x: way.x / 3, y: way.y / 3 };
  return { x: (2 / 3) * way.x + other.x, y: (2 / 3) * way.y + other.y };
}

function distance(a: Point, b: Point): number {
  const x = a.x - b.x;
  const y = a.y - b.y;
  return Math.sqrt(x * x + y * y);
}
