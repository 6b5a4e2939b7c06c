import type { Grey } from './colour.js';
import { plane } from './picture.js';

/** The terms of the surface: 1, x, y, x x, x y, y y. */
const TERMS = 6;
const GRID = 40;
const ITERATIONS = 6;
/** Beyond so many times the median deviation a cell counts nothing: Tukey's biweight with its usual constant. */
const TUKEY = 4.685 * 1.4826;
/** The light is smooth if so many cells are so near to the surface, 0 to 1. */
const SMOOTH_SHARE = 0.8;
const NEAR = 0.025;
/** The least lightness to divide by, 0 to 1. */
const DARKEST = 0.08;

/**
 * The picture without its smooth light: lamps, vignettes and gradients. A quadratic surface is fitted to the lightness by
 * iteratively reweighted least squares with Tukey's biweight (Holland and Welsch 1977), so that strokes, being few, do
 * not pull at it, and divided out (subtracted, where 0 is not black).
 * @returns undefined if the light is not smooth: a surface through a shadow's edge would make a ridge of it
 */
export function flatten(grey: Grey): Grey | undefined {
  const { width, height } = grey;
  const cells = cellsOf(grey);
  const weights = new Float64Array(cells.length).fill(1);
  let surface = fit(cells, weights);
  for (let i = 0; i < ITERATIONS; i++) {
    const deviations = cells.map((cell) => Math.abs(cell.value - at(surface, cell.x, cell.y)));
    const typical = [...deviations].sort((a, b) => a - b)[deviations.length >> 1]!;
    const reach = TUKEY * Math.max(typical, 1e-3);
    deviations.forEach((deviation, k) => {
      const u = Math.min(1, deviation / reach);
      weights[k] = (1 - u * u) * (1 - u * u);
    });
    surface = fit(cells, weights);
  }
  const near = cells.filter(({ x, y, value }) => Math.abs(value - at(surface, x, y)) <= NEAR).length;
  if (near < SMOOTH_SHARE * cells.length) return undefined;
  const mean = cells.reduce((sum, { x, y }) => sum + at(surface, x, y), 0) / cells.length;
  const result = plane(width, height);
  for (let y = 0; y < height; y++) {
    const v = (2 * y + 1) / height - 1;
    for (let x = 0; x < width; x++) {
      const light = at(surface, (2 * x + 1) / width - 1, v);
      const value = grey.data[y * width + x]!;
      result.data[y * width + x] = grey.fromBlack
        ? (value * Math.max(mean, DARKEST)) / Math.max(light, DARKEST)
        : value - light + mean;
    }
  }
  return { ...result, fromBlack: grey.fromBlack };
}

/** Places from -1 to 1 on each axis, and the mean lightness there. */
interface Cell {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

function cellsOf({ width, height, data }: Grey): Cell[] {
  const [columns, rows] = [Math.min(GRID, width), Math.min(GRID, height)];
  const cells: Cell[] = [];
  for (let j = 0; j < rows; j++) {
    const [top, bottom] = [Math.floor((j * height) / rows), Math.floor(((j + 1) * height) / rows)];
    for (let i = 0; i < columns; i++) {
      const [left, right] = [Math.floor((i * width) / columns), Math.floor(((i + 1) * width) / columns)];
      let sum = 0;
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += data[y * width + x]!;
      const value = sum / ((bottom - top) * (right - left));
      cells.push({ x: (left + right) / width - 1, y: (top + bottom) / height - 1, value });
    }
  }
  return cells;
}

function at(s: Float64Array, x: number, y: number): number {
  return s[0]! + s[1]! * x + s[2]! * y + s[3]! * x * x + s[4]! * x * y + s[5]! * y * y;
}

/** Weighted least squares, by the normal equations. */
function fit(cells: readonly Cell[], weights: Float64Array): Float64Array {
  const matrix = Array.from({ length: TERMS }, () => new Float64Array(TERMS + 1));
  const terms = new Float64Array(TERMS);
  cells.forEach(({ x, y, value }, k) => {
    terms.set([1, x, y, x * x, x * y, y * y]);
    const weight = weights[k]!;
    for (let i = 0; i < TERMS; i++) {
      const row = matrix[i]!;
      const scaled = weight * terms[i]!;
      for (let j = 0; j < TERMS; j++) row[j]! += scaled * terms[j]!;
      row[TERMS]! += scaled * value;
    }
  });
  // A little weight against curvature keeps it solvable in pictures of a few pixels.
  for (let i = 0; i < TERMS; i++) matrix[i]![i]! += 1e-6 * cells.length;
  return solve(matrix);
}

/** Gaussian elimination of a positive definite system; each row ends with its right-hand side. */
function solve(matrix: readonly Float64Array[]): Float64Array {
  const count = matrix.length;
  for (let i = 0; i < count; i++) {
    const pivot = matrix[i]!;
    for (let j = i + 1; j < count; j++) {
      const row = matrix[j]!;
      const factor = row[i]! / pivot[i]!;
      for (let k = i; k <= count; k++) row[k]! -= factor * pivot[k]!;
    }
  }
  const result = new Float64Array(count);
  for (let i = count - 1; i >= 0; i--) {
    let sum = matrix[i]![count]!;
    for (let k = i + 1; k < count; k++) sum -= matrix[i]![k]! * result[k]!;
    result[i] = sum / matrix[i]![i]!;
  }
  return result;
}
