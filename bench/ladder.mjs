// One convolution of the seed network, forward and backward, the way up: the definition in TypeScript, the definition as
// matrix products in WebAssembly, Winograd's algorithm with each of its tiles, fused multiply-add. And what it gives to
// take an image through several kernels before the next. The kernels themselves, in one thread.
/* global WebAssembly */
import { performance } from 'node:perf_hooks';
import { ProgramBuilder, referenceBackend } from 'cifra';
import { kernelModule } from '../dist/engine/wasm/module.js';
import { format, table } from './text.mjs';
import { inTurn, spreadOfTimes } from './windows.mjs';

export const title = 'The ladder: 3x3 convolution of [26, 26, 32] to 32 channels, one thread, for 128 images';

const [H, W, C, OH, OW, O] = [26, 26, 32, 24, 24, 32];
const IMAGES = 16;
const BATCH = 128;
/** Of the definition, forward and both gradients. */
const MULTIPLY_ADDS = 3 * BATCH * OH * OW * O * C * 9;

export async function measure({ quick, numerics, progress }) {
  progress('the ladder');
  const strict = await kernels('strict');
  const rungs = [
    ['the definition in TypeScript, float64', await definition(), 1],
    ['as matrix products (direct)', () => direct(strict), 1],
    ...[4, 5, 6].map((tile) => [`Winograd, tiles of ${tile}x${tile}`, () => winograd(strict, tile), 1]),
  ];
  if (numerics.includes('relaxed')) {
    const relaxed = await kernels('relaxed');
    rungs.push(['the last with fused multiply-add', () => winograd(relaxed, 6), 1]);
  }
  const passes = [
    ['kernel after kernel over 128 images', () => chain(strict, BATCH)],
    ['image after image through all kernels', () => chain(strict, 1)],
  ];
  const rounds = quick ? 5 : 15;
  const timed = (work) => async () => {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  };
  const scale = (times, images) => times.map((time) => (time * BATCH) / images);
  const slow = await inTurn([timed(rungs[0][1])], quick ? 1 : 3);
  const fast = await inTurn(
    rungs.slice(1).map(([, work]) => timed(work)),
    rounds,
  );
  const chained = await inTurn(
    passes.map(([, work]) => timed(work)),
    rounds,
  );
  const times = [scale(slow[0], 1), ...fast.map((list) => scale(list, IMAGES))];
  return {
    rungs: rungs.map(([name], i) => ({ name, ms: spreadOfTimes(times[i]) })),
    chains: passes.map(([name], i) => ({ name, ms: spreadOfTimes(chained[i]) })),
  };
}

export function lines({ rungs, chains }) {
  const effective = (ms) => (2 * MULTIPLY_ADDS) / ms / 1e6;
  return [
    ...table([
      ['forward and both gradients', 'ms (fastest)', 'GFLOP/s by the definition', 'times as fast'],
      ...rungs.map(({ name, ms }) => [
        name,
        format(ms.fastest, 1),
        format(effective(ms.fastest), 1),
        format(rungs[0].ms.fastest / ms.fastest, 0),
      ]),
    ]),
    '',
    ...table([
      ['normalize, ReLU, pool, moments over [26, 26, 32]', 'ms (fastest)'],
      ...chains.map(({ name, ms }) => [name, format(ms.fastest, 2)]),
    ]),
  ];
}

/** The oracle's convolution and its gradients, of one image. */
async function definition() {
  const builder = new ProgramBuilder(1);
  const [x, dy] = [builder.input('x', [H, W, C], 'f32', true), builder.input('dy', [OH, OW, O], 'f32', true)];
  const kernel = builder.state('kernel', [3, 3, C, O]);
  const attributes = { strides: [1, 1], padding: { top: 0, bottom: 0, left: 0, right: 0 } };
  builder.output('y', builder.emit('conv2d', [x, kernel], attributes)[0]);
  const [dx, dKernel] = builder.emit('conv2dGradient', [x, kernel, dy], attributes);
  builder.output('dx', dx);
  builder.output('dKernel', dKernel);
  const executable = await referenceBackend().compile(builder.build());
  for (const name of ['x', 'dy']) executable.input(name).forEach((_, i, values) => (values[i] = value(i)));
  executable.writeState(
    'kernel',
    Float64Array.from({ length: 9 * C * O }, (_, i) => value(i)),
  );
  return () => executable.run(1);
}

