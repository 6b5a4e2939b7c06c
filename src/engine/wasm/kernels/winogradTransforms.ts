// The transforms of Winograd's convolution F(m x m, 3x3), for tiles of m = 4, 5 and 6 output pixels; winograd.ts says
// what they are for. With matrices A [m, n], B [n, n] and G [n, 3], n = m + 2, one-dimensionally:
//
//   V = B' x,  U = G k,  y = A' (V U)                             and the adjoints B t, G' u, A y
//
// They evaluate polynomials at n points, which are pairs +-p, infinity, and for m = 4 and 6 zero (Toom and Cook):
//
//   m = 4   0, +-5/8, +-3/2              half the rounding error of the textbook's 0, +-1, +-2
//   m = 5   +-3/8, +-7/8, +-7/4
//   m = 6   0, +-1/2, +-1, +-2
//
// chosen by measuring the error (src/engine/wasm/winograd.test.ts), with constants that are exact in binary. A pair
// shares its work: the even powers are added to the odd ones for +p and subtracted for -p. B's row of p is the polynomial
// that is zero at all other points; what it should be divided by is in G.
//
// Two-dimensional transforms work on 4 channels in a vector: one-dimensional passes over the columns, then the rows, with
// the values between them in `passes`. `tile` (m) is a constant where it matters: each tile has its own instance.
import { multiplyAdd, zero } from './vector';

/** Bytes for the values between two passes: 64 vectors, and the 36 of a tile that is completed by zeros. */
export const PASSES: usize = (64 + 36) * 16;
const COMPLETED: usize = 64 * 16;

// @ts-ignore: decorator
@inline function scale(s: f32, v: v128): v128 { return s == 1 ? v : f32x4.mul(f32x4.splat(s), v); }
/** s * v + w, for a constant s. */
// @ts-ignore: decorator
@inline function plus(s: f32, v: v128, w: v128): v128 {
  if (s == 1) return f32x4.add(w, v);
  if (s == -1) return f32x4.sub(w, v);
  return multiplyAdd(f32x4.splat(s), v, w);
}

/** The three points of a tile of 5 or 6. */
// @ts-ignore: decorator
@inline function P(tile: i32): f32 { return tile == 5 ? 0.375 : 0.5; }
// @ts-ignore: decorator
@inline function Q(tile: i32): f32 { return tile == 5 ? 0.875 : 1.0; }
// @ts-ignore: decorator
@inline function R(tile: i32): f32 { return tile == 5 ? 1.75 : 2.0; }
/** The points of a tile of 4. */
const A: f32 = 0.625;
const B: f32 = 1.5;

// @ts-ignore: decorator
@inline function square(p: f32): f32 { return p * p; }
/** 1 / product of p - q over the other points q. */
// @ts-ignore: decorator
@inline function norm(tile: i32, p: f32, q: f32, r: f32): f32 {
  const others = (square(p) - square(q)) * (square(p) - square(r));
  return <f32>1.0 / (tile == 5 ? 2 * p * others : 2 * p * p * others);
}

