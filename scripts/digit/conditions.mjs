// The conditions under which a known digit is drawn: each a function from a digit's image, its strokes and random
// numbers to a picture. The same seed gives the same picture.
import * as scene from './scene.mjs';

const WHITE = [1, 1, 1];
const BLACK = [0, 0, 0];

/** A drawing somewhere in a picture, all of it inside. */
export function anywhere(random, drawing, width, height) {
  const box = scene.inkBox(drawing);
  const margin = 3;
  const place = (low, high, size) => Math.round(random.uniform(margin - low, size - margin - high));
  return [place(box.left, box.right, width), place(box.top, box.bottom, height)];
}

/** An MNIST image drawn white on a black canvas, or on another sheet in another colour. */
function canvas(image, random, side, { paper = BLACK, ink = WHITE, size = 280, shift = Infinity } = {}) {
  const drawing = scene.fromImage(image, side);
  const sheet = scene.sheet(size, size, paper);
  let [left, top] = anywhere(random, drawing, size, size);
  if (shift < Infinity) {
    left = Math.round((size - drawing.width) / 2 + random.uniform(-shift, shift));
    top = Math.round((size - drawing.height) / 2 + random.uniform(-shift, shift));
  }
  scene.draw(sheet, drawing, left, top, ink);
  return sheet;
}

/** A digit drawn with a pen on a sheet, in a photo: the pen's width is in hundredths of the digit's size. */
export function pen(strokes, random, { paper, ink, width, side, size = 480, ruled, strength = 0.9 }) {
  const large = random.uniform(...side) * size;
  const drawing = scene.fromStrokes(strokes, large, Math.max(1.2, (large * random.uniform(...width)) / 100));
  const { top: highest, bottom: lowest } = scene.inkBox(drawing);
  const height = Math.max(Math.round(size * random.uniform(0.7, 1)), lowest - highest + 8);
  const sheet = scene.sheet(size, height, paper);
  ruled?.(sheet, large);
  const [left, top] = anywhere(random, drawing, sheet.width, sheet.height);
  scene.draw(sheet, drawing, left, top, ink, strength);
  return sheet;
}

export const BALLPOINT = { paper: [0.93, 0.92, 0.89], ink: [0.12, 0.17, 0.5], width: [3, 6], side: [0.25, 0.6] };
const lightness = (random, low, high) => random.uniform(low, high);

export function photo(sheet, random, deviation = 0.012, light = 0.9) {
  scene.shade(sheet, () => light);
  scene.noise(sheet, random, deviation);
  return sheet;
}

export function lines(random, { squared = false } = {}) {
  return (sheet, large) => {
    const gap = large * (squared ? random.uniform(0.25, 0.6) : random.uniform(0.7, 1.3));
    const style = {
      gap,
      thick: random.uniform(1, 2.2),
      colour: random.uniform() < 0.6 ? [0.45, 0.6, 0.85] : [0.55, 0.55, 0.55],
      strength: random.uniform(0.4, 0.9),
    };
    const slope = random.uniform(-0.05, 0.05);
    scene.rule(sheet, { ...style, slope, offset: random.uniform(0, gap) });
    if (squared) scene.rule(sheet, { ...style, slope, offset: random.uniform(0, gap), upright: true });
  };
}

export function shadow(random) {
  const angle = random.uniform(0, 2 * Math.PI);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const depth = random.uniform(0.35, 0.65);
  const soft = random.uniform(0.02, 0.3);
  const offset = random.uniform(-0.25, 0.25);
  return (x, y) => {
    const t = Math.min(1, Math.max(0, ((x - 0.5) * dx + (y - 0.5) * dy - offset) / soft + 0.5));
    return 1 - depth * t * t * (3 - 2 * t);
  };
}

