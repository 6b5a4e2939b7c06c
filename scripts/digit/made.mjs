// How well digits are read in pictures made for the test, by condition: the share read right, and what is refused.
//   npm run build && nice node scripts/digit/made.mjs MODEL [--count 200] [--sheet sheet.png]
import { parseArgs } from 'node:util';
import { writeFileSync } from 'node:fs';
import { resolveDataset, splitIndices, syntheticDigits, syntheticStrokes } from 'cifra';
import { normalizeDigit } from '../../dist/digit/index.js';
import { Random } from '../../dist/numeric/philox.js';
import { pens, roundTrips } from './conditions.mjs';
import { toPicture } from './scene.mjs';
import { sheetOfStages } from './sheet.mjs';
import { reader } from './reader.mjs';