/** B' d: n values, `ps` bytes apart, to n. */
// @ts-ignore: decorator
@inline function inputPass(tile: i32, p: usize, ps: usize, q: usize, qs: usize): void {
  if (tile == 4) {
    const d0 = v128.load(p), d1 = v128.load(p + ps), d2 = v128.load(p + 2 * ps);
    const d3 = v128.load(p + 3 * ps), d4 = v128.load(p + 4 * ps), d5 = v128.load(p + 5 * ps);
    v128.store(q, plus(A * A * B * B, d0, plus(-(A * A + B * B), d2, d4)));
    let even = plus(-B * B, d2, d4), odd = scale(A, plus(-B * B, d1, d3));
    v128.store(q + qs, f32x4.add(even, odd));
    v128.store(q + 2 * qs, f32x4.sub(even, odd));
    even = plus(-A * A, d2, d4); odd = scale(B, plus(-A * A, d1, d3));
    v128.store(q + 3 * qs, f32x4.add(even, odd));
    v128.store(q + 4 * qs, f32x4.sub(even, odd));
    v128.store(q + 5 * qs, plus(A * A * B * B, d1, plus(-(A * A + B * B), d3, d5)));
    return;
  }
  const pp = square(P(tile)), qq = square(Q(tile)), rr = square(R(tile));
  const s1 = pp + qq + rr, s2 = pp * qq + pp * rr + qq * rr, s3 = pp * qq * rr;
  if (tile == 6) {
    const d0 = v128.load(p), d2 = v128.load(p + 2 * ps), d4 = v128.load(p + 4 * ps), d6 = v128.load(p + 6 * ps);
    v128.store(q, plus(-s3, d0, plus(s2, d2, plus(-s1, d4, d6))));
    p += ps; q += qs;
  }
  const e0 = v128.load(p), e1 = v128.load(p + ps), e2 = v128.load(p + 2 * ps);
  const e3 = v128.load(p + 3 * ps), e4 = v128.load(p + 4 * ps), e5 = v128.load(p + 5 * ps);
  let even = plus(qq * rr, e1, plus(-(qq + rr), e3, e5)), odd = scale(P(tile), plus(qq * rr, e0, plus(-(qq + rr), e2, e4)));
  v128.store(q, f32x4.add(even, odd));
  v128.store(q + qs, f32x4.sub(even, odd));
  even = plus(pp * rr, e1, plus(-(pp + rr), e3, e5)); odd = scale(Q(tile), plus(pp * rr, e0, plus(-(pp + rr), e2, e4)));
  v128.store(q + 2 * qs, f32x4.add(even, odd));
  v128.store(q + 3 * qs, f32x4.sub(even, odd));
  even = plus(pp * qq, e1, plus(-(pp + qq), e3, e5)); odd = scale(R(tile), plus(pp * qq, e0, plus(-(pp + qq), e2, e4)));
  v128.store(q + 4 * qs, f32x4.add(even, odd));
  v128.store(q + 5 * qs, f32x4.sub(even, odd));
  v128.store(q + 6 * qs, plus(-s3, e0, plus(s2, e2, plus(-s1, e4, v128.load(p + 6 * ps)))));
}

/** B t: the adjoint of inputPass. */
// @ts-ignore: decorator
@inline function inputAdjointPass(tile: i32, p: usize, ps: usize, q: usize, qs: usize): void {
  if (tile == 4) {
    const t0 = v128.load(p), t1 = v128.load(p + ps), t2 = v128.load(p + 2 * ps);
    const t3 = v128.load(p + 3 * ps), t4 = v128.load(p + 4 * ps), t5 = v128.load(p + 5 * ps);
    const sa = f32x4.add(t1, t2), da = f32x4.sub(t1, t2), sb = f32x4.add(t3, t4), db = f32x4.sub(t3, t4);
    v128.store(q, scale(A * A * B * B, t0));
    v128.store(q + qs, plus(-A * B * B, da, plus(-A * A * B, db, scale(A * A * B * B, t5))));
    v128.store(q + 2 * qs, plus(-B * B, sa, plus(-A * A, sb, scale(-(A * A + B * B), t0))));
    v128.store(q + 3 * qs, plus(A, da, plus(B, db, scale(-(A * A + B * B), t5))));
    v128.store(q + 4 * qs, f32x4.add(f32x4.add(sa, sb), t0));
    v128.store(q + 5 * qs, t5);
    return;
  }
  const pp = square(P(tile)), qq = square(Q(tile)), rr = square(R(tile));
  const s1 = pp + qq + rr, s2 = pp * qq + pp * rr + qq * rr, s3 = pp * qq * rr;
  let t0 = zero();
  if (tile == 6) {
    t0 = v128.load(p);
    v128.store(q, scale(-s3, t0));
    p += ps; q += qs;
  }
  let x = v128.load(p), y = v128.load(p + ps);
  const sp = f32x4.add(x, y), dp = scale(P(tile), f32x4.sub(x, y));
  x = v128.load(p + 2 * ps); y = v128.load(p + 3 * ps);
  const sq = f32x4.add(x, y), dq = scale(Q(tile), f32x4.sub(x, y));
  x = v128.load(p + 4 * ps); y = v128.load(p + 5 * ps);
  const sr = f32x4.add(x, y), dr = scale(R(tile), f32x4.sub(x, y));
  const last = v128.load(p + 6 * ps);
  v128.store(q, plus(qq * rr, dp, plus(pp * rr, dq, plus(pp * qq, dr, scale(-s3, last)))));
  v128.store(q + 2 * qs, plus(-(qq + rr), dp, plus(-(pp + rr), dq, plus(-(pp + qq), dr, scale(s2, last)))));
  v128.store(q + 4 * qs, plus(-s1, last, f32x4.add(f32x4.add(dp, dq), dr)));
  v128.store(q + 6 * qs, last);
  let e1 = plus(qq * rr, sp, plus(pp * rr, sq, scale(pp * qq, sr)));
  let e3 = plus(-(qq + rr), sp, plus(-(pp + rr), sq, scale(-(pp + qq), sr)));
  let e5 = f32x4.add(f32x4.add(sp, sq), sr);
  if (tile == 6) {
    e1 = plus(s2, t0, e1); e3 = plus(-s1, t0, e3); e5 = f32x4.add(e5, t0);
  }
  v128.store(q + qs, e1);
  v128.store(q + 3 * qs, e3);
  v128.store(q + 5 * qs, e5);
}

