import { describe, expect, it } from 'vitest';
import { backdrop, composite } from './composite.js';
import { toGrey } from './colour.js';
import { findComponents } from './components.js';
import { dilate, erode, quantile, smooth } from './filters.js';
import { flatten } from './flatten.js';
import { fitToBox, placeByMass } from './frame.js';
import { findGroups } from './group.js';
import { sortHoles } from './holes.js';
import { findInk } from './paper.js';
import { plane, type RgbaPicture } from './picture.js';
import { resample } from './resample.js';
import { changeWidth, extent, squaredDistances, strokeWidth } from './strokes.js';
import { hysteresis, inkLevels, otsu } from './threshold.js';
import { drawn, linesOf, maskOf, pictureOf, planeOf } from './testing.js';
import { Random } from '../numeric/philox.js';

const whole = ({ width, height }: RgbaPicture) => ({ left: 0, top: 0, right: width, bottom: height });
const random = (width: number, height: number, seed = 1) => {
  const generator = new Random(seed, 998);
  const result = plane(width, height);
  result.data.forEach((_, i) => (result.data[i] = generator.uniform()));
  return result;
};
const greyOf = (picture: RgbaPicture) => toGrey(composite(picture, whole(picture), 1, backdrop(picture)));
const total = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);

describe('what lies behind transparent parts', () => {
  const strokes = (colour: number[], share: number) =>
    pictureOf(20, 20, (x) => (x < 20 * share ? [...colour, 255] : [0, 0, 0, 0]));
  it.each([
    ['dark strokes', strokes([20, 20, 60], 0.2), [255, 255, 255]],
    ['white strokes', strokes([255, 255, 255], 0.2), [0, 0, 0]],
    ['yellow strokes', strokes([255, 240, 60], 0.2), [255, 255, 255]],
    ['a grey sheet with holes', strokes([90, 91, 92], 0.9), [90, 91, 92]],
    ['nothing at all', strokes([0, 0, 0], 0), [0, 0, 0]],
  ])('%s', (_, picture, expected) => {
    expect(backdrop(picture)).toEqual(expected);
  });
  it('shows through as far as alpha says', () => {
    const picture = pictureOf(1, 1, () => [255, 0, 51, 51]);
    const [red, green, blue] = composite(picture, whole(picture), 1, [255, 255, 255]);
    expect(red.data[0]).toBeCloseTo(1);
    expect(green.data[0]).toBeCloseTo(0.8);
    expect(blue.data[0]).toBeCloseTo(0.84);
  });
});

it('shrinks by means of whole blocks, of what is there at the edges', () => {
  const picture = pictureOf(5, 3, (x, y) => [x * 10 + y * 50, 0, 0]);
  const [red] = composite(picture, { left: 1, top: 0, right: 5, bottom: 3 }, 3, [0, 0, 0]);
  expect([red.width, red.height]).toEqual([2, 1]);
  expect([...red.data].map((value) => Math.round(value * 255))).toEqual([70, 90]);
});

describe('grey', () => {
  it('is the lightness of a grey picture', () => {
    const grey = greyOf(pictureOf(30, 30, (x) => [x * 8, x * 8, x * 8]));
    expect(grey.fromBlack).toBe(true);
    grey.data.forEach((value, i) => expect(value).toBeCloseTo(((i % 30) * 8) / 255, 4));
  });
  it('parts colours of equal lightness', () => {
    const grey = greyOf(pictureOf(30, 30, (x) => (x % 10 < 3 ? [180, 60, 120] : [60, 180, 120])));
    expect(Math.abs(grey.data[0]! - grey.data[5]!)).toBeGreaterThan(0.4);
    expect(grey.fromBlack).toBe(false);
  });
});