export function gradient(random) {
  const angle = random.uniform(0, 2 * Math.PI);
  const depth = random.uniform(0.5, 0.75);
  return (x, y) => {
    const t = (x - 0.5) * Math.cos(angle) + (y - 0.5) * Math.sin(angle) + 0.5;
    return 1 - depth * Math.min(1, Math.max(0, t));
  };
}

/** Round trips: MNIST images redrawn. */
export const roundTrips = {
  'large, near the centre': (image, random) => canvas(image, random, 200, { shift: 12 }),
  'medium, anywhere': (image, random) => canvas(image, random, 110),
  'small, anywhere': (image, random) => canvas(image, random, 44),
  inverted: (image, random) => canvas(image, random, random.uniform(60, 200), { paper: WHITE, ink: BLACK }),
  shadow: (image, random) => {
    const sheet = canvas(image, random, random.uniform(60, 180), { paper: [0.9, 0.89, 0.86], ink: [0.1, 0.1, 0.14] });
    scene.shade(sheet, shadow(random));
    return photo(sheet, random, 0.008, 1);
  },
  'partly at the edge': (image, random) => {
    const drawing = scene.fromImage(image, 140);
    const sheet = scene.sheet(280, 280, WHITE);
    const box = scene.inkBox(drawing);
    const left = random.uniform() < 0.5 ? -box.left : 280 - box.right;
    scene.draw(sheet, drawing, left, Math.round(random.uniform(-box.top, 280 - box.bottom)), BLACK);
    return sheet;
  },
  JPEG: (image, random) => {
    const sheet = canvas(image, random, random.uniform(60, 180), { paper: WHITE, ink: [0.15, 0.15, 0.15] });
    scene.jpegNoise(sheet, random.uniform(4, 12));
    return sheet;
  },
  'transparent, dark strokes': (image, random) => transparent(image, random, [0, 0, 0]),
  'transparent, light strokes': (image, random) => transparent(image, random, [1, 1, 1]),
};

function transparent(image, random, colour) {
  const drawing = scene.fromImage(image, random.uniform(60, 180));
  return scene.transparentPicture(280, 280, drawing, ...anywhere(random, drawing, 280, 280), colour);
}

