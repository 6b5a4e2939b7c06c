import { useLayoutEffect, useRef } from 'preact/hooks';
import { divergingColour, type Rgb } from '../../../src/inspect/colours.js';

interface PictureProps {
  readonly width: number;
  readonly height: number;
  /** Of each pixel, row by row. */
  readonly colour: (at: number) => Rgb;
  /** Drawn anew when this is another. */
  readonly of: unknown;
  /** Without it, the picture is decoration. */
  readonly name?: string;
}

/** A few numbers as a picture, each a sharp square. */
function Picture({ width, height, colour, of, name }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const pixels = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) pixels.data.set([...colour(i), 255], 4 * i);
    context.putImageData(pixels, 0, 0);
  }, [of, width, height]);
  const heard = name === undefined ? { 'aria-hidden': true } : { role: 'img' as const, 'aria-label': name };
  return <canvas ref={canvas} class="train-picture" width={width} height={height} {...heard} />;
}

/** An image as the datasets have it: ink is dark. */
export function DigitPicture({ image, name }: { image: Uint8Array; name?: string }) {
  const grey = (at: number): Rgb => [255 - image[at]!, 255 - image[at]!, 255 - image[at]!];
  return <Picture width={28} height={28} colour={grey} of={image} {...(name !== undefined && { name })} />;
}

/** Weights: blue below 0, white at 0, red above. */
export function WeightsPicture({ values, width, scale }: { values: Float32Array; width: number; scale: number }) {
  const colour = (at: number): Rgb => divergingColour(scale === 0 ? 0 : values[at]! / scale);
  return <Picture width={width} height={values.length / width} colour={colour} of={values} />;
}
