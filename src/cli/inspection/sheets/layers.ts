import type { RgbaPicture } from '../../../digit/index.js';
import { type FeatureMap, plane, planesOf } from '../../../inspect/index.js';
import type { Canvas } from '../../sheets/canvas.js';
import { textWidth } from '../../sheets/letters.js';
import { palette } from '../../sheets/palette.js';
import { grouped, percent } from '../../terminal/text.js';
import { drawAmounts, drawInk } from '../drawn.js';
import { type Inspection, isUnchanged, limitsOf } from '../inspection.js';
import { sizes } from '../words.js';
import { drawAmountScale, MARGIN, sheet, TOP } from './parts.js';

/** The longest side of a channel's picture, and how many stand in a row. */
const SIDE = 84;
const GAP = 8;
const ACROSS = 12;
const WIDTH = ACROSS * (SIDE + GAP) - GAP;
/** Of each layer, where there are several. */
const MOST_ROWS = 2;
/** Where a layer gives no images, each unit is a square. */
const UNIT = { side: 17, across: 64 };
const LABEL = 18;
const HEAD = 34;
const AFTER = 22;
const SCALE = { width: 130, height: 9 };

interface Section {
  readonly height: number;
  draw(canvas: Canvas, y: number): void;
}

/** What every layer makes of an image: a section for each, with a picture for each channel. */
export function layersSheet(inspection: Inspection, model: string): RgbaPicture {
  const { maps, what } = inspection;
  const most = maps.length === 1 ? Infinity : MOST_ROWS;
  const sections = [imageSection(inspection), ...maps.map((map) => layerSection(map, most))];
  const height = sections.reduce((sum, section) => sum + HEAD + section.height + AFTER, 0);
  const title =
    maps.length === 1 ? `What ${maps[0]!.layer.name} makes of an image` : 'What each layer makes of an image';
  const canvas = sheet(WIDTH + 2 * MARGIN, TOP + height - AFTER + MARGIN, title, `${model}: ${what}`);
  let y = TOP;
  for (const section of sections) {
    section.draw(canvas, y);
    y += HEAD + section.height + AFTER;
  }
  return canvas;
}

function imageSection({ ink, width, height }: Inspection): Section {
  const times = Math.max(1, Math.floor(SIDE / Math.max(width, height)));
  return {
    height: height * times,
    draw(canvas, y) {
      heading(canvas, y, 'image', `${sizes(height, width, 1)}, 0 paper to 1 ink`);
      const place = { x: MARGIN, y: y + HEAD, width: width * times, height: height * times };
      canvas.picture(drawInk(ink, { width, height }), place);
      canvas.frame(place, palette.line);
    },
  };
}

function layerSection(map: FeatureMap, mostRows: number): Section {
  const { layer, shape } = map;
  const size = `${layer.type}, ${sizes(...shape.slice(1))}`;
  if (isUnchanged(map)) {
    const note = `${size}: the values of the layer before`;
    return { height: -12, draw: (canvas, y) => heading(canvas, y, layer.name, note) };
  }
  const body = shape.length === 4 ? channels(map, mostRows) : units(map);
  const costs = [
    layer.parameters > 0 ? `${grouped(layer.parameters)} parameters` : '',
    layer.multiplyAdds > 0 ? `${grouped(layer.multiplyAdds)} multiply-adds` : '',
    `${percent(map.zeros, 0)} zeros`,
    body.note,
  ];
  return {
    height: body.height,
    draw(canvas, y) {
      heading(canvas, y, layer.name, [size, ...costs.filter((cost) => cost !== '')].join(', '));
      const place = { x: MARGIN + WIDTH - SCALE.width, y: y + 1, ...SCALE };
      drawAmountScale(canvas, place, limitsOf(map));
      body.draw(canvas, y + HEAD);
    },
  };
}

interface Body extends Section {
  readonly note: string;
}

/** A picture for each channel; numbered where all are there. */
function channels(map: FeatureMap, mostRows: number): Body {
  const planes = planesOf(map, 0);
  const limits = limitsOf(map);
  const { count, width, height } = planes;
  const times = Math.max(1, Math.floor(SIDE / Math.max(width, height)));
  const label = mostRows === Infinity ? LABEL : 0;
  const cell = { width: width * times + GAP, height: height * times + label + GAP };
  const across = Math.floor((WIDTH + GAP) / cell.width);
  const shown = Math.min(count, across * mostRows);
  return {
    note: shown < count ? `${shown} of ${count} channels here` : '',
    height: Math.ceil(shown / across) * cell.height - GAP,
    draw(canvas, y) {
      for (let i = 0; i < shown; i++) {
        const place = {
          x: MARGIN + (i % across) * cell.width,
          y: y + Math.floor(i / across) * cell.height,
          width: width * times,
          height: height * times,
        };
        canvas.picture(drawAmounts(plane(planes, i), planes, limits), place);
        if (label > 0) canvas.text(String(i), place.x, place.y + place.height + 2, { size: 12, colour: palette.dim });
      }
    },
  };
}

/** A square for each unit. */
function units(map: FeatureMap): Body {
  const planes = planesOf(map, 0);
  const { data } = drawAmounts(planes.data, planes, limitsOf(map));
  const across = Math.min(UNIT.across, planes.width);
  const side = UNIT.side - 1;
  return {
    note: '',
    height: Math.ceil(planes.width / across) * UNIT.side,
    draw(canvas, y) {
      for (let i = 0; i < planes.width; i++) {
        const [x, down] = [(i % across) * UNIT.side, Math.floor(i / across) * UNIT.side];
        const colour = [data[4 * i]!, data[4 * i + 1]!, data[4 * i + 2]!] as const;
        canvas.fill({ x: MARGIN + x, y: y + down, width: side, height: side }, colour);
      }
    },
  };
}

function heading(canvas: Canvas, y: number, name: string, about: string): void {
  canvas.text(name, MARGIN, y, { size: 16, colour: palette.ink });
  const x = MARGIN + Math.ceil(textWidth(name, 16)) + 14;
  canvas.text(about, x, y + 3, { size: 13, colour: palette.dim, width: WIDTH + MARGIN - x - SCALE.width - 20 });
}
