// Digits in the troubles that real photos and scans have, beyond paper, pen and light: what lies around them, what shines
// through, what cameras and screens do. Each is a function from strokes and random numbers to a picture.
import { anywhere, BALLPOINT, gradient, photo, shadow } from './conditions.mjs';
import { STROKES, writeLetter } from './letterStrokes.mjs';
import * as scene from './scene.mjs';

/**
 * A digit on a sheet: `under` draws what lies below the ink, and is told where the digit will be.
 * @returns {{ sheet, box }} the sheet, and the ink's box
 */
function written(strokes, random, { paper, ink, width, side, size = 480, under, strength = 0.9, margin }) {
  const large = random.uniform(...side) * size;
  const drawing = scene.fromStrokes(strokes, large, Math.max(1.2, (large * random.uniform(...width)) / 100));
  const inner = scene.inkBox(drawing);
  const extent = (low, high, other) => (margin === undefined ? other : Math.round(high - low + 2 * margin));
  const sheet = scene.sheet(
    extent(inner.left, inner.right, size),
    extent(inner.top, inner.bottom, Math.max(Math.round(size * random.uniform(0.7, 1)), inner.bottom - inner.top + 8)),
    paper,
  );
  const [left, top] =
    margin === undefined
      ? anywhere(random, drawing, sheet.width, sheet.height)
      : [Math.round(margin - inner.left), Math.round(margin - inner.top)];
  const box = { left: left + inner.left, top: top + inner.top, right: left + inner.right, bottom: top + inner.bottom };
  under?.(sheet, box);
  scene.draw(sheet, drawing, left, top, ink, strength);
  return { sheet, box };
}

const cast = (sheet, colour) => {
  for (let i = 0; i < sheet.data.length; i++) sheet.data[i] *= colour[i % 3];
  return sheet;
};

/** Lays a colour on each pixel as much as `cover` says, 0 to 1. */
function lay(sheet, colour, cover) {
  for (let y = 0; y < sheet.height; y++) {
    for (let x = 0; x < sheet.width; x++) {
      const share = Math.min(1, Math.max(0, cover(x, y)));
      if (share === 0) continue;
      const i = (y * sheet.width + x) * 3;
      for (let c = 0; c < 3; c++) sheet.data[i + c] += (colour[c] - sheet.data[i + c]) * share;
    }
  }
}

/** A line between two points, as wide as it says. */
function stroke(sheet, [x0, y0], [x1, y1], thick, colour, strength = 1) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy || 1;
  lay(sheet, colour, (x, y) => {
    const along = Math.min(1, Math.max(0, ((x + 0.5 - x0) * dx + (y + 0.5 - y0) * dy) / squared));
    const distance = Math.hypot(x + 0.5 - x0 - along * dx, y + 0.5 - y0 - along * dy);
    return strength * Math.min(1, Math.max(0, thick / 2 + 0.5 - distance));
  });
}

const letters = Object.keys(STROKES);

/** A line of small letters. */
function print(sheet, random, left, baseline, height, count, colour) {
  for (let k = 0; k < count; k++) {
    if (random.uniform() < 0.15) continue;
    const lines = writeLetter(letters[random.below(letters.length)], random);
    const drawing = scene.fromStrokes(lines, 0.8 * height, Math.max(1, height / 9));
    scene.draw(sheet, drawing, Math.round(left + k * height), Math.round(baseline - height), colour, 0.85);
  }
}

const PENCIL = { paper: [0.9, 0.9, 0.88], ink: [0.45, 0.45, 0.45], width: [2.5, 5], side: [0.3, 0.6] };
const BOARD = { paper: [0.13, 0.22, 0.18], ink: [0.88, 0.88, 0.85], width: [6, 11], side: [0.3, 0.7] };

