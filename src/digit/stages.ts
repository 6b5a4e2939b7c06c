import { type Plane, plane, type RgbaPicture } from './picture.js';
import { fieldPlane } from './frame.js';
import type { Look } from './look.js';

/** A step's picture, for people to look at. */
export interface Stage {
  readonly name: 'on paper' | 'ink' | 'mask' | 'main group' | 'strokes' | 'box' | 'normalized';
  /** Opaque. */
  readonly picture: RgbaPicture;
}

/** What each step does, in a few words. */
export const stageNotes: Readonly<Record<Stage['name'], string>> = {
  'on paper': 'opaque, the part looked at',
  ink: 'without the paper’s light',
  mask: 'where strokes are',
  'main group': 'the sign, cut out',
  strokes: 'brought to a usual width',
  box: '20 pixels, shrunk by area',
  normalized: '28 × 28, by centre of mass',
};

export interface Cut {
  /** The main group's ink, 0 to 1. */
  readonly cut: Plane;
  /** The same with its stroke width changed, if it was. */
  readonly strokes: Plane;
  /** In the 20-pixel box. */
  readonly box: Plane;
}

/** The steps from a picture to the network's input, as pictures: ink white on black. */
export function stagesOf({ rgb, ink, levels, inked }: Look, cut: Cut | undefined, image: Uint8Array): Stage[] {
  const [red, green, blue] = rgb;
  const stages: Stage[] = [
    { name: 'on paper', picture: picture(red, green, blue) },
    { name: 'ink', picture: grey(ink, levels.full) },
    { name: 'mask', picture: grey({ ...plane(inked.width, inked.height), data: Float32Array.from(inked.data) }, 1) },
  ];
  if (cut) {
    stages.push(
      { name: 'main group', picture: grey(cut.cut, 1) },
      { name: 'strokes', picture: grey(cut.strokes, 1) },
      { name: 'box', picture: grey(cut.box, 1) },
    );
  }
  stages.push({ name: 'normalized', picture: grey(fieldPlane(image), 1) });
  return stages;
}

function grey(source: Plane, full: number): RgbaPicture {
  const scaled = { ...source, data: source.data.map((value) => value / (full || 1)) };
  return picture(scaled, scaled, scaled);
}

function picture(red: Plane, green: Plane, blue: Plane): RgbaPicture {
  const { width, height } = red;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  [red, green, blue].forEach((channel, c) => {
    channel.data.forEach((value, i) => (data[4 * i + c] = Math.round(255 * value)));
  });
  return { width, height, data };
}
