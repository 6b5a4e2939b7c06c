import { plane, planesOf } from '../../inspect/index.js';
import type { FeatureMap, Kernels } from '../../inspect/index.js';
import { formatSummary } from '../../nn/index.js';
import { bar } from '../terminal/bars.js';
import type { Page } from '../terminal/output.js';
import { characters, drawPictures, fitting, type Picture } from '../terminal/pictures.js';
import { counted, percent, wrapped } from '../terminal/text.js';
import type { Style } from '../terminal/style.js';
import { drawAmounts, drawInk, drawOver, drawSigned, type Drawn, enlarged, shrunk } from './drawn.js';
import { type Evidence, exactLimits, type Inspection, isUnchanged, limitsOf, signedLimits } from './inspection.js';
import { figure, nameOfClass, sizes } from './words.js';

/** Pixels cut off at each edge of an image of 28 x 28, so that three stand side by side. */
const MARGIN = 2;
/** The longest side of a feature map, in characters. */
const MOST_SIDE = 16;
/** Units of a layer without images stand in lines of this many. */
const LINE = 64;
const MOST_KERNEL_ROWS = 4;

/** All of it, in lines. */
export function showInspection(page: Page, inspection: Inspection): void {
  const { line, style } = page;
  const { kernels, maps, evidence } = inspection;
  if (evidence) line(`${formatSummary(inspection.summary)}\n`);
  if (kernels) {
    showKernels(page, kernels);
    line();
  }
  line(style.bold(evidence ? 'What each layer makes of the image' : 'What it makes of the image'));
  for (const map of maps) showMap(page, map, evidence ? 1 : Infinity);
  if (!evidence) return;
  line();
  showReading(page, inspection);
  line();
  showEvidence(page, inspection, evidence);
}

function showKernels({ line, style, width }: Page, kernels: Kernels): void {
  const { layer, height, filters, channels } = kernels;
  const limits = signedLimits(kernels.data);
  const [below, above] = signNames(style);
  const ends = `${figure(limits.least)} ${below} to ${figure(limits.most)} ${above}${limits.isCut ? ' and beyond' : ''}`;
  const what = `${sizes(height, kernels.width)}, ${counted(filters, 'filter')} of ${counted(channels, 'channel')}`;
  line(`${style.bold(`Kernels of ${layer}`)}  ${what}`);
  line(style.dim(`  ${ends}`));
  const pictures = Array.from({ length: kernels.count }, (_, i) =>
    enlarged(drawSigned(plane(kernels, i), kernels, limits), 2),
  );
  showRows(line, style.depth, pictures, width - 2, MOST_KERNEL_ROWS);
}

function showMap({ line, style, width }: Page, map: FeatureMap, mostRows: number): void {
  const { layer, shape } = map;
  line();
  const range = `${figure(map.min)} to ${figure(map.max)}`;
  line(
    `  ${style.bold(layer.name)}  ${sizes(...shape.slice(1))}  ${style.dim(isUnchanged(map) ? 'the values of the layer before' : `${range}, ${percent(map.zeros, 0)} zeros`)}`,
  );
  if (isUnchanged(map)) return;
  const limits = limitsOf(map);
  const planes = planesOf(map, 0);
  if (shape.length < 4) {
    const length = Math.min(LINE, planes.width);
    const size = { width: length, height: Math.ceil(planes.width / length) };
    const padded = new Float32Array(size.width * size.height).fill(limits.least);
    padded.set(planes.data);
    const picture = amounts(style, padded, size, limits);
    for (const text of drawPictures([picture], style.depth)) line(`  ${text}`);
    return;
  }
  const pictures = Array.from({ length: planes.count }, (_, i) => {
    const { numbers, ...size } = shrunk(planes, i, MOST_SIDE);
    return amounts(style, numbers, size, limits);
  });
  showRows(line, style.depth, pictures, width - 2, mostRows);
}

/** The palette of 256 colours has few dark ones: there, black to white tells more. */
function amounts({ depth }: Style, ...given: Parameters<typeof drawAmounts>): Picture {
  const { data, ...grey } = drawAmounts(...given);
  return depth === 'all' ? { data, ...grey } : grey;
}

/** How values below 0 and above are drawn: in colours, or in characters. */
function signNames({ depth }: Style): readonly [below: string, above: string] {
  return depth === 'all' || depth === '256' ? ['blue', 'red'] : [characters.below, characters.above];
}

/** As many rows of pictures as there may be, and how many are left out. */
function showRows(
  line: Page['line'],
  depth: Page['style']['depth'],
  pictures: readonly Picture[],
  width: number,
  most: number,
): void {
  const across = fitting(pictures, width).length;
  for (let from = 0; from < Math.min(pictures.length, across * most); from += across) {
    if (from > 0) line();
    for (const text of drawPictures(pictures.slice(from, from + across), depth)) line(`  ${text}`);
  }
}

/** The probability of every class. */
function showReading({ line, style, width }: Page, { probabilities, classNames, label }: Inspection): void {
  const nameWidth = Math.max(...classNames.map((name) => name.length));
  probabilities.forEach((probability, i) => {
    const text = `${nameOfClass(classNames, i).padStart(nameWidth)} ${bar(probability, Math.min(30, width - nameWidth - 14))} ${percent(probability).padStart(7)}`;
    line(`  ${i === label ? style.bold(text) : text}`);
  });
  line();
  line(`  Read as ${style.bold(nameOfClass(classNames, label))}, ${percent(probabilities[label]!)}.`);
}

/** Which pixels speak for the class, and which against it. */
function showEvidence({ line, style, width }: Page, inspection: Inspection, { occlusion, smooth }: Evidence): void {
  const { ink, classNames } = inspection;
  const target = nameOfClass(classNames, occlusion.target);
  line(style.bold(`Where it sees ${target}`));
  const full = { width: inspection.width, height: inspection.height };
  const pictures: Picture[] = [
    { ...cropped(drawInk(ink, full)), caption: 'the image' },
    { ...cropped(drawOver(occlusion.lost.data, ink, full, exactLimits(occlusion.scale))), caption: 'occlusion' },
    { ...cropped(drawOver(smooth.gradient.data, ink, full, signedLimits(smooth.gradient.data))), caption: 'gradient' },
  ];
  for (const text of drawPictures(pictures, style.depth)) line(`  ${text}`);
  line();
  const [below, above] = signNames(style);
  const words = [
    `Occlusion: a square of ${sizes(occlusion.size, occlusion.size)} on a place drawn ${above} takes probability from ${target} (at most ${percent(Math.max(0, ...occlusion.lost.data))} of ${percent(occlusion.probability)}), on one drawn ${below} it adds some.`,
    `Gradient: more ink on a pixel drawn ${above} speaks for ${target}, on one drawn ${below} against it; up to ${figure(smooth.scale)} of its logit for a full pixel.`,
  ];
  for (const text of words.flatMap((sentence) => wrapped(sentence, width - 2))) line(`  ${text}`);
}

function cropped({ data, values, width, height }: Drawn): Drawn {
  const size = { width: width - 2 * MARGIN, height: height - 2 * MARGIN };
  const from = Array.from(
    { length: size.width * size.height },
    (_, i) => (Math.floor(i / size.width) + MARGIN) * width + (i % size.width) + MARGIN,
  );
  const copy = new Uint8ClampedArray(4 * from.length);
  from.forEach((at, i) => copy.set(data.subarray(4 * at, 4 * at + 4), 4 * i));
  return { ...size, data: copy, values: from.map((at) => values[at]!) };
}
