// Where the time goes in a training step and in inference of the seed network, at batch 128 in one thread: each kernel's
// milliseconds and share, its multiply-adds and bytes a second, and these against the machine's peaks of the same run.
import { wasmBackend } from 'cifra';
import * as machine from './peaks.mjs';
import { BATCH, fill, programs } from './seedNetwork.mjs';
import { format, percent, table } from './text.mjs';
import { median } from './windows.mjs';

export const title = `Kernels of the seed network, batch ${BATCH}, one thread`;

/**
 * A list of { step, numerics, ms, multiplyAdds, kernels, calls }: a step's direct multiply-adds, and what each kernel
 * (all its calls together) and each call takes: see `figuresOf`.
 */
export async function measure(context) {
  const { quick, numerics, progress, results } = context;
  results.peaks ??= await machine.measure(context);
  const effort = quick ? { windows: 3, runs: 2 } : { windows: 7, runs: 6 };
  const steps = [];
  for (const [step, program] of Object.entries(programs)) {
    for (const kind of numerics) {
      progress(`the kernels of ${step}, ${kind}`);
      const backend = wasmBackend({ threads: 1, numerics: kind });
      const executable = await backend.compile(program());
      fill(executable);
      const windows = [];
      // The first window warms up.
      for (let window = 0; window <= effort.windows; window++) {
        const times = await executable.profile(BATCH, effort.runs);
        if (window > 0) windows.push(times.map(({ work }) => work[0]));
      }
      await backend.dispose();
      const { calls, multiplyAdds } = executable.description;
      const measured = calls.map((call, i) => ({ ...call, ms: median(windows.map((times) => times[i])) }));
      const ms = sum(measured.map((call) => call.ms));
      const figures = (call) => figuresOf(call, ms, results.peaks, kind);
      const kernels = byKernel(measured)
        .map(figures)
        .sort((a, b) => b.ms - a.ms);
      steps.push({ step, numerics: kind, ms, multiplyAdds, kernels, calls: measured.map(figures) });
    }
  }
  return steps;
}

/** All calls of a kernel as one. What is not known of one is not known of them. */
function byKernel(calls) {
  const kernels = new Map();
  for (const { kernel, ms, multiplyAdds, bytes } of calls) {
    const total = kernels.get(kernel) ?? { kernel, count: 0, ms: 0, multiplyAdds: 0, bytes: 0 };
    total.count++;
    total.ms += ms;
    total.multiplyAdds += multiplyAdds ?? NaN;
    total.bytes += bytes ?? NaN;
    kernels.set(kernel, total);
  }
  return [...kernels.values()];
}

/**
 * GFLOP/s (a multiply-add is two), GB/s (each argument once, read or written), and how these compare with one thread's
 * multiply-add peak and with main memory's bandwidth: above 100% where what is read still lies in a cache.
 */
function figuresOf({ ms, multiplyAdds, bytes, ...call }, whole, peaks, numerics) {
  const gflops = known((2 * multiplyAdds) / ms / 1e6);
  const gbs = known(bytes / ms / 1e6);
  return {
    ...call,
    ms,
    share: ms / whole,
    multiplyAdds: known(multiplyAdds),
    bytes: known(bytes),
    gflops,
    gbs,
    ofMultiplyAddPeak: known(gflops / peaks.multiplyAdds[numerics].one),
    ofMemoryPeak: known(gbs / peaks.memory.at(-1).one),
  };
}

const known = (value) => (Number.isFinite(value) ? value : undefined);
const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Kernels with less of a step are added up in tables. */
const SMALL = 0.01;

export function lines(steps) {
  const tables = steps.flatMap(({ step, numerics, ms, multiplyAdds, kernels }) => {
    const large = kernels.filter(({ share }) => share >= SMALL);
    const rest = kernels.slice(large.length);
    const rows = large.map((figures) => [
      figures.kernel,
      format(figures.count),
      format(figures.ms, 2),
      percent(figures.share, 1),
      ...(figures.multiplyAdds === 0 ? ['', ''] : [format(figures.gflops, 1), percent(figures.ofMultiplyAddPeak)]),
      format(figures.gbs, 1),
      percent(figures.ofMemoryPeak),
    ]);
    const restMs = sum(rest.map((figures) => figures.ms));
    const restCalls = sum(rest.map((figures) => figures.count));
    const effective = (2 * multiplyAdds) / ms / 1e6;
    return [
      '',
      ...table([
        [`${step}, ${numerics}`, 'calls', 'ms', 'share', 'GFLOP/s', 'of peak', 'GB/s', 'of memory'],
        ...rows,
        [`${rest.length} others`, format(restCalls), format(restMs, 2), percent(restMs / ms, 1)],
        ['all', format(restCalls + sum(large.map(({ count }) => count))), format(ms, 2), '', format(effective, 1)],
      ]),
    ];
  });
  return [
    ...tables,
    '',
    "Of peak, of memory: of one thread's multiply-adds, of main memory's bandwidth (more than 100%: from a cache).",
    'GFLOP/s of all: as if every convolution were direct.',
  ];
}