/** A' t: n values to m. */
// @ts-ignore: decorator
@inline function outputPass(tile: i32, p: usize, ps: usize, q: usize, qs: usize): void {
  if (tile == 4) {
    const m0 = v128.load(p), m1 = v128.load(p + ps), m2 = v128.load(p + 2 * ps);
    const m3 = v128.load(p + 3 * ps), m4 = v128.load(p + 4 * ps), m5 = v128.load(p + 5 * ps);
    const sa = f32x4.add(m1, m2), da = f32x4.sub(m1, m2), sb = f32x4.add(m3, m4), db = f32x4.sub(m3, m4);
    v128.store(q, f32x4.add(f32x4.add(sa, sb), m0));
    v128.store(q + qs, plus(A, da, scale(B, db)));
    v128.store(q + 2 * qs, plus(A * A, sa, scale(B * B, sb)));
    v128.store(q + 3 * qs, plus(A * A * A, da, plus(B * B * B, db, m5)));
    return;
  }
  const pp = square(P(tile)), qq = square(Q(tile)), rr = square(R(tile));
  let m0 = zero();
  if (tile == 6) {
    m0 = v128.load(p);
    p += ps;
  }
  let x = v128.load(p), y = v128.load(p + ps);
  const sp = f32x4.add(x, y), dp = scale(P(tile), f32x4.sub(x, y));
  x = v128.load(p + 2 * ps); y = v128.load(p + 3 * ps);
  const sq = f32x4.add(x, y), dq = scale(Q(tile), f32x4.sub(x, y));
  x = v128.load(p + 4 * ps); y = v128.load(p + 5 * ps);
  const sr = f32x4.add(x, y), dr = scale(R(tile), f32x4.sub(x, y));
  const last = v128.load(p + 6 * ps);
  let y0 = f32x4.add(f32x4.add(sp, sq), sr);
  if (tile == 6) y0 = f32x4.add(y0, m0);
  v128.store(q, y0);
  v128.store(q + qs, f32x4.add(f32x4.add(dp, dq), dr));
  v128.store(q + 2 * qs, plus(pp, sp, plus(qq, sq, scale(rr, sr))));
  v128.store(q + 3 * qs, plus(pp, dp, plus(qq, dq, scale(rr, dr))));
  const y4 = plus(pp * pp, sp, plus(qq * qq, sq, scale(rr * rr, sr)));
  if (tile == 5) {
    v128.store(q + 4 * qs, f32x4.add(y4, last));
  } else {
    v128.store(q + 4 * qs, y4);
    v128.store(q + 5 * qs, plus(pp * pp, dp, plus(qq * qq, dq, plus(rr * rr, dr, last))));
  }
}

/** A y: the adjoint of outputPass. */
// @ts-ignore: decorator
@inline function outputAdjointPass(tile: i32, p: usize, ps: usize, q: usize, qs: usize): void {
  const y0 = v128.load(p), y1 = v128.load(p + ps), y2 = v128.load(p + 2 * ps), y3 = v128.load(p + 3 * ps);
  if (tile == 4) {
    v128.store(q, y0);
    let even = plus(A * A, y2, y0), odd = plus(A * A * A, y3, scale(A, y1));
    v128.store(q + qs, f32x4.add(even, odd));
    v128.store(q + 2 * qs, f32x4.sub(even, odd));
    even = plus(B * B, y2, y0); odd = plus(B * B * B, y3, scale(B, y1));
    v128.store(q + 3 * qs, f32x4.add(even, odd));
    v128.store(q + 4 * qs, f32x4.sub(even, odd));
    v128.store(q + 5 * qs, y3);
    return;
  }
  const y4 = v128.load(p + 4 * ps);
  let y5 = zero();
  if (tile == 6) {
    y5 = v128.load(p + 5 * ps);
    v128.store(q, y0);
    q += qs;
  }
  pairOfOutputs(tile, P(tile), y0, y1, y2, y3, y4, y5, q, qs);
  pairOfOutputs(tile, Q(tile), y0, y1, y2, y3, y4, y5, q + 2 * qs, qs);
  pairOfOutputs(tile, R(tile), y0, y1, y2, y3, y4, y5, q + 4 * qs, qs);
  v128.store(q + 6 * qs, tile == 6 ? y5 : y4);
}

