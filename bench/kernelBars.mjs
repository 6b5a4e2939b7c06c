// Where a step's time goes: a bar for each kernel, dark as far as the machine's peak would take for the same work.
import { BATCH } from './seedNetwork.mjs';
import { blue, element, group, heading, quiet, text } from './svg.mjs';
import { format, percent } from './text.mjs';

const ROW = 24;
const BAR = 17;
const LABELS = 216;
const BARS = 440;
const TIME = LABELS + BARS + 64;
const SHARE = TIME + 70;
const PEAK = SHARE + 70;
const RATE = PEAK + 120;
/** Kernels with less of a step are one bar. */
const SMALL = 0.01;

const colours = {
  multiplyAdds: { light: blue(0.1), dark: blue(1) },
  memory: { light: '#b5dcc8', dark: '#2f7a55' },
  unknown: { light: '#d4d4d4', dark: '#d4d4d4' },
};

/** @param step one of the results of kernels.mjs */
export function kernelBars({ step, numerics, ms, kernels }) {
  const shown = kernels.filter(({ share }) => share >= SMALL);
  const rest = kernels.slice(shown.length);
  const bars = shown.map((figures) => barOf(figures));
  if (rest.length > 0) {
    const time = rest.reduce((sum, figures) => sum + figures.ms, 0);
    bars.push({ label: `${rest.length} others`, ms: time, share: time / ms, colour: colours.unknown, cells: [] });
  }
  const longest = Math.max(...bars.map((bar) => bar.ms));
  const title = step === 'training' ? 'A step of training' : 'Inference';
  return {
    content: [
      text(0, 12, `${title}, batch ${BATCH}, one thread, ${numerics}: ${format(ms, 1)} ms`, 'start', heading),
      group(LABELS, 36, legend()),
      text(TIME, 40, 'ms', 'end', quiet),
      text(SHARE, 40, 'share', 'end', quiet),
      text(PEAK, 40, 'of peak', 'end', quiet),
      bars.map((bar, i) => group(0, 54 + i * ROW, drawn(bar, BARS / longest))),
    ],
    height: 54 + bars.length * ROW,
  };
}

function barOf({ kernel, count, ms, share, multiplyAdds, gflops, gbs, ofMultiplyAddPeak, ofMemoryPeak }) {
  const label = count > 1 ? `${kernel} × ${count}` : kernel;
  if (multiplyAdds > 0) {
    const cells = [percent(ofMultiplyAddPeak), `${format(gflops, 1)} GFLOP/s`];
    return { label, ms, share, ofPeak: ofMultiplyAddPeak, colour: colours.multiplyAdds, cells };
  }
  const known = ofMemoryPeak !== undefined;
  const cells = known ? [percent(ofMemoryPeak), `${format(gbs, 1)} GB/s`] : [];
  return { label, ms, share, ofPeak: ofMemoryPeak, colour: known ? colours.memory : colours.unknown, cells };
}

function drawn({ label, ms, share, ofPeak = 0, colour, cells: [peak = '', rate = ''] }, scale) {
  const width = ms * scale;
  const middle = BAR / 2 + 4;
  return [
    text(LABELS - 10, middle, label, 'end'),
    element('rect', { x: LABELS, y: 0, width, height: BAR, fill: colour.light }),
    element('rect', { x: LABELS, y: 0, width: width * Math.min(1, ofPeak), height: BAR, fill: colour.dark }),
    text(TIME, middle, format(ms, 2), 'end'),
    text(SHARE, middle, percent(share, 1), 'end'),
    text(PEAK, middle, peak, 'end'),
    text(RATE, middle, rate, 'end', quiet),
  ];
}

function legend() {
  const part = (words, attributes = {}) => element('tspan', attributes, words);
  return element(
    'text',
    { x: 0, y: 4, ...quiet },
    part("Dark: the time at this machine's peak of "),
    part('■', { fill: colours.multiplyAdds.dark }),
    part(' multiply-adds, '),
    part('■', { fill: colours.memory.dark }),
    part(' main memory'),
  );
}
