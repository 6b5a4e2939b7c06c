// Pictures without a digit: empty ones, dots, noise, scenes and scribbles. Each from random numbers alone.
import * as scene from './scene.mjs';

const colour = (random) => [random.uniform(), random.uniform(), random.uniform()];
const size = (random) => [random.uniform(100, 500), random.uniform(100, 500)].map(Math.round);

export const blank = {
  white: () => scene.sheet(280, 280, [1, 1, 1]),
  black: () => scene.sheet(280, 280, [0, 0, 0]),
  'one colour': (random) => scene.sheet(...size(random), colour(random)),
  transparent: () => ({ width: 200, height: 200, data: new Uint8ClampedArray(200 * 200 * 4) }),
  'empty paper, photographed': (random) => {
    const sheet = scene.sheet(...size(random), [0.92, 0.91, 0.88]);
    const [a, b] = [random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5)];
    scene.shade(sheet, (x, y) => 0.75 + a * (x - 0.5) + b * (y - 0.5));
    scene.noise(sheet, random, random.uniform(0.005, 0.03));
    return sheet;
  },
  '28 x 28, black': () => scene.sheet(28, 28, [0, 0, 0]),
};

export const dots = {
  'one dot': (random) => {
    const sheet = scene.sheet(280, 280, random.uniform() < 0.5 ? [1, 1, 1] : [0, 0, 0]);
    const dot = scene.fromStrokes(
      [
        [
          { x: 0, y: 0 },
          { x: 0.01, y: 0 },
        ],
      ],
      2,
      random.uniform(2, 40),
    );
    const ink = sheet.data[0] === 1 ? [0, 0, 0] : [1, 1, 1];
    scene.draw(sheet, dot, random.below(240), random.below(240), ink);
    return sheet;
  },
};

export const noise = {
  'white noise, grey': (random) => randomPixels(random, 28, 28, true),
  'white noise, colours': (random) => randomPixels(random, ...size(random), false),
  'noise on paper': (random) => {
    const sheet = scene.sheet(...size(random), [0.7, 0.7, 0.7]);
    scene.noise(sheet, random, random.uniform(0.05, 0.3));
    return sheet;
  },
  blotches: (random) => {
    const [width, height] = size(random);
    const sheet = scene.sheet(width, height, [0.5, 0.5, 0.5]);
    for (const grain of [80, 40, 20, 10]) {
      const at = scene.blotches(random, width, height, grain);
      shift(sheet, (x, y) => at(x, y) * 0.16);
    }
    return sheet;
  },
  'salt and pepper, 28 x 28': (random) => {
    const sheet = scene.sheet(28, 28, [0, 0, 0]);
    const share = random.uniform(0.05, 0.5);
    for (let i = 0; i < 784; i++) if (random.uniform() < share) sheet.data.fill(1, 3 * i, 3 * i + 3);
    return sheet;
  },
};

function shift(sheet, by) {
  for (let y = 0; y < sheet.height; y++) {
    for (let x = 0; x < sheet.width; x++) {
      const value = by(x, y);
      for (let c = 0; c < 3; c++) sheet.data[(y * sheet.width + x) * 3 + c] += value;
    }
  }
}

function randomPixels(random, width, height, grey) {
  const sheet = scene.sheet(width, height, [0, 0, 0]);
  for (let i = 0; i < sheet.data.length; i += 3) {
    const value = random.uniform();
    for (let c = 0; c < 3; c++) sheet.data[i + c] = grey ? value : random.uniform();
  }
  return sheet;
}

/** Scenes as cameras see them: things of many sizes before each other, with light, blur and noise. */
export const scenes = {
  // Lee, Mumford and Huang 2001: discs of scale-free sizes over each other have the statistics of natural images.
  'dead leaves': (random) => finish(random, leaves(random)),
  boxes: (random) => finish(random, boxes(random)),
  'sky and ground': (random) => {
    const [width, height] = size(random);
    const sheet = scene.sheet(width, height, colour(random));
    const ground = colour(random);
    const edge = scene.blotches(random, width, 1, 40);
    const horizon = height * random.uniform(0.3, 0.7);
    const grain = scene.blotches(random, width, height, 6);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (y < horizon + 30 * edge(x, 0)) continue;
        for (let c = 0; c < 3; c++) sheet.data[(y * width + x) * 3 + c] = ground[c] + 0.2 * grain(x, y);
      }
    }
    return finish(random, sheet);
  },
  stripes: (random) => {
    const sheet = scene.sheet(...size(random), colour(random));
    const gap = random.uniform(8, 60);
    scene.rule(sheet, {
      gap,
      offset: 0,
      thick: gap / 2,
      colour: colour(random),
      strength: 1,
      slope: random.uniform(-1, 1),
    });
    return finish(random, sheet);
  },
};

function leaves(random) {
  const [width, height] = size(random);
  const sheet = scene.sheet(width, height, colour(random));
  for (let k = 0; k < 150; k++) {
    const radius = Math.min(width / 2, 6 / Math.sqrt(1 - random.uniform(0, 0.999)));
    const disc = scene.fromStrokes(
      [
        [
          { x: 0, y: 0 },
          { x: 0.1, y: 0 },
        ],
      ],
      2,
      2 * radius,
    );
    const place = (extent) => Math.round(random.uniform(-radius * 2, extent));
    scene.draw(sheet, disc, place(width), place(height), colour(random));
  }
  return sheet;
}

function boxes(random) {
  const [width, height] = size(random);
  const sheet = scene.sheet(width, height, colour(random));
  for (let k = 0; k < 25; k++) {
    const [w, h] = [random.uniform(5, width / 1.5), random.uniform(5, height / 1.5)].map(Math.round);
    const box = { width: w, height: h, data: new Float32Array(w * h).fill(1) };
    scene.draw(sheet, box, random.below(width) - (w >> 1), random.below(height) - (h >> 1), colour(random));
  }
  return sheet;
}

function finish(random, sheet) {
  scene.blur(sheet, random.below(3));
  scene.shade(sheet, (x) => 0.7 + 0.3 * x);
  scene.noise(sheet, random, 0.015);
  return sheet;
}

export const scribbles = {
  'filled scribble': (random) => scribble(random, 40, 14),
  'tangle of lines': (random) => scribble(random, 22, 4),
  hatching: (random) => {
    const sheet = scene.sheet(280, 280, [1, 1, 1]);
    for (let k = 0; k < 9; k++) {
      const line = [
        { x: 0.1, y: k / 9 },
        { x: 0.9, y: k / 9 + random.uniform(-0.1, 0.1) },
      ];
      scene.draw(sheet, scene.fromStrokes([line], 150, 5), 60, 60, [0, 0, 0]);
    }
    return sheet;
  },
};

function scribble(random, corners, pen) {
  const sheet = scene.sheet(280, 280, [1, 1, 1]);
  const line = Array.from({ length: corners }, () => ({ x: random.uniform(), y: random.uniform() }));
  scene.draw(
    sheet,
    scene.fromStrokes([line], random.uniform(80, 200), pen),
    random.below(60),
    random.below(60),
    [0, 0, 0],
  );
  return sheet;
}