// @ts-ignore: decorator
@inline function pairOfOutputs(tile: i32, p: f32, y0: v128, y1: v128, y2: v128, y3: v128, y4: v128, y5: v128, q: usize, qs: usize): void {
  const even = plus(p * p, plus(p * p, y4, y2), y0);
  const odd = scale(p, plus(p * p, tile == 6 ? plus(p * p, y5, y3) : y3, y1));
  v128.store(q, f32x4.add(even, odd));
  v128.store(q + qs, f32x4.sub(even, odd));
}

/** G k: three values to n. */
// @ts-ignore: decorator
@inline function kernelPass(tile: i32, k0: v128, k1: v128, k2: v128, q: usize, qs: usize): void {
  if (tile == 4) {
    v128.store(q, scale(<f32>1.0 / (A * A * B * B), k0));
    pairOfKernels(tile, A, <f32>1.0 / (2 * A * A * (A * A - B * B)), k0, k1, k2, q + qs, qs);
    pairOfKernels(tile, B, <f32>1.0 / (2 * B * B * (B * B - A * A)), k0, k1, k2, q + 3 * qs, qs);
    v128.store(q + 5 * qs, k2);
    return;
  }
  const p = P(tile), s = Q(tile), r = R(tile);
  if (tile == 6) {
    v128.store(q, scale(<f32>-1.0 / (p * p * s * s * r * r), k0));
    q += qs;
  }
  pairOfKernels(tile, p, norm(tile, p, s, r), k0, k1, k2, q, qs);
  pairOfKernels(tile, s, norm(tile, s, p, r), k0, k1, k2, q + 2 * qs, qs);
  pairOfKernels(tile, r, norm(tile, r, p, s), k0, k1, k2, q + 4 * qs, qs);
  v128.store(q + 6 * qs, k2);
}

/** Without the point zero, what -p should be divided by has the other sign. */
// @ts-ignore: decorator
@inline function pairOfKernels(tile: i32, p: f32, norm: f32, k0: v128, k1: v128, k2: v128, q: usize, qs: usize): void {
  const even = plus(norm * p * p, k2, scale(norm, k0)), odd = scale(norm * p, k1);
  v128.store(q, f32x4.add(even, odd));
  v128.store(q + qs, tile == 5 ? f32x4.sub(odd, even) : f32x4.sub(even, odd));
}

/** G' u: the adjoint of kernelPass. */
// @ts-ignore: decorator
@inline function kernelAdjointPass(tile: i32, p: usize, ps: usize, q: usize, qs: usize): void {
  if (tile == 4) {
    const NA: f32 = <f32>1.0 / (2 * A * A * (A * A - B * B)), NB: f32 = <f32>1.0 / (2 * B * B * (B * B - A * A));
    const u0 = v128.load(p), u1 = v128.load(p + ps), u2 = v128.load(p + 2 * ps);
    const u3 = v128.load(p + 3 * ps), u4 = v128.load(p + 4 * ps), u5 = v128.load(p + 5 * ps);
    const sa = f32x4.add(u1, u2), da = f32x4.sub(u1, u2), sb = f32x4.add(u3, u4), db = f32x4.sub(u3, u4);
    v128.store(q, plus(<f32>1.0 / (A * A * B * B), u0, plus(NA, sa, scale(NB, sb))));
    v128.store(q + qs, plus(NA * A, da, scale(NB * B, db)));
    v128.store(q + 2 * qs, plus(NA * A * A, sa, plus(NB * B * B, sb, u5)));
    return;
  }
  const a = P(tile), b = Q(tile), c = R(tile);
  const na = norm(tile, a, b, c), nb = norm(tile, b, a, c), nc = norm(tile, c, a, b);
  let k0 = zero();
  if (tile == 6) {
    k0 = scale(<f32>-1.0 / (a * a * b * b * c * c), v128.load(p));
    p += ps;
  }
  let x = v128.load(p), y = v128.load(p + ps);
  const ea = even(tile, x, y), oa = odd(tile, x, y);
  x = v128.load(p + 2 * ps); y = v128.load(p + 3 * ps);
  const eb = even(tile, x, y), ob = odd(tile, x, y);
  x = v128.load(p + 4 * ps); y = v128.load(p + 5 * ps);
  const ec = even(tile, x, y), oc = odd(tile, x, y);
  const last = v128.load(p + 6 * ps);
  const sum = plus(na, ea, plus(nb, eb, scale(nc, ec)));
  v128.store(q, tile == 6 ? f32x4.add(sum, k0) : sum);
  v128.store(q + qs, plus(na * a, oa, plus(nb * b, ob, scale(nc * c, oc))));
  v128.store(q + 2 * qs, plus(na * a * a, ea, plus(nb * b * b, eb, plus(nc * c * c, ec, last))));
}