describe('filters', () => {
  it.each([1, 2, 5, 30])('take the extremes within %d pixels', (radius) => {
    const source = random(23, 17);
    const [most, least] = [dilate(source, radius), erode(source, radius)];
    for (let y = 0; y < 17; y++) {
      for (let x = 0; x < 23; x++) {
        const near: number[] = [];
        for (let ny = Math.max(0, y - radius); ny <= Math.min(16, y + radius); ny++) {
          for (let nx = Math.max(0, x - radius); nx <= Math.min(22, x + radius); nx++) {
            near.push(source.data[ny * 23 + nx]!);
          }
        }
        expect(most.data[y * 23 + x]).toBe(Math.max(...near));
        expect(least.data[y * 23 + x]).toBe(Math.min(...near));
      }
    }
  });
  it('smooth and keep the mean of what is far from the edge', () => {
    const source = planeOf('00000', '00000', '00900', '00000', '00000');
    expect(total(smooth(source).data)).toBeCloseTo(0.9);
    expect(smooth(source).data[12]).toBeCloseTo(0.9 / 4);
  });
  it('find quantiles', () => {
    const values = Float32Array.from({ length: 1001 }, (_, i) => i / 1000);
    expect(quantile(values, 0.5)).toBeCloseTo(0.5, 2);
    expect(quantile(values, 0.1)).toBeCloseTo(0.1, 2);
    expect(quantile(new Float32Array([3, 3]), 0.5)).toBe(3);
    expect(quantile(new Float32Array(0), 0.5)).toBe(0);
  });
});

describe('smooth light', () => {
  const lit = (light: (x: number, y: number) => number) => {
    const result = plane(80, 60);
    result.data.forEach((_, i) => {
      const [x, y] = [i % 80, Math.floor(i / 80)];
      const stroke = x > 30 && x < 34 && y > 10 && y < 50 ? 0.2 : 1;
      result.data[i] = stroke * light(x / 80, y / 60);
    });
    return { ...result, fromBlack: true };
  };
  it('is divided out, and strokes stay', () => {
    const flat = flatten(lit((x, y) => 0.9 - 0.5 * ((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5)) - 0.2 * x))!;
    const paper = flat.data.filter((_, i) => i % 80 < 28);
    expect(quantile(paper, 0.99) - quantile(paper, 0.01)).toBeLessThan(0.02);
    expect(flat.data[30 * 80 + 32]! / flat.data[30 * 80 + 20]!).toBeCloseTo(0.2, 1);
  });
  it('is not what a shadow with an edge is', () => {
    expect(flatten(lit((x) => (x < 0.6 ? 0.9 : 0.4)))).toBeUndefined();
  });
});

describe('ink', () => {
  const five = { digit: 5, side: 100, pen: 9, left: 60, top: 40 };
  it.each([
    ['dark on light', [0, 0, 0], [255, 255, 255], true],
    ['light on dark', [250, 250, 240], [30, 60, 50], false],
    ['blue on grey', [30, 40, 140], [200, 198, 190], true],
  ] as const)('is found %s', (_, ink, paper, dark) => {
    expect(findInk(greyOf(drawn(240, 200, five, { ink, paper }))).dark).toBe(dark);
  });
  it.each([0, 0.5, 1, 2])('is as dark in a shadow as beside it', (softness) => {
    const picture = drawn(240, 200, five, { ink: [40, 40, 60], paper: [230, 230, 220] });
    const shaded = pictureOf(240, 200, (x, y) => {
      const light = 1 - 0.5 * Math.min(1, Math.max(0, (x + y / 3 - 130) / (1 + softness * 40)));
      return [0, 1, 2].map((c) => picture.data[4 * (y * 240 + x) + c]! * light);
    });
    const plain = findInk(greyOf(picture));
    const ink = findInk(greyOf(shaded));
    expect(ink.dark).toBe(true);
    const strokes = plain.data.map((value, i) => (value > 0.75 ? Math.abs(ink.data[i]! - value) : 0));
    expect(quantile(strokes, 0.999)).toBeLessThan(0.2);
  });
});

