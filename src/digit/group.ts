import type { Component } from './components.js';
import { type Box, longSide, type Plane } from './picture.js';

/** Components that together are one sign. */
export interface Group extends Box {
  readonly components: readonly Component[];
  /** The sum of the ink of all. */
  readonly ink: number;
}

export interface Groups {
  /** The group to read; undefined if there is none. */
  readonly main: Group | undefined;
  /** All groups of about the main one's size, from left to right, the main one among them. */
  readonly signs: readonly Group[];
  /** The sum of the ink of the main group and of all that touches no edge, specks included. */
  readonly ink: number;
  /** How many components are large enough, beside the main group, to be more than specks. */
  readonly pieces: number;
  /** How many are not. */
  readonly specks: number;
}

/** A component with less than this share of the largest one's ink and size is a speck. */
const SPECK_INK = 0.02;
const SPECK_SIZE = 0.12;
/** What is smaller than this, in sizes of the main group, and has less than this share of its ink, is no sign. */
const PIECE_SIZE = 0.2;
const PIECE_INK = 0.05;
/** So many components at most are looked at, the largest: texture has thousands. */
const MOST = 80;
/** Parts one above the other belong together up to this gap, in sizes of the larger one; beside each other up to that. */
const GAP_ABOVE = 0.25;
const GAP_BESIDE = 0.12;
/** A part as tall as this share of its neighbour stands for itself, unless both nearly touch. */
const TALL = 0.55;
const GAP_TALL = 0.04;
/** A sign of more parts than this is joined again, up to this share of those gaps: print may stand close to it. */
const MANY_PARTS = 4;
const CLOSER = 0.25;
/** The sign joined again must keep this share of the ink. */
const KEPT = 0.6;
/** The part of its ink that a group counts with by the edges of the picture it touches: it may be a shadow or the table. */
const EDGE_WEIGHTS = [1, 0.1, 0.03, 0.005, 0.002];
/** What touches the edge belongs to strokes only if it has this share of their ink a pixel. */
const FAINT_AT_EDGE = 0.7;

/**
 * Which components to read. Specks are dropped; parts near each other, such as the bar of a 5, are joined to groups; of
 * these the one with the most ink is the main one, what touches the picture's edge counting less.
 */
export function findGroups(components: readonly Component[], ink: Plane): Groups {
  const largest = components.reduce((most, { ink }) => Math.max(most, ink), 0);
  const byInk = [...components].sort((a, b) => b.ink - a.ink || a.label - b.label);
  const size = byInk[0] ? longSide(byInk[0]) : 0;
  const kept = byInk
    .filter((part) => part.ink >= SPECK_INK * largest || longSide(part) >= SPECK_SIZE * size)
    .slice(0, MOST);
  const atEdge = (part: Component): boolean => edgesTouched(part, ink) > 0;
  const weight = (group: Group): number => group.ink * EDGE_WEIGHTS[edgesTouched(group, ink)]!;
  const heaviest = (groups: readonly Group[]): Group | undefined =>
    groups.reduce<Group | undefined>(
      (best, group) => (best === undefined || weight(group) > weight(best) ? group : best),
      undefined,
    );
  let groups = join(kept, atEdge, 1);
  let main = heaviest(groups);
  if (main !== undefined && main.components.length > MANY_PARTS) {
    const closer = join(kept, atEdge, CLOSER);
    const other = heaviest(closer)!;
    if (other.ink >= KEPT * main.ink) [groups, main] = [closer, other];
  }
  if (main === undefined) return { main, signs: [], ink: 0, pieces: 0, specks: 0 };
  const read = main;
  const within = (box: Box): boolean => edgesTouched(box, ink) === 0;
  const signs = groups.filter((group) => group === read || (alike(group, read) && within(group)));
  const own = new Set(read.components);
  const seen = components.filter((part) => own.has(part) || within(part));
  const pieces = seen.filter(
    (part) => longSide(part) >= PIECE_SIZE * longSide(read) || part.ink >= PIECE_INK * read.ink,
  ).length;
  return {
    main,
    signs: signs.sort((a, b) => a.left - b.left),
    ink: seen.reduce((sum, component) => sum + component.ink, 0),
    pieces,
    specks: seen.length - pieces,
  };
}

function join(parts: readonly Component[], atEdge: (part: Component) => boolean, reach: number): Group[] {
  const groups: Group[] = [];
  const strength = new Map<Group, number>();
  for (const part of parts) {
    let group: Group = { ...boxOf(part), components: [part], ink: part.ink };
    const own = part.ink / part.area;
    const belongs = (other: Group): boolean =>
      near(group, other, reach) && !(atEdge(part) && own < FAINT_AT_EDGE * strength.get(other)!);
    // A part may close the gap between others, so what it joined is tried again.
    let most = own;
    for (let i = groups.findIndex(belongs); i >= 0; i = groups.findIndex(belongs)) {
      const other = groups.splice(i, 1)[0]!;
      most = Math.max(most, strength.get(other)!);
      group = union(group, other);
    }
    groups.push(group);
    strength.set(group, most);
  }
  return groups;
}

/** Whether two parts are so near that they are one sign's; `reach` is the part of the usual gaps that still is. */
function near(a: Box, b: Box, reach: number): boolean {
  const [larger, smaller] = longSide(a) >= longSide(b) ? [a, b] : [b, a];
  // Small parts are near to what is within their own size.
  const size = longSide(larger);
  const own = Math.max(2, reach * longSide(smaller));
  const gapX = Math.max(a.left, b.left) - Math.min(a.right, b.right);
  const gapY = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
  const narrower = Math.min(a.right - a.left, b.right - b.left);
  // One above the other, or one within the other.
  if (-gapX >= 0.3 * narrower) return gapY <= Math.min(own, reach * GAP_ABOVE * size);
  const tall = smaller.bottom - smaller.top >= TALL * (larger.bottom - larger.top);
  return Math.max(gapX, gapY) <= Math.min(own, reach * (tall ? GAP_TALL : GAP_BESIDE) * size);
}

function union(a: Group, b: Group): Group {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
    components: [...a.components, ...b.components],
    ink: a.ink + b.ink,
  };
}

function boxOf({ left, top, right, bottom }: Box): Box {
  return { left, top, right, bottom };
}

/** How many edges of its plane a box touches, 0 to 4. */
export function edgesTouched({ left, top, right, bottom }: Box, { width, height }: Plane): number {
  return Number(left === 0) + Number(top === 0) + Number(right === width) + Number(bottom === height);
}

/** Whether a group could be another sign of the same writing. */
function alike(group: Group, main: Group): boolean {
  const ratio = (group.bottom - group.top) / (main.bottom - main.top);
  return ratio >= 0.5 && ratio <= 2 && group.ink >= 0.15 * main.ink;
}
