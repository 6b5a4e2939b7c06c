// Pictures of writing, made of parts: a sheet of paper, its ruling, strokes of some pen, light, a camera's faults.
// A scene is RGB in floats, 0 to 1, that grows into the picture that a phone, a scanner or a canvas would give.

/** A sheet of one colour. */
export function sheet(width, height, colour) {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3];
  return { width, height, data };
}

/** How much of each pixel is ink, 0 to 1, of a 28 x 28 image enlarged so that its 20-pixel box has `side` pixels. */
export function fromImage(image, side) {
  const scale = side / 20;
  const size = Math.ceil(28 * scale);
  const data = new Float32Array(size * size);
  // Linear interpolation alone would leave edges as soft as the enlargement; ink has edges.
  const contrast = Math.max(1, scale / 2.5);
  for (let y = 0; y < size; y++) {
    const sy = (y + 0.5) / scale - 0.5;
    for (let x = 0; x < size; x++) {
      const sx = (x + 0.5) / scale - 0.5;
      const value = linear(image, sx, sy) / 255;
      data[y * size + x] = Math.min(1, Math.max(0, contrast === 1 ? value : 0.5 + (value - 0.42) * contrast));
    }
  }
  return { width: size, height: size, data };
}

function linear(image, x, y) {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const at = (px, py) => (px < 0 || py < 0 || px > 27 || py > 27 ? 0 : image[py * 28 + px]);
  const [fx, fy] = [x - x0, y - y0];
  const above = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
  const below = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
  return above * (1 - fy) + below * fy;
}

/** The same of lines in the unit square, drawn `side` pixels large by a pen `pen` pixels wide. */
export function fromStrokes(strokes, side, pen) {
  const margin = Math.ceil(pen / 2) + 2;
  const size = Math.ceil(side) + 2 * margin;
  const data = new Float32Array(size * size);
  for (const line of strokes) {
    for (let k = 1; k < line.length; k++) {
      const [a, b] = [line[k - 1], line[k]].map((p) => ({ x: p.x * side + margin, y: p.y * side + margin }));
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const squared = dx * dx + dy * dy || 1;
      const reach = pen / 2 + 1;
      for (
        let y = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach));
        y <= Math.max(a.y, b.y) + reach && y < size;
        y++
      ) {
        for (
          let x = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach));
          x <= Math.max(a.x, b.x) + reach && x < size;
          x++
        ) {
          const along = Math.min(1, Math.max(0, ((x + 0.5 - a.x) * dx + (y + 0.5 - a.y) * dy) / squared));
          const distance = Math.hypot(x + 0.5 - a.x - along * dx, y + 0.5 - a.y - along * dy);
          const cover = Math.min(1, Math.max(0, pen / 2 + 0.5 - distance));
          data[y * size + x] = Math.max(data[y * size + x], cover);
        }
      }
    }
  }
  return { width: size, height: size, data };
}

/** Where the ink of a drawing is: the box around what is covered by more than a tenth. */
export function inkBox({ width, height, data }) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] < 0.1) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    }
  }
  return { left, top, right, bottom };
}

/** Lays ink of a colour on the scene. `strength` may be a function of the pixel, for the grain of pencil and chalk. */
export function draw(scene, drawing, left, top, colour, strength = 1) {
  for (let y = 0; y < drawing.height; y++) {
    for (let x = 0; x < drawing.width; x++) {
      const [px, py] = [left + x, top + y];
      let cover = drawing.data[y * drawing.width + x];
      if (cover === 0 || px < 0 || py < 0 || px >= scene.width || py >= scene.height) continue;
      cover *= typeof strength === 'function' ? strength(px, py) : strength;
      const i = (py * scene.width + px) * 3;
      for (let c = 0; c < 3; c++) scene.data[i + c] += (colour[c] - scene.data[i + c]) * cover;
    }
  }
}

/** Parallel lines across the whole scene, `gap` pixels apart, `thick` wide, falling by `slope` pixels a pixel. */
export function rule(scene, { gap, offset, thick, colour, strength, slope = 0, upright = false }) {
  for (let y = 0; y < scene.height; y++) {
    for (let x = 0; x < scene.width; x++) {
      const along = upright ? x - slope * y : y + slope * x;
      const from = (((along - offset) % gap) + gap) % gap;
      const cover = strength * Math.min(1, Math.max(0, thick / 2 + 0.5 - Math.min(from, gap - from)));
      if (cover === 0) continue;
      const i = (y * scene.width + x) * 3;
      for (let c = 0; c < 3; c++) scene.data[i + c] += (colour[c] - scene.data[i + c]) * cover;
    }
  }
}

/** Light that multiplies every colour: `light` gives the factor at a place in the unit square. */
export function shade(scene, light) {
  for (let y = 0; y < scene.height; y++) {
    for (let x = 0; x < scene.width; x++) {
      const factor = light((x + 0.5) / scene.width, (y + 0.5) / scene.height);
      const i = (y * scene.width + x) * 3;
      for (let c = 0; c < 3; c++) scene.data[i + c] *= factor;
    }
  }
}

