// Draws docs/images/digit-stages.png: what `cifra predict --stages` shows of three made pictures.
//   npm run build && node scripts/digit/stagesPicture.mjs
import { fileURLToPath } from 'node:url';
import { syntheticStrokes } from 'cifra';
import { openReader } from '../../dist/cli/pictures/openReader.js';
import { writePng } from '../../dist/cli/pictures/newFile.js';
import { stagesSheet } from '../../dist/cli/sheets/stages.js';
import { Random } from '../../dist/numeric/philox.js';
import { pens } from './conditions.mjs';
import { toPicture } from './scene.mjs';
import { troubles } from './troubles.mjs';

const HANDS = 77;
const rows = [
  ['squared paper, in a shadow', pens['ruled, in shadow'], 7],
  ['chalk on a smeared board', troubles['smeared board'], 9],
  ['a form', troubles['in a printed box'], 2],
];
const { reader, ...opened } = await openReader(undefined, 1);
const sheets = [];
for (const [name, draw, index] of rows) {
  const { strokes } = syntheticStrokes({ seed: HANDS, index });
  const picture = toPicture(draw(strokes, new Random(6, 1100, index)));
  sheets.push(stagesSheet(name, picture, await reader.read(picture)));
}
await opened[Symbol.asyncDispose]();

const [{ width }] = sheets;
const data = Uint8ClampedArray.from(sheets.flatMap((sheet) => [...sheet.data]));
const height = data.length / (4 * width);
await writePng(fileURLToPath(new URL('../../docs/images/digit-stages.png', import.meta.url)), { width, height, data });