// @ts-ignore: decorator
@inline function even(tile: i32, x: v128, y: v128): v128 { return tile == 5 ? f32x4.sub(x, y) : f32x4.add(x, y); }
// @ts-ignore: decorator
@inline function odd(tile: i32, x: v128, y: v128): v128 { return tile == 5 ? f32x4.add(x, y) : f32x4.sub(x, y); }

// @ts-ignore: decorator
@inline function inputOf(tile: i32, p: usize, line: usize, depth: usize, v: usize, slab: usize, passes: usize): void {
  const n: usize = tile + 2;
  for (let c: usize = 0; c < depth; c += 16) {
    for (let j: usize = 0; j < n; j++) inputPass(tile, p + c + j * depth, line, passes + (j << 4), n << 4);
    for (let i: usize = 0; i < n; i++) inputPass(tile, passes + i * (n << 4), 16, v + c + i * n * slab, slab);
  }
}
function input4(p: usize, line: usize, depth: usize, v: usize, slab: usize, passes: usize): void { inputOf(4, p, line, depth, v, slab, passes); }
function input5(p: usize, line: usize, depth: usize, v: usize, slab: usize, passes: usize): void { inputOf(5, p, line, depth, v, slab, passes); }
function input6(p: usize, line: usize, depth: usize, v: usize, slab: usize, passes: usize): void { inputOf(6, p, line, depth, v, slab, passes); }

/** V = B' x B of one tile: its patch at p, pixels `depth` and lines `line` bytes apart. */
// @ts-ignore: decorator
@inline export function inputTile(tile: i32, p: usize, line: usize, depth: usize, v: usize, slab: usize, passes: usize): void {
  if (tile == 4) input4(p, line, depth, v, slab, passes);
  else if (tile == 5) input5(p, line, depth, v, slab, passes);
  else input6(p, line, depth, v, slab, passes);
}

// @ts-ignore: decorator
@inline function inputAdjointOf(tile: i32, v: usize, slab: usize, q: usize, line: usize, depth: usize, top: i32, bottom: i32, left: i32, right: i32, above: i32, before: i32, passes: usize): void {
  const n: usize = tile + 2;
  for (let c: usize = 0; c < depth; c += 16) {
    for (let j: usize = 0; j < n; j++) inputAdjointPass(tile, v + c + j * slab, n * slab, passes + (j << 4), n << 4);
    for (let i = top; i < bottom; i++) {
      const row = passes + <usize>i * (n << 4);
      const target = q + c + <usize>i * line;
      inputAdjointPass(tile, row, 16, row, 16);
      let j = left;
      for (const shared = i < above ? right : before; j < shared; j++) {
        const pixel = target + <usize>j * depth;
        v128.store(pixel, f32x4.add(v128.load(pixel), v128.load(row + (<usize>j << 4))));
      }
      for (; j < right; j++) v128.store(target + <usize>j * depth, v128.load(row + (<usize>j << 4)));
    }
  }
}
function inputAdjoint4(v: usize, slab: usize, q: usize, line: usize, depth: usize, top: i32, bottom: i32, left: i32, right: i32, above: i32, before: i32, passes: usize): void { inputAdjointOf(4, v, slab, q, line, depth, top, bottom, left, right, above, before, passes); }
function inputAdjoint5(v: usize, slab: usize, q: usize, line: usize, depth: usize, top: i32, bottom: i32, left: i32, right: i32, above: i32, before: i32, passes: usize): void { inputAdjointOf(5, v, slab, q, line, depth, top, bottom, left, right, above, before, passes); }
function inputAdjoint6(v: usize, slab: usize, q: usize, line: usize, depth: usize, top: i32, bottom: i32, left: i32, right: i32, above: i32, before: i32, passes: usize): void { inputAdjointOf(6, v, slab, q, line, depth, top, bottom, left, right, above, before, passes); }

