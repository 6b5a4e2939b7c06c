import type { LabelledImages } from '../data/dataset.js';
import type { Executable } from '../engine/backend.js';
import { ProgramBuilder } from '../engine/program/builder.js';
import type { InspectedModel } from '../inspect/index.js';
import { augment } from '../nn/index.js';
import { cos, sin } from '../numeric/exactMath.js';
import { wilsonInterval } from '../numeric/statistics.js';
import type { RobustnessData } from './data.js';
import { rowsOf } from './progress.js';
import { inkSprite } from './sprite.js';

/** How an image is changed: the same change for all images, but for the noise. */
interface Change {
  /** Pixels to the right and down, degrees counter-clockwise, times as large. */
  readonly shift?: number;
  readonly turn?: number;
  readonly scale?: number;
  /** Pixels that strokes get wider; narrower, where negative. */
  readonly strokes?: number;
  /** Times the ink's darkness, and the standard deviation of the noise, of 1. */
  readonly contrast?: number;
  readonly noise?: number;
}

interface Strip {
  readonly name: string;
  readonly unit: string;
  readonly neutral: number;
  readonly values: readonly number[];
  change(value: number): Change;
}

const strips: readonly Strip[] = [
  {
    ...{ name: 'shift to the right', unit: 'pixels', neutral: 0, values: [-6, -4, -2, 0, 2, 4, 6] },
    change: (shift) => ({ shift }),
  },
  {
    ...{ name: 'rotation', unit: 'degrees', neutral: 0, values: [-45, -30, -15, 0, 15, 30, 45] },
    change: (turn) => ({ turn }),
  },
  {
    ...{ name: 'scale', unit: 'times', neutral: 1, values: [0.5, 0.65, 0.8, 1, 1.15, 1.3] },
    change: (scale) => ({ scale }),
  },
  {
    ...{ name: 'stroke', unit: 'pixels wider', neutral: 0, values: [-1, -0.5, 0, 1, 2, 3] },
    change: (strokes) => ({ strokes }),
  },
  {
    ...{ name: 'noise', unit: 'standard deviation', neutral: 0, values: [0, 0.1, 0.2, 0.3, 0.45, 0.6] },
    change: (noise) => ({ noise }),
  },
  {
    ...{ name: 'contrast', unit: 'times', neutral: 1, values: [0.1, 0.2, 0.35, 0.6, 1] },
    change: (contrast) => ({ contrast }),
  },
];

/** So many images, evenly from all the test images, unless all are asked for. */
const COUNT = 500;
/** Images that are changed at once. */
const BATCH = 250;
const RADIANS = Math.PI / 180;

/** Accuracy on test images that are moved, turned, scaled, drawn by other pens, in noise and faint. */
export async function robustnessData(
  model: InspectedModel,
  { images, labels }: LabelledImages,
  full = false,
): Promise<RobustnessData> {
  const count = full ? labels.length : Math.min(COUNT, labels.length);
  const indices = Array.from({ length: count }, (_, i) => Math.floor((i * labels.length) / count));
  const changer = new Changer(rowsOf(images, indices));
  const wanted = Uint8Array.from(indices, (index) => labels[index]!);
  await changer.open(model);
  try {
    let plain: number | undefined;
    const result: RobustnessData['strips'][number][] = [];
    for (const { name, unit, neutral, values, change } of strips) {
      const right: number[] = [];
      const examples = new Uint8Array(values.length * changer.area);
      for (const [i, value] of values.entries()) {
        const known = value === neutral ? plain : undefined;
        const { read, first } = await changer.run(change(value), known === undefined ? model : undefined);
        const correct = known ?? read!.filter((label, k) => label === wanted[k]).length;
        if (value === neutral) plain = correct;
        right.push(correct);
        examples.set(first, i * changer.area);
      }
      const { width, height } = changer;
      result.push({
        ...{ name, unit, neutral, values },
        accuracy: right.map((correct) => correct / count),
        intervals: right.map((correct) => wilsonInterval(correct, count)),
        sprite: await inkSprite({ pixels: examples, width, height }, values.length),
      });
    }
    return { count, strips: result };
  } finally {
    changer.close();
  }
}

/** Changes images by the engine's own augmentation, with the same numbers for every image. */
class Changer {
  readonly height: number;
  readonly width: number;
  #executable: Executable | undefined;

  constructor(private readonly images: LabelledImages['images']) {
    [, this.height, this.width] = images.shape as [number, number, number];
  }

  get area(): number {
    return this.height * this.width;
  }

  async open({ backend }: InspectedModel): Promise<void> {
    const builder = new ProgramBuilder(BATCH);
    const input = builder.input('images', this.images.shape.slice(1), 'u8', true);
    const how = { fillMode: 'constant', fillValue: 0, strokes: true, blur: false, tone: true } as const;
    builder.output('changed', augment(builder, input, 255, how));
    this.#executable = await backend.compile(builder.build());
  }

  close(): void {
    this.#executable?.dispose();
  }

  /** What `model` reads in the changed images, and the first of them as bytes; without a model only that. */
  async run(change: Change, model: InspectedModel | undefined): Promise<{ read?: number[]; first: Uint8Array }> {
    const executable = this.#executable!;
    const { data, shape } = this.images;
    const [count] = shape as [number];
    const read: number[] = [];
    let first = new Uint8Array(0);
    for (let start = 0; start < count && (start === 0 || model); start += BATCH) {
      const rows = Math.min(BATCH, count - start);
      executable.input('images').set(data.subarray(start * this.area, (start + rows) * this.area));
      this.#write(executable, change, start, rows);
      await executable.run(rows);
      const changed = executable.readOutput('changed', rows);
      if (start === 0) first = Uint8Array.from(changed.subarray(0, this.area), (value) => Math.round(255 * value));
      if (!model) break;
      const answer = await model.predict({ data: Float32Array.from(changed), shape: [rows, ...shape.slice(1)] });
      const classes = answer.shape[1]!;
      for (let i = 0; i < rows; i++) {
        const row = answer.data.subarray(i * classes, (i + 1) * classes);
        read.push(row.indexOf(Math.max(...row)));
      }
    }
    return { read, first };
  }

  #write(executable: Executable, change: Change, start: number, rows: number): void {
    const { shift = 0, turn = 0, scale = 1, strokes = 0, contrast = 1, noise = 0 } = change;
    // From output to input: place (column, row) shows the input at (m0 c + m1 r + m2, m3 c + m4 r + m5).
    const [cosine, sine] = [cos(turn * RADIANS) / scale, sin(turn * RADIANS) / scale];
    const [cx, cy] = [(this.width - 1) / 2, (this.height - 1) / 2];
    const matrix = [
      ...[cosine, -sine, cx - cosine * (cx + shift) + sine * cy],
      ...[sine, cosine, cy - sine * (cx + shift) - cosine * cy],
    ];
    for (let i = 0; i < rows; i++) {
      matrix.forEach((value, k) => (executable.input('matrices')[6 * i + k] = value));
      executable.input('strokes')[i] = strokes;
      [contrast, 0, noise].forEach((value, k) => (executable.input('tones')[3 * i + k] = value));
      [0, 0, 0, start + i].forEach((value, k) => (executable.input('keys')[4 * i + k] = value));
    }
  }
}