/** Digits written with a pen, in photos and scans. */
export const pens = {
  ballpoint: (strokes, random) => photo(pen(strokes, random, BALLPOINT), random),
  'ruled paper': (strokes, random) => photo(pen(strokes, random, { ...BALLPOINT, ruled: lines(random) }), random),
  'squared paper': (strokes, random) =>
    photo(pen(strokes, random, { ...BALLPOINT, ruled: lines(random, { squared: true }) }), random),
  'ruled, in shadow': (strokes, random) => {
    const sheet = pen(strokes, random, { ...BALLPOINT, ruled: lines(random, { squared: random.uniform() < 0.5 }) });
    scene.shade(sheet, shadow(random));
    return photo(sheet, random, 0.01, 1);
  },
  shadow: (strokes, random) => {
    const sheet = pen(strokes, random, BALLPOINT);
    scene.shade(sheet, shadow(random));
    return photo(sheet, random, 0.01, 1);
  },
  'strong gradient': (strokes, random) => {
    const sheet = pen(strokes, random, BALLPOINT);
    scene.shade(sheet, gradient(random));
    return photo(sheet, random, 0.01, 1);
  },
  pencil: (strokes, random) => {
    const paper = lightness(random, 0.8, 0.95);
    const ink = Array(3).fill(paper - random.uniform(0.2, 0.4));
    const grain = scene.blotches(random, 480, 480, 3);
    const style = { paper: [paper, paper, paper * 0.98], ink, width: [2.5, 5], side: [0.25, 0.6] };
    const sheet = pen(strokes, random, {
      ...style,
      strength: (x, y) => Math.min(1, Math.max(0, 0.7 + 0.7 * grain(x, y))),
    });
    return photo(sheet, random, 0.02, 1);
  },
  chalk: (strokes, random) => {
    const board = random.uniform() < 0.5 ? [0.12, 0.25, 0.2] : [0.14, 0.14, 0.15];
    const grain = scene.blotches(random, 480, 480, 3);
    const dust = scene.blotches(random, 480, 480, 90);
    const style = { paper: board, ink: [0.9, 0.9, 0.86], width: [6, 12], side: [0.3, 0.7] };
    const sheet = pen(strokes, random, {
      ...style,
      strength: (x, y) => Math.min(0.95, Math.max(0, 0.65 + 0.7 * grain(x, y))),
    });
    for (let i = 0; i < sheet.data.length; i++) {
      const pixel = Math.floor(i / 3);
      sheet.data[i] += 0.06 * Math.max(0, dust(pixel % sheet.width, Math.floor(pixel / sheet.width)));
    }
    return photo(sheet, random, 0.015, 1);
  },
  marker: (strokes, random) =>
    photo(pen(strokes, random, { ...BALLPOINT, ink: [0.1, 0.1, 0.1], width: [12, 20], side: [0.3, 0.8] }), random),
  'coloured ink and paper': (strokes, random) => {
    const pairs = [
      [
        [0.95, 0.9, 0.4],
        [0.8, 0.1, 0.15],
      ],
      [
        [0.2, 0.3, 0.6],
        [0.95, 0.85, 0.2],
      ],
      [
        [0.7, 0.85, 0.95],
        [0.9, 0.4, 0.1],
      ],
      [
        [0.75, 0.3, 0.3],
        [0.2, 0.5, 0.25],
      ],
      [
        [0.98, 0.8, 0.85],
        [0.3, 0.1, 0.6],
      ],
      [
        [1, 1, 1],
        [0.95, 0.85, 0.2],
      ],
    ];
    const [paper, ink] = pairs[random.below(pairs.length)];
    return photo(pen(strokes, random, { paper, ink, width: [4, 9], side: [0.25, 0.6] }), random);
  },
  'blur and vignette': (strokes, random) => {
    const sheet = pen(strokes, random, { ...BALLPOINT, width: [6, 10] });
    scene.blur(sheet, 1 + random.below(3));
    scene.shade(sheet, (x, y) => 1 - 1.1 * ((x - 0.5) ** 2 + (y - 0.5) ** 2));
    return photo(sheet, random, 0.015, 1);
  },
  'one-pixel paint': (strokes, random) =>
    pen(strokes, random, { paper: WHITE, ink: BLACK, width: [0.4, 0.5], side: [0.3, 0.9], size: 300, strength: 1 }),
  'paper on a table': (strokes, random) => {
    const sheet = scene.sheet(480, 400, [0.35, 0.25, 0.18]);
    const paper = scene.sheet(340, 280, BALLPOINT.paper);
    const drawing = scene.fromStrokes(strokes, random.uniform(90, 190), random.uniform(5, 9));
    scene.draw(paper, drawing, ...anywhere(random, drawing, 340, 280), BALLPOINT.ink, 0.9);
    const [left, top] = [20 + random.below(100), 20 + random.below(80)];
    for (let y = 0; y < 280; y++)
      sheet.data.set(paper.data.subarray(y * 1020, (y + 1) * 1020), ((top + y) * 480 + left) * 3);
    return photo(sheet, random);
  },
  'dust and specks': (strokes, random) => {
    const sheet = pen(strokes, random, BALLPOINT);
    for (let i = 0; i < 60; i++) {
      const dot = scene.fromStrokes(
        [
          [
            { x: 0, y: 0 },
            { x: random.uniform(), y: random.uniform() },
          ],
        ],
        3,
        random.uniform(1, 4),
      );
      scene.draw(
        sheet,
        dot,
        random.below(sheet.width),
        random.below(sheet.height),
        [0.3, 0.3, 0.3],
        random.uniform(0.3, 1),
      );
    }
    return photo(sheet, random);
  },
};
