// Letters as strokes of a pen, written by many hands: what a network that tells digits from other signs learns from.
// On a grid of 4 x 6, y downwards, 0 the top of capitals and 6 the line; lower-case letters begin at 2.
// A line is a list of points; `c` marks an arc: [centre x, centre y, radius x, radius y, from, to], in degrees, 0 to the
// right and clockwise.
const arc = (x, y, rx, ry, from, to) => {
  const steps = Math.max(4, Math.ceil(Math.abs(to - from) / 20));
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });
};

export const STROKES = {
  A: [
    [
      [0, 6],
      [2, 0],
      [4, 6],
    ],
    [
      [0.8, 3.8],
      [3.2, 3.8],
    ],
  ],
  C: [arc(2.2, 3, 2.2, 3, -40, -320)],
  D: [
    [
      [0, 0],
      [0, 6],
    ],
    [[0, 0], ...arc(1.5, 3, 2.3, 3, -90, 90), [0, 6]],
  ],
  E: [
    [
      [4, 0],
      [0, 0],
      [0, 6],
      [4, 6],
    ],
    [
      [0, 3],
      [3, 3],
    ],
  ],
  F: [
    [
      [4, 0],
      [0, 0],
      [0, 6],
    ],
    [
      [0, 3],
      [3, 3],
    ],
  ],
  G: [
    [...arc(2.2, 3, 2.2, 3, -40, -340), [4.3, 3.4], [2.6, 3.4]],
    [
      [4.3, 3.4],
      [4.3, 6],
    ],
  ],
  H: [
    [
      [0, 0],
      [0, 6],
    ],
    [
      [4, 0],
      [4, 6],
    ],
    [
      [0, 3],
      [4, 3],
    ],
  ],
  J: [[[3, 0], [3, 4.5], ...arc(1.5, 4.5, 1.5, 1.5, 0, 160)]],
  K: [
    [
      [0, 0],
      [0, 6],
    ],
    [
      [4, 0],
      [0, 3.4],
    ],
    [
      [1.2, 2.6],
      [4, 6],
    ],
  ],
  L: [
    [
      [0, 0],
      [0, 6],
      [3.4, 6],
    ],
  ],
  M: [
    [
      [0, 6],
      [0, 0],
      [2.2, 4.5],
      [4.4, 0],
      [4.4, 6],
    ],
  ],
  N: [
    [
      [0, 6],
      [0, 0],
      [4, 6],
      [4, 0],
    ],
  ],
  P: [
    [
      [0, 6],
      [0, 0],
    ],
    [[0, 0], ...arc(2, 1.6, 1.9, 1.6, -90, 90), [0, 3.2]],
  ],
  Q: [
    arc(2.2, 3, 2.2, 3, -90, 270),
    [
      [2.4, 4.2],
      [4.4, 6.6],
    ],
  ],
  R: [
    [
      [0, 6],
      [0, 0],
    ],
    [[0, 0], ...arc(2, 1.6, 1.9, 1.6, -90, 90), [0, 3.2]],
    [
      [1.8, 3.2],
      [4, 6],
    ],
  ],
  T: [
    [
      [0, 0],
      [4.4, 0],
    ],
    [
      [2.2, 0],
      [2.2, 6],
    ],
  ],
  U: [[[0, 0], [0, 4], ...arc(2, 4, 2, 2, 180, 0), [4, 0]]],
  V: [
    [
      [0, 0],
      [2, 6],
      [4, 0],
    ],
  ],
  W: [
    [
      [0, 0],
      [1.4, 6],
      [2.8, 1.5],
      [4.2, 6],
      [5.6, 0],
    ],
  ],
  X: [
    [
      [0, 0],
      [4, 6],
    ],
    [
      [4, 0],
      [0, 6],
    ],
  ],
  Y: [
    [
      [0, 0],
      [2, 3],
      [4, 0],
    ],
    [
      [2, 3],
      [2, 6],
    ],
  ],
  a: [
    [...arc(1.8, 3.3, 1.5, 1.2, 200, 360), [3.3, 6]],
    [[3.3, 4], ...arc(1.6, 4.9, 1.5, 1.1, -60, -350), [3.3, 5]],
  ],
  c: [arc(1.8, 4, 1.8, 2, -40, -320)],
  d: [
    [
      [3.4, 0],
      [3.4, 6],
    ],
    arc(1.8, 4, 1.6, 2, 0, 360),
  ],
  e: [[[0.1, 4], [3.5, 4], ...arc(1.8, 4, 1.7, 2, 0, -300)]],
  f: [
    [...arc(2.4, 1.3, 1.2, 1.2, -30, -180), [1.2, 6]],
    [
      [0, 2.4],
      [2.8, 2.4],
    ],
  ],
  h: [
    [
      [0, 0],
      [0, 6],
    ],
    [[0, 3.6], ...arc(1.6, 3.6, 1.6, 1.5, 180, 360), [3.2, 6]],
  ],
  i: [
    [
      [0, 2.2],
      [0, 6],
    ],
    [
      [0, 0.4],
      [0, 0.6],
    ],
  ],
  j: [
    [[1.4, 2.2], [1.4, 6.6], ...arc(0.3, 6.6, 1.1, 1.1, 0, 140)],
    [
      [1.4, 0.4],
      [1.4, 0.6],
    ],
  ],
  k: [
    [
      [0, 0],
      [0, 6],
    ],
    [
      [3, 2.2],
      [0, 4.4],
    ],
    [
      [1, 3.8],
      [3.2, 6],
    ],
  ],
  m: [
    [
      [0, 2.2],
      [0, 6],
    ],
    [[0, 3.6], ...arc(1.1, 3.5, 1.1, 1.3, 180, 360), [2.2, 6]],
    [[2.2, 3.6], ...arc(3.3, 3.5, 1.1, 1.3, 180, 360), [4.4, 6]],
  ],
  n: [
    [
      [0, 2.2],
      [0, 6],
    ],
    [[0, 3.6], ...arc(1.5, 3.6, 1.5, 1.4, 180, 360), [3, 6]],
  ],
  p: [
    [
      [0, 2.2],
      [0, 8],
    ],
    arc(1.7, 4, 1.7, 1.9, 180, 540),
  ],
  r: [
    [
      [0, 2.2],
      [0, 6],
    ],
    [[0, 3.8], ...arc(1.6, 3.7, 1.6, 1.5, 180, 310)],
  ],
  t: [
    [[1.2, 0.6], [1.2, 4.8], ...arc(2.3, 4.8, 1.1, 1.2, 180, 60)],
    [
      [0, 2.3],
      [2.9, 2.3],
    ],
  ],
  u: [
    [[0, 2.2], [0, 4.4], ...arc(1.5, 4.4, 1.5, 1.6, 180, 0)],
    [
      [3, 2.2],
      [3, 6],
    ],
  ],
  v: [
    [
      [0, 2.2],
      [1.6, 6],
      [3.2, 2.2],
    ],
  ],
  w: [
    [
      [0, 2.2],
      [1.1, 6],
      [2.2, 3],
      [3.3, 6],
      [4.4, 2.2],
    ],
  ],
  x: [
    [
      [0, 2.2],
      [3, 6],
    ],
    [
      [3, 2.2],
      [0, 6],
    ],
  ],
  y: [
    [
      [0, 2.2],
      [1.7, 5.9],
    ],
    [
      [3.4, 2.2],
      [1.7, 5.9],
      [0.9, 7.6],
      [0, 8],
    ],
  ],
};

