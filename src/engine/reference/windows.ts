import type { Padding2d, TensorSpec } from '../program/types.js';

interface Sliding {
  readonly strides: readonly [height: number, width: number];
  readonly padding: Padding2d;
}

/**
 * Slides a window over images `[N, H, W, C]`. For every place (n, i, j) of the output `[N, outH, outW, O]` and every
 * place (u, v) of the window that falls inside the image, in row-major order, calls `visit` with the indices at which
 * the channels of image (n, i*sh + u - top, j*sw + v - left) and of output (n, i, j) begin, and with u * width + v.
 */
export function slide(
  image: TensorSpec,
  output: TensorSpec,
  window: readonly [height: number, width: number],
  { strides, padding }: Sliding,
  rows: number,
  visit: (atImage: number, atOutput: number, tap: number) => void,
): void {
  const [capacity, height, width, channels] = image.shape as [number, number, number, number];
  const [, outHeight, outWidth, outChannels] = output.shape as [number, number, number, number];
  const count = image.batched ? rows : capacity;
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        const atOutput = ((n * outHeight + i) * outWidth + j) * outChannels;
        for (let u = 0; u < window[0]; u++) {
          const row = i * strides[0] + u - padding.top;
          if (row < 0 || row >= height) continue;
          for (let v = 0; v < window[1]; v++) {
            const column = j * strides[1] + v - padding.left;
            if (column < 0 || column >= width) continue;
            visit(((n * height + row) * width + column) * channels, atOutput, u * window[1] + v);
          }
        }
      }
    }
  }
}