/**
 * Puts B dV B' of one tile into its patch at q: rows `top` to `bottom` and columns `left` to `right` of it. The rows before
 * `above` and the columns before `before` are there already, from the tiles above and before it, and are added to.
 */
// @ts-ignore: decorator
@inline export function inputAdjointTile(tile: i32, v: usize, slab: usize, q: usize, line: usize, depth: usize, top: i32, bottom: i32, left: i32, right: i32, above: i32, before: i32, passes: usize): void {
  if (tile == 4) inputAdjoint4(v, slab, q, line, depth, top, bottom, left, right, above, before, passes);
  else if (tile == 5) inputAdjoint5(v, slab, q, line, depth, top, bottom, left, right, above, before, passes);
  else inputAdjoint6(v, slab, q, line, depth, top, bottom, left, right, above, before, passes);
}

// @ts-ignore: decorator
@inline function outputOf(tile: i32, m: usize, slab: usize, bias: usize, q: usize, line: usize, depth: usize, high: i32, wide: i32, relu: i32, passes: usize): void {
  const n: usize = tile + 2;
  for (let o: usize = 0; o < depth; o += 16) {
    for (let j: usize = 0; j < n; j++) outputPass(tile, m + o + j * slab, n * slab, passes + (j << 4), n << 4);
    const b = bias != 0 ? v128.load(bias + o) : zero();
    for (let i = 0; i < high; i++) {
      const row = passes + <usize>i * (n << 4);
      const target = q + o + <usize>i * line;
      outputPass(tile, row, 16, row, 16);
      for (let j = 0; j < wide; j++) {
        let value = f32x4.add(v128.load(row + (<usize>j << 4)), b);
        if (relu) value = f32x4.max(value, zero());
        v128.store(target + <usize>j * depth, value);
      }
    }
  }
}
function output4(m: usize, slab: usize, bias: usize, q: usize, line: usize, depth: usize, high: i32, wide: i32, relu: i32, passes: usize): void { outputOf(4, m, slab, bias, q, line, depth, high, wide, relu, passes); }
function output5(m: usize, slab: usize, bias: usize, q: usize, line: usize, depth: usize, high: i32, wide: i32, relu: i32, passes: usize): void { outputOf(5, m, slab, bias, q, line, depth, high, wide, relu, passes); }
function output6(m: usize, slab: usize, bias: usize, q: usize, line: usize, depth: usize, high: i32, wide: i32, relu: i32, passes: usize): void { outputOf(6, m, slab, bias, q, line, depth, high, wide, relu, passes); }

/** A' M A + bias, ReLU if relu, of one tile: its first `high` rows and `wide` columns, at q. */
// @ts-ignore: decorator
@inline export function outputTile(tile: i32, m: usize, slab: usize, bias: usize, q: usize, line: usize, depth: usize, high: i32, wide: i32, relu: i32, passes: usize): void {
  if (tile == 4) output4(m, slab, bias, q, line, depth, high, wide, relu, passes);
  else if (tile == 5) output5(m, slab, bias, q, line, depth, high, wide, relu, passes);
  else output6(m, slab, bias, q, line, depth, high, wide, relu, passes);
}