/** Noise of a standard deviation, the same in all channels (a paper's grain) or of each its own (a sensor's). */
export function noise(scene, random, deviation, each = true) {
  for (let i = 0; i < scene.data.length; i += 3) {
    let value = gaussian(random);
    for (let c = 0; c < 3; c++) {
      if (each && c > 0) value = gaussian(random);
      scene.data[i + c] += deviation * value;
    }
  }
}

function gaussian(random) {
  return random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2 + (random.uniform() - 0.5) * 0.6;
}

/** Soft blotches: noise on a coarse grid, interpolated; -1 to 1 at a place in pixels. */
export function blotches(random, width, height, size) {
  const columns = Math.ceil(width / size) + 2;
  const rows = Math.ceil(height / size) + 2;
  const grid = Float32Array.from({ length: columns * rows }, () => random.uniform(-1, 1));
  return (x, y) => {
    const [gx, gy] = [x / size, y / size];
    const [x0, y0] = [Math.floor(gx), Math.floor(gy)];
    const [fx, fy] = [gx - x0, gy - y0].map((t) => t * t * (3 - 2 * t));
    const at = (i, j) => grid[j * columns + i];
    const above = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
    const below = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
    return above * (1 - fy) + below * fy;
  };
}

/** Out of focus: three running means of `radius` pixels in both directions, nearly a Gaussian. */
export function blur(scene, radius) {
  if (radius < 1) return;
  for (let pass = 0; pass < 3; pass++) {
    runningMean(scene, scene.height, scene.width, scene.width * 3, 3, radius);
    runningMean(scene, scene.width, scene.height, 3, scene.width * 3, radius);
  }
}

function runningMean({ data }, lines, length, lineStep, step, radius) {
  const copy = new Float32Array(length);
  for (let line = 0; line < lines; line++) {
    for (let c = 0; c < 3; c++) {
      const start = line * lineStep + c;
      for (let i = 0; i < length; i++) copy[i] = data[start + i * step];
      let sum = 0;
      const at = (i) => copy[Math.min(length - 1, Math.max(0, i))];
      for (let i = -radius; i <= radius; i++) sum += at(i);
      for (let i = 0; i < length; i++) {
        data[start + i * step] = sum / (2 * radius + 1);
        sum += at(i + radius + 1) - at(i - radius);
      }
    }
  }
}

/** What JPEG leaves of a scene: the cosine transform of 8 x 8 blocks, each coefficient rounded, more coarsely the finer. */
export function jpegNoise(scene, coarseness) {
  const cosine = Array.from({ length: 8 }, (_, u) =>
    Array.from(
      { length: 8 },
      (_, x) => Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1) * 0.5,
    ),
  );
  const block = new Float64Array(64);
  const half = new Float64Array(64);
  for (let y0 = 0; y0 + 8 <= scene.height; y0 += 8) {
    for (let x0 = 0; x0 + 8 <= scene.width; x0 += 8) {
      for (let c = 0; c < 3; c++) {
        const at = (x, y) => ((y0 + y) * scene.width + x0 + x) * 3 + c;
        for (let i = 0; i < 64; i++) block[i] = scene.data[at(i % 8, i >> 3)];
        transform(block, half, (u, x) => cosine[u][x]);
        for (let i = 0; i < 64; i++) {
          const step = (coarseness * (1 + (i % 8) + (i >> 3))) / 255;
          block[i] = Math.round(block[i] / step) * step;
        }
        transform(block, half, (x, u) => cosine[u][x]);
        for (let i = 0; i < 64; i++) scene.data[at(i % 8, i >> 3)] = block[i];
      }
    }
  }
}

/** block = M block M', for the 8 x 8 matrix of entries `m(row, column)`. */
function transform(block, half, m) {
  for (let u = 0; u < 8; u++) {
    for (let y = 0; y < 8; y++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += m(u, x) * block[y * 8 + x];
      half[y * 8 + u] = sum;
    }
  }
  for (let v = 0; v < 8; v++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let y = 0; y < 8; y++) sum += m(v, y) * half[y * 8 + u];
      block[v * 8 + u] = sum;
    }
  }
}

/** The scene as an opaque picture. */
export function toPicture({ width, height, data }) {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = Math.round(255 * data[3 * i + c]);
  }
  return { width, height, data: rgba };
}

/** A drawing alone in a transparent picture. */
export function transparentPicture(width, height, drawing, left, top, colour) {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < drawing.height; y++) {
    for (let x = 0; x < drawing.width; x++) {
      const [px, py] = [left + x, top + y];
      const cover = drawing.data[y * drawing.width + x];
      if (cover === 0 || px < 0 || py < 0 || px >= width || py >= height) continue;
      const i = (py * width + px) * 4;
      for (let c = 0; c < 3; c++) rgba[i + c] = Math.round(255 * colour[c]);
      rgba[i + 3] = Math.round(255 * cover);
    }
  }
  return { width, height, data: rgba };
}