describe('thresholds', () => {
  it('part two peaks (Otsu)', () => {
    const histogram = new Uint32Array(20);
    histogram.set([5, 9, 5], 2);
    histogram.set([2, 3, 2], 14);
    const bin = otsu(histogram);
    expect(bin).toBeGreaterThanOrEqual(4);
    expect(bin).toBeLessThan(14);
  });
  it('lie between noise and strokes', () => {
    const ink = random(100, 100);
    ink.data.forEach((value, i) => (ink.data[i] = 0.1 * value + (i % 100 > 45 && i % 100 < 52 ? 0.6 : 0)));
    const levels = inkLevels(ink);
    expect(levels.paper).toBeCloseTo(0.05, 1);
    expect(levels.full).toBeCloseTo(0.65, 1);
    expect(levels.low).toBeGreaterThan(0.1);
    expect(levels.high).toBeLessThan(0.6);
    expect(levels.low).toBeLessThan(levels.high);
  });
  it('keep the faint where it hangs together with the strong', () => {
    const kept = hysteresis(planeOf('030030', '003900', '000000', '300303'), 0.2, 0.5);
    expect(linesOf(kept)).toEqual(['.#..#.', '..##..', '......', '......']);
  });
});

describe('components', () => {
  const strokes = maskOf('##..#', '..#..', '.....', '##.##');
  it('hang together by corners', () => {
    const { components } = findComponents(strokes, plane(5, 4));
    expect(components.map(({ area, left, top, right, bottom }) => [area, left, top, right, bottom])).toEqual([
      [3, 0, 0, 3, 2],
      [1, 4, 0, 5, 1],
      [2, 0, 3, 2, 4],
      [2, 3, 3, 5, 4],
    ]);
  });
  it('or do not', () => {
    expect(findComponents(strokes, plane(5, 4), false).components.length).toBe(5);
  });
});

it('counts and fills holes', () => {
  const eight = maskOf('#####', '#...#', '#...#', '#####', '#.###', '#####', '###..');
  expect(sortHoles(eight, 2, 3)).toBe(1);
  expect(linesOf(eight)).toEqual(['#####', '#...#', '#...#', '#####', '#####', '#####', '###..']);
  expect(sortHoles(maskOf('#.#', '#.#', '###'), 0, 1)).toBe(0);
});

describe('groups', () => {
  const groupsOf = (...lines: string[]) => {
    const strokes = maskOf(...lines);
    const ink = plane(strokes.width, strokes.height);
    strokes.data.forEach((bit, i) => (ink.data[i] = bit));
    return findGroups(findComponents(strokes, ink).components, ink);
  };
  const blank = '.'.repeat(40);
  const row = (from: number, to: number) => '.'.repeat(from) + '#'.repeat(to - from) + '.'.repeat(40 - to);
  const body = (rows: number, ...spans: [number, number][]) =>
    Array.from({ length: rows }, () => {
      const line = Array.from(blank);
      for (const [from, to] of spans) line.fill('#', from, to);
      return line.join('');
    });
  it('join the bar of a 5 to its body', () => {
    const groups = groupsOf(blank, row(10, 20), blank, blank, ...body(14, [8, 12]), blank);
    expect(groups.main!.components.length).toBe(2);
    expect(groups.signs.length).toBe(1);
  });
  it('count signs beside each other', () => {
    const { signs } = groupsOf(blank, ...body(14, [4, 8], [16, 21], [30, 34]), blank);
    expect(signs.map(({ left }) => left)).toEqual([4, 16, 30]);
  });
  it('leave out specks', () => {
    const { main, specks } = groupsOf(blank, row(38, 39), blank, ...body(14, [10, 20]), blank);
    expect(main!.components.length).toBe(1);
    expect(specks).toBe(1);
  });
  it('prefer what stands free', () => {
    const { main } = groupsOf('#'.repeat(40), ...Array.from({ length: 12 }, () => blank), ...body(9, [10, 16]), blank);
    expect(main!.left).toBe(10);
  });
});

