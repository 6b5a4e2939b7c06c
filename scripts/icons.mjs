// Draws the page's icons, web/public/icon-*.png, from its icon.svg, for systems that want pixels: node scripts/icons.mjs
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const folder = join(import.meta.dirname, '../web/public');
const icon = readFileSync(join(folder, 'icon.svg'), 'utf8');
// Without round corners, for systems that cut the shape themselves.
const whole = icon.replace(/ rx="\d+"/, '');

for (const [name, svg, side] of [
  ['icon-192', icon, 192],
  ['icon-512', icon, 512],
  ['icon-maskable-512', whole, 512],
]) {
  await sharp(Buffer.from(svg), { density: (72 * side) / 32 })
    .resize(side, side)
    .png({ palette: true })
    .toFile(join(folder, `${name}.png`));
}