/** The kernels on memory of their own: x, y and dy, dx of all images, weights, room for what they need. */
async function kernels(kind) {
  const floats = BATCH * H * W * C;
  const sizes = {
    x: floats,
    y: floats,
    dx: floats,
    weights: 2e5,
    packed: 2e5,
    partial: 2e6,
    space: 2e6,
    channels: 1e4,
  };
  const bytes = Object.values(sizes).reduce((sum, size) => sum + 4 * size + 4096, 4096);
  const pages = Math.ceil(bytes / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(await kernelModule(false, kind), { env: { memory } });
  new Float32Array(memory.buffer).forEach((_, i, values) => (values[i] = value(i)));
  let at = 4096;
  const addresses = {};
  for (const [name, size] of Object.entries(sizes)) {
    addresses[name] = at;
    at += 4 * size + 4096;
  }
  return { ...exports, ...addresses };
}

function direct(k) {
  const shape = [H, W, C, OH, OW, O, 3, 3, 1, 1];
  k.matmulPack(0, O / 8, IMAGES, k.weights, k.packed, 9 * C, O, O, 1, 9 * C);
  k.conv2d(0, IMAGES, IMAGES, k.x, k.packed, 0, k.dx, k.space, ...shape, 0);
  k.conv2dPackTransposed(0, (9 * C) / 8, IMAGES, k.weights, k.packed, C, O);
  k.conv2dInputGradient(0, IMAGES, IMAGES, k.y, k.packed, k.dx, ...shape);
  k.conv2dKernelGradient(0, IMAGES, IMAGES, k.x, k.y, k.partial, k.space, ...shape, 8);
}

function winograd(k, tile) {
  const shape = [tile, H, W, C, OH, OW, O, 0, 0];
  const tiles = Math.ceil(OH / tile) * Math.ceil(OW / tile);
  k.winogradKernel(0, C, IMAGES, k.weights, k.packed, k.space, tile, C, O);
  k.winogradKernelTransposed(0, O, IMAGES, k.weights, k.packed, k.space, tile, C, O);
  for (let n = 0; n < IMAGES; n++) {
    k.winogradConv2d(n, n + 1, IMAGES, k.x, k.packed, 0, k.dx, k.space, ...shape, Math.ceil(tiles / 4) * 4, 0);
    k.winogradGradient(n, n + 1, IMAGES, k.x, k.y, k.packed, k.dx, k.partial, k.space, ...shape, 8, 1);
  }
  k.winogradKernelGradient(0, C, IMAGES, k.partial, k.gradient, k.space, tile, C, O, 8);
}

/** Kernels that only pass over memory, `step` images at a time. */
function chain(k, step) {
  const pixels = H * W;
  const channel = (i) => k.channels + 4 * C * i;
  for (let n = 0; n < BATCH; n += step) {
    const range = [n, n + step, BATCH];
    k.normalize(...range, k.x, channel(0), channel(1), channel(2), channel(3), k.y, 1e-3, 1, pixels, C);
    k.relu(...range, k.y, k.y, pixels * C, 0);
    k.maxPool2d(...range, k.y, k.dx, H, W, C, H / 2, W / 2, 2, 2, 2, 2, 0, 0);
    k.momentsPartial(...range, k.dx, k.partial, 1, pixels / 4, C);
  }
}

/** Something like noise between 0 and 0.1. */
function value(i) {
  return ((i * 2654435761) >>> 8) / 2 ** 24 / 10;
}