export const troubles = {
  'warm JPEG photo': (strokes, random) => {
    const { sheet } = written(strokes, random, BALLPOINT);
    cast(sheet, [1, random.uniform(0.75, 0.9), random.uniform(0.45, 0.7)]);
    scene.shade(sheet, gradient(random));
    scene.blur(sheet, 1);
    scene.noise(sheet, random, 0.015);
    scene.jpegNoise(sheet, random.uniform(3, 8));
    return sheet;
  },
  'night photo': (strokes, random) => {
    const { sheet } = written(strokes, random, { ...BALLPOINT, width: [4, 8] });
    return photo(sheet, random, random.uniform(0.02, 0.045), random.uniform(0.25, 0.45));
  },
  'folded sheet': (strokes, random) => {
    const { sheet } = written(strokes, random, BALLPOINT);
    const angle = random.uniform(0, Math.PI);
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const offset = random.uniform(-0.2, 0.2);
    const sides = [random.uniform(0.75, 0.95), random.uniform(0.8, 1)];
    scene.shade(sheet, (x, y) => {
      const from = (x - 0.5) * dx + (y - 0.5) * dy - offset;
      return sides[Number(from > 0)] * (1 - 0.2 * Math.max(0, 1 - Math.abs(from) / 0.006));
    });
    return photo(sheet, random, 0.01, 1);
  },
  'crumpled sheet': (strokes, random) => {
    const { sheet } = written(strokes, random, { ...BALLPOINT, width: [4, 8] });
    const [large, small] = [90, 40].map((grain) => scene.blotches(random, sheet.width, sheet.height, grain));
    scene.shade(sheet, (x, y) => {
      const [px, py] = [x * sheet.width, y * sheet.height];
      return 0.85 + 0.1 * large(px, py) + 0.04 * Math.abs(small(px, py));
    });
    return photo(sheet, random, 0.01, 1);
  },
  'pale graph paper': (strokes, random) => {
    const under = (sheet, box) => {
      const large = Math.max(box.right - box.left, box.bottom - box.top);
      const style = {
        gap: large * random.uniform(0.12, 0.35),
        thick: random.uniform(0.8, 1.6),
        colour: [0.6, 0.75, 0.92],
        strength: random.uniform(0.3, 0.8),
        slope: random.uniform(-0.03, 0.03),
        offset: random.uniform(0, 30),
      };
      scene.rule(sheet, style);
      scene.rule(sheet, { ...style, upright: true });
    };
    return photo(written(strokes, random, { ...BALLPOINT, under }).sheet, random);
  },
  'between two lines': (strokes, random) => {
    const under = (sheet, box) => {
      const thick = random.uniform(1.2, 2.5);
      const gap = box.bottom - box.top - random.uniform(0, 4);
      const colour = random.uniform() < 0.6 ? [0.45, 0.6, 0.85] : [0.4, 0.4, 0.4];
      scene.rule(sheet, { gap, offset: box.top + 1, thick, colour, strength: random.uniform(0.5, 0.9) });
    };
    return photo(written(strokes, random, { ...BALLPOINT, side: [0.25, 0.5], under }).sheet, random);
  },
  'with a margin line': (strokes, random) => {
    const under = (sheet, box) => {
      const at = Math.max(6, box.left - random.uniform(5, 60));
      stroke(sheet, [at, -5], [at + random.uniform(-8, 8), 500], random.uniform(1.5, 3), [0.85, 0.3, 0.35], 0.8);
    };
    return photo(written(strokes, random, { ...BALLPOINT, under }).sheet, random);
  },
  'in a printed box': (strokes, random) => {
    const under = (sheet, box) => {
      const away = random.uniform(8, 40);
      const [left, top, right, bottom] = [box.left - away, box.top - away, box.right + away, box.bottom + away];
      const corners = [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
        [left, top],
      ];
      const [thick, grey] = [random.uniform(1.2, 3), random.uniform(0.1, 0.5)];
      corners.slice(1).forEach((to, k) => stroke(sheet, corners[k], to, thick, [grey, grey, grey]));
    };
    return photo(written(strokes, random, { ...BALLPOINT, side: [0.2, 0.5], under }).sheet, random);
  },
  'print nearby': (strokes, random) => {
    const under = (sheet, box) => {
      const height = (box.bottom - box.top) * random.uniform(0.08, 0.16);
      const above = box.top - height * random.uniform(1.2, 3);
      const baseline = above - height > 0 ? above : box.bottom + height * random.uniform(2.2, 4);
      print(sheet, random, random.uniform(5, 60), baseline, height, 4 + random.below(10), [0.15, 0.15, 0.15]);
    };
    return photo(written(strokes, random, { ...BALLPOINT, under }).sheet, random);
  },
  'felt pen from the back': (strokes, random) => {
    const { sheet, box } = written(strokes, random, { ...BALLPOINT, ink: [0.1, 0.1, 0.12], width: [6, 11] });
    const { strokes: back } = { strokes: writeLetter(letters[random.below(letters.length)], random) };
    const large = random.uniform(80, 200);
    const ghost = scene.fromStrokes(back, large, large * 0.1);
    const layer = scene.sheet(sheet.width, sheet.height, [0, 0, 0]);
    scene.draw(layer, ghost, random.below(sheet.width) - 60, Math.round(box.top + random.uniform(-60, 60)), [1, 1, 1]);
    scene.blur(layer, 2);
    const strength = random.uniform(0.08, 0.2);
    lay(sheet, [0.2, 0.2, 0.25], (x, y) => strength * layer.data[(y * sheet.width + x) * 3]);
    return photo(sheet, random);
  },
  'rubbed out beside': (strokes, random) => {
    const smear = scene.blotches(random, 480, 480, 60);
    const grain = scene.blotches(random, 480, 480, 3);
    const under = (sheet, box) => {
      const [cx, cy] = [box.left + random.uniform(-60, 60), box.bottom + random.uniform(-60, 60)];
      const reach = random.uniform(40, 100);
      lay(sheet, [0.5, 0.5, 0.5], (x, y) => {
        const near = 1 - Math.hypot(x - cx, y - cy) / reach;
        return near <= 0 ? 0 : 0.25 * Math.min(1, 2 * near) * (0.6 + 0.4 * smear(x, y));
      });
    };
    const strength = (x, y) => Math.min(1, Math.max(0.2, 0.8 + 0.5 * grain(x, y)));
    return photo(written(strokes, random, { ...PENCIL, under, strength }).sheet, random, 0.015, 1);
  },
  'smeared board': (strokes, random) => {
    const grain = scene.blotches(random, 480, 480, 3);
    const [wide, narrow] = [70, 25].map((size) => scene.blotches(random, 480, 960, size));
    const amount = random.uniform(0.08, 0.2);
    const under = (sheet) =>
      lay(sheet, [0.8, 0.8, 0.78], (x, y) => amount * Math.max(0, 0.4 + wide(x, y) + 0.3 * narrow(x * 0.4, y * 2)));
    const strength = (x, y) => Math.min(0.95, Math.max(0, 0.7 + 0.6 * grain(x, y)));
    return photo(written(strokes, random, { ...BOARD, under, strength }).sheet, random, 0.015, 1);
  },
  'whiteboard with glare': (strokes, random) => {
    const ink = [
      [0.1, 0.2, 0.7],
      [0.75, 0.1, 0.1],
      [0.1, 0.5, 0.25],
      [0.1, 0.1, 0.1],
    ][random.below(4)];
    const { sheet } = written(strokes, random, { ...BALLPOINT, paper: [0.8, 0.81, 0.8], ink, width: [5, 10] });
    scene.shade(sheet, (x, y) => 1 - 0.35 * Math.hypot(x - 0.6, y - 0.4));
    const [cx, cy] = [random.uniform(0, 1), random.uniform(0, 1)];
    const reach = random.uniform(0.1, 0.25);
    lay(sheet, [1.3, 1.3, 1.3], (x, y) => {
      const away = Math.hypot(x / sheet.width - cx, y / sheet.height - cy) / reach;
      return 0.5 * Math.exp(-away * away);
    });
    for (let i = 0; i < sheet.data.length; i++) sheet.data[i] = Math.min(1, sheet.data[i]);
    return photo(sheet, random, 0.01, 0.97);
  },
  'dark screen': (strokes, random) => {
    const paper = random.uniform(0.05, 0.18);
    const ink = [random.uniform(0.6, 1), random.uniform(0.6, 1), random.uniform(0.6, 1)];
    const style = { paper: [paper, paper, paper], ink, width: [0.5, 2], side: [0.2, 0.8], size: 320 };
    return written(strokes, random, style).sheet;
  },
  'table and fingers at the edge': (strokes, random) => {
    const { sheet, box } = written(strokes, random, { ...BALLPOINT, side: [0.25, 0.45] });
    const { width, height } = sheet;
    // Only where the digit is not: from the edge towards its box.
    const room = [box.left, box.top, width - box.right, height - box.bottom];
    const side = room.indexOf(Math.max(...room));
    const reach = Math.min(0.6 * room[side], random.uniform(20, 90));
    const skin = random.uniform() < 0.5;
    const at = random.uniform(0.2, 0.8);
    const tilt = random.uniform(-0.1, 0.1);
    lay(sheet, skin ? [0.75, 0.55, 0.45] : [0.3, 0.2, 0.14], (x, y) => {
      const from = [x, y, width - x, height - y][side];
      const along = side % 2 === 0 ? y / height : x / width;
      const deep = skin ? reach * (1 - ((along - at) / 0.15) ** 2) : reach * (1 + tilt * (along - 0.5));
      return deep - from + 0.5;
    });
    return photo(sheet, random);
  },
  'sheet askew on a grained table': (strokes, random) => {
    const [width, height] = [640, 480];
    const tables = [
      [0.47, 0.27, 0.12],
      [0.62, 0.47, 0.31],
      [0.2, 0.3, 0.5],
      [0.25, 0.25, 0.27],
    ];
    const photographed = scene.sheet(width, height, tables[random.below(tables.length)]);
    const grain = scene.blotches(random, width, height, 14);
    scene.shade(photographed, (x, y) => 1 + 0.15 * grain(x * width, y * height));
    // The sheet's half sides, its middle and its turn; now and then it goes on beyond the picture.
    const scale = Math.sqrt(random.uniform(0.3, 0.8)) / 2;
    const [a, b] = [scale * width, scale * height];
    const turn = random.uniform(-0.12, 0.12);
    const [cx, cy] = [width / 2, height / 2].map((middle, k) => middle + random.uniform(-1, 1) * (middle - [a, b][k]));
    lay(photographed, [0.93, 0.92, 0.9], (x, y) => {
      const [dx, dy] = [x - cx, y - cy];
      return Math.min(a - Math.abs(dx + turn * dy), b - Math.abs(dy - turn * dx)) + 0.5;
    });
    const side = b * random.uniform(0.5, 1.1);
    const drawing = scene.fromStrokes(strokes, side, side / random.uniform(10, 20));
    const { left, top, right, bottom } = scene.inkBox(drawing);
    scene.draw(
      photographed,
      drawing,
      Math.round(cx - (left + right) / 2),
      Math.round(cy - (top + bottom) / 2),
      [0.1, 0.1, 0.4],
    );
    scene.shade(photographed, gradient(random));
    return photo(photographed, random, 0.01, 1);
  },
  'dark edge of a scanner': (strokes, random) => {
    const { sheet } = written(strokes, random, { ...BALLPOINT, side: [0.25, 0.5] });
    const [wide, high] = [random.uniform(0, 7), random.uniform(0, 7)];
    lay(sheet, [0.05, 0.05, 0.06], (x, y) => Math.max(wide - x, high - (sheet.height - 1 - y)));
    return photo(sheet, random, 0.006, 1);
  },
  'corner in shadow': (strokes, random) => {
    const { sheet } = written(strokes, random, BALLPOINT);
    const [cx, cy] = [random.below(2), random.below(2)];
    const [reach, soft, depth] = [random.uniform(0.2, 0.7), random.uniform(0.01, 0.2), random.uniform(0.3, 0.6)];
    scene.shade(sheet, (x, y) => {
      const t = (Math.abs(x - cx) + Math.abs(y - cy) - reach) / soft;
      return 1 - depth * Math.min(1, Math.max(0, 0.5 - t));
    });
    return photo(sheet, random, random.uniform(0.002, 0.012), 1);
  },
  'cut tightly': (strokes, random) => {
    const width = random.uniform() < 0.5 ? [4, 8] : [10, 18];
    const { sheet } = written(strokes, random, { ...BALLPOINT, width, margin: random.uniform(2, 14), size: 240 });
    scene.shade(sheet, random.uniform() < 0.5 ? gradient(random) : shadow(random));
    return photo(sheet, random, 0.01, 1);
  },
  'thumbnail of a photo': (strokes, random) => {
    const style = { ...BALLPOINT, width: [9, 14], side: [0.5, 0.8], size: random.uniform(30, 60) };
    const { sheet } = written(strokes, random, { ...style, size: Math.round(style.size) });
    scene.shade(sheet, gradient(random));
    return photo(sheet, random, 0.012, 1);
  },
};