/** One letter as this hand writes it: strokes for `fromStrokes`, in the unit square. Some hands write serifs. */
export function writeLetter(letter, random) {
  const serifs = random.uniform() < 0.4 ? random.uniform(0.4, 1) : 0;
  const lines = STROKES[letter].map((line) => line.map(([x, y]) => ({ x, y })));
  if (serifs > 0) {
    for (const line of [...lines]) {
      for (const end of [line[0], line.at(-1)]) {
        const near = end === line[0] ? line[1] : line.at(-2);
        // On upright strokes only.
        if (Math.abs(end.x - near.x) > 0.6 * Math.abs(end.y - near.y)) continue;
        lines.push([
          { x: end.x - serifs, y: end.y },
          { x: end.x + serifs, y: end.y },
        ]);
      }
    }
  }
  const jitter = random.uniform(0, 0.25);
  const [a, d] = [random.uniform(0.7, 1.25), 1];
  const slant = random.uniform(-0.15, 0.35);
  const turn = random.uniform(-0.12, 0.12);
  const moved = lines.map((line) =>
    line.map(({ x, y }) => {
      const px = x + random.uniform(-jitter, jitter);
      const py = y + random.uniform(-jitter, jitter);
      const sx = a * px - slant * py;
      return { x: sx - turn * py, y: d * py + turn * sx };
    }),
  );
  const all = moved.flat();
  const [left, top] = [Math.min(...all.map(({ x }) => x)), Math.min(...all.map(({ y }) => y))];
  const extent = Math.max(...all.map(({ x }) => x - left), ...all.map(({ y }) => y - top)) || 1;
  return moved.map((line) => line.map(({ x, y }) => ({ x: (x - left) / extent, y: (y - top) / extent })));
}