// @ts-ignore: decorator
@inline function outputAdjointOf(tile: i32, p: usize, line: usize, depth: usize, high: i32, wide: i32, m: usize, slab: usize, passes: usize): void {
  const n: usize = tile + 2;
  const row: usize = tile << 4;
  for (let o: usize = 0; o < depth; o += 16) {
    let source = p + o, step = line, pixel = depth;
    if (high < tile || wide < tile) {
      source = passes + COMPLETED; step = row; pixel = 16;
      for (let i = 0; i < tile; i++) for (let j = 0; j < tile; j++) {
        const inside = i < high && j < wide;
        const value = inside ? v128.load(p + o + <usize>i * line + <usize>j * depth) : zero();
        v128.store(source + <usize>i * row + (<usize>j << 4), value);
      }
    }
    for (let j: usize = 0; j < <usize>tile; j++) outputAdjointPass(tile, source + j * pixel, step, passes + (j << 4), row);
    for (let i: usize = 0; i < n; i++) outputAdjointPass(tile, passes + i * row, 16, m + o + i * n * slab, slab);
  }
}
function outputAdjoint4(p: usize, line: usize, depth: usize, high: i32, wide: i32, m: usize, slab: usize, passes: usize): void { outputAdjointOf(4, p, line, depth, high, wide, m, slab, passes); }
function outputAdjoint5(p: usize, line: usize, depth: usize, high: i32, wide: i32, m: usize, slab: usize, passes: usize): void { outputAdjointOf(5, p, line, depth, high, wide, m, slab, passes); }
function outputAdjoint6(p: usize, line: usize, depth: usize, high: i32, wide: i32, m: usize, slab: usize, passes: usize): void { outputAdjointOf(6, p, line, depth, high, wide, m, slab, passes); }

/** dM = A dy A' of one tile: the first `high` rows and `wide` columns of it lie at p, the others are zero. */
// @ts-ignore: decorator
@inline export function outputAdjointTile(tile: i32, p: usize, line: usize, depth: usize, high: i32, wide: i32, m: usize, slab: usize, passes: usize): void {
  if (tile == 4) outputAdjoint4(p, line, depth, high, wide, m, slab, passes);
  else if (tile == 5) outputAdjoint5(p, line, depth, high, wide, m, slab, passes);
  else outputAdjoint6(p, line, depth, high, wide, m, slab, passes);
}

// @ts-ignore: decorator
@inline function kernelOf(tile: i32, k: usize, q: usize, slab: usize, passes: usize): void {
  const n: usize = tile + 2;
  for (let j: usize = 0; j < 3; j++) {
    const column = k + (j << 4);
    kernelPass(tile, v128.load(column), v128.load(column + 48), v128.load(column + 96), passes + (j << 4), 48);
  }
  for (let i: usize = 0; i < n; i++) {
    const row = passes + i * 48;
    kernelPass(tile, v128.load(row), v128.load(row, 16), v128.load(row, 32), q + i * n * slab, slab);
  }
}
function kernel4(k: usize, q: usize, slab: usize, passes: usize): void { kernelOf(4, k, q, slab, passes); }
function kernel5(k: usize, q: usize, slab: usize, passes: usize): void { kernelOf(5, k, q, slab, passes); }
function kernel6(k: usize, q: usize, slab: usize, passes: usize): void { kernelOf(6, k, q, slab, passes); }

/** U = G k G' of 9 vectors at k. */
// @ts-ignore: decorator
@inline export function kernelTile(tile: i32, k: usize, q: usize, slab: usize, passes: usize): void {
  if (tile == 4) kernel4(k, q, slab, passes);
  else if (tile == 5) kernel5(k, q, slab, passes);
  else kernel6(k, q, slab, passes);
}

// @ts-ignore: decorator
@inline function kernelAdjointOf(tile: i32, u: usize, step: usize, q: usize, slab: usize): void {
  const n: usize = tile + 2;
  for (let j: usize = 0; j < n; j++) kernelAdjointPass(tile, u + j * step, n * step, u + j * step, n * step);
  for (let i: usize = 0; i < 3; i++) kernelAdjointPass(tile, u + i * n * step, step, q + 3 * i * slab, slab);
}
function kernelAdjoint4(u: usize, step: usize, q: usize, slab: usize): void { kernelAdjointOf(4, u, step, q, slab); }
function kernelAdjoint5(u: usize, step: usize, q: usize, slab: usize): void { kernelAdjointOf(5, u, step, q, slab); }
function kernelAdjoint6(u: usize, step: usize, q: usize, slab: usize): void { kernelAdjointOf(6, u, step, q, slab); }

/** dk = G' dU G: n * n vectors at u, `step` bytes apart, which are overwritten, to 9 at q, `slab` bytes apart. */
// @ts-ignore: decorator
@inline export function kernelAdjointTile(tile: i32, u: usize, step: usize, q: usize, slab: usize): void {
  if (tile == 4) kernelAdjoint4(u, step, q, slab);
  else if (tile == 5) kernelAdjoint5(u, step, q, slab);
  else kernelAdjoint6(u, step, q, slab);
}