describe('resampling', () => {
  it('changes nothing at the same size', () => {
    const source = random(9, 7);
    expect(resample(source, { left: 0, top: 0, right: 9, bottom: 7 }, 9, 7).data).toEqual(source.data);
  });
  it('keeps the mean when shrinking, of fractions too', () => {
    const source = random(60, 45);
    const small = resample(source, { left: 0, top: 0, right: 60, bottom: 45 }, 13, 11);
    expect(total(small.data) / 143).toBeCloseTo(total(source.data) / 2700, 4);
  });
  it('goes evenly from pixel to pixel when enlarging', () => {
    const large = resample(planeOf('08'), { left: 0, top: 0, right: 2, bottom: 1 }, 8, 1);
    expect([...large.data].map((value) => Math.round(value * 100))).toEqual([0, 0, 10, 30, 50, 70, 80, 80]);
  });
});

describe('strokes', () => {
  it('have exact distances', () => {
    const strokes = maskOf(
      ...Array.from({ length: 12 }, (_, y) => (y % 5 === 2 ? '#..#########.###' : '##############.#')),
    );
    const { data } = squaredDistances(strokes);
    for (let i = 0; i < data.length; i++) {
      let nearest = Infinity;
      for (let y = -1; y <= 12; y++) {
        for (let x = -1; x <= 16; x++) {
          const set = x >= 0 && y >= 0 && x < 16 && y < 12 && strokes.data[y * 16 + x] === 1;
          const [dx, dy] = [x - (i % 16), y - Math.floor(i / 16)];
          if (!set) nearest = Math.min(nearest, dx * dx + dy * dy);
        }
      }
      expect(data[i]).toBe(nearest);
    }
  });
  it.each([3, 6, 11])('%d pixels wide are measured so', (width) => {
    const bar = maskOf(...Array.from({ length: 60 }, () => '.'.repeat(10) + '#'.repeat(width) + '.'.repeat(10)));
    expect(strokeWidth(bar).width).toBeGreaterThanOrEqual(width - 1);
    expect(strokeWidth(bar).width).toBeLessThanOrEqual(width + 1);
  });
  it.each([-3, -1, 2, 8])('change their width by %d pixels', (change) => {
    const bar = maskOf(...Array.from({ length: 40 }, () => '.'.repeat(8) + '#'.repeat(6) + '.'.repeat(8)));
    const wider = changeWidth(bar, change);
    const middle = (wider.height >> 1) * wider.width;
    expect(total(wider.data.subarray(middle, middle + wider.width))).toBeCloseTo(6 + change, 5);
  });
  it('have an extent', () => {
    expect(extent(planeOf('0000', '0130', '0000'), 0.2)).toEqual({ left: 2, top: 1, right: 3, bottom: 2 });
    expect(extent(planeOf('00'), 0)).toBeUndefined();
  });
});

describe('the frame', () => {
  it('has the longer side of the ink at 20 pixels', () => {
    const box = fitToBox(random(130, 77), { left: 5, top: 0, right: 125, bottom: 60 }, 20);
    expect([box.width, box.height]).toEqual([20, 10]);
  });
  it('has the centre of mass at index 14, within half a pixel', () => {
    const box = plane(20, 8);
    box.data.fill(1, 0, 40);
    box.data.fill(0.3, 40);
    const image = placeByMass(box);
    let [mass, x, y] = [0, 0, 0];
    image.forEach((value, i) => {
      mass += value;
      x += value * (i % 28);
      y += value * Math.floor(i / 28);
    });
    expect(Math.abs(x / mass - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y / mass - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.max(...image)).toBe(255);
  });
  it('keeps lopsided digits inside', () => {
    const box = plane(20, 20);
    box.data.fill(0.01);
    box.data.fill(1, 0, 20);
    const image = placeByMass(box);
    expect(image.filter((value) => value > 0).length).toBe(400);
  });
});
