// The loops of peaks.mjs in WebAssembly, made by AssemblyScript when the benchmark starts: as plain as can be, so that
// what limits them is the machine.
import { setFlagsFromString } from 'node:v8';
import asc from 'assemblyscript/asc';

/* global WebAssembly */

/**
 * Sums that run side by side, so that none waits for the one before it: a product and a sum take 6 to 8 cycles, in
 * each of which a core begins one or two. More would not fit into 16 vector registers.
 */
const CHAINS = 12;
/** Links of every chain in one turn of the loop. */
const LINKS = 4;
/** Vectors in one turn of a pass over memory. */
const VECTORS = 8;
/** What one turn of `multiplyAdds` does. */
export const MULTIPLY_ADDS_PER_TURN = 4 * CHAINS * LINKS;
/** What `copy` takes at a time: the size of its memory must be a multiple of it. */
export const COPY_BYTES = 2 * 16 * VECTORS;

const lines = (count, line) => Array.from({ length: count }, (_, i) => line(i)).join('\n');

const source = `
  function multiplyAdd(a: v128, b: v128, c: v128): v128 {
    if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
    return f32x4.add(f32x4.mul(a, b), c);
  }

  // Each chain tends to 1. They are given back, so that no compiler leaves the work out.
  export function multiplyAdds(turns: i32): f32 {
    const b = f32x4.splat(0.75);
    const c = f32x4.splat(0.25);
    ${lines(CHAINS, (i) => `let a${i} = f32x4.splat(${i}.5);`)}
    for (let turn = 0; turn < turns; turn++) {
      ${lines(CHAINS * LINKS, (i) => `a${i % CHAINS} = multiplyAdd(a${i % CHAINS}, b, c);`)}
    }
    ${lines(CHAINS - 1, (i) => `a0 = f32x4.add(a0, a${i + 1});`)}
    return f32x4.extract_lane(a0, 0);
  }

  // The first half of so many bytes to the second half, again and again.
  export function copy(bytes: i32, passes: i32): void {
    const half = <usize>(bytes >> 1);
    for (let pass = 0; pass < passes; pass++) {
      for (let p: usize = 0; p < half; p += ${16 * VECTORS}) {
        ${lines(VECTORS, (i) => `const v${i} = v128.load(p, ${16 * i});`)}
        ${lines(VECTORS, (i) => `v128.store(p + half, v${i}, ${16 * i});`)}
      }
    }
  }
`;

/** The loops as a module that brings its own memory; undefined where WebAssembly has no such SIMD. */
export async function compileLoops(numerics) {
  const { error, binary, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    noAssert: true,
    runtime: 'stub',
    initialMemory: 1,
    enable: numerics === 'relaxed' ? ['simd', 'relaxed-simd'] : ['simd'],
  });
  if (error) throw new Error(`The loops do not compile: ${stderr}`);
  // As the engine does: before Node 22, V8 has relaxed SIMD behind this flag.
  if (!WebAssembly.validate(binary)) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(binary) ? WebAssembly.compile(binary) : undefined;
}
