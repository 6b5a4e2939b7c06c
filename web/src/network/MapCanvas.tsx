import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Mark, marksOn, pixelMark, placeOfTile, tileOf } from './marks.js';
import type { OpenedNetwork } from './networkApi.js';
import { alone } from './numbers.js';
import { chosen, explanation, place } from './opened.js';
import { paintMaps, type Scale } from './paint.js';
import { INPUT, placeWords } from './places.js';
import { mapSize, placeAt, stepped, tile, type TilePlace, type Tiling, tilingSize } from './tiles.js';

interface Props {
  readonly network: OpenedNetwork;
  readonly layer: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly scale: Scale;
}

/** All maps of a layer, on one canvas: a pixel is pointed at or gone to with the arrow keys, and chosen. */
export function MapCanvas({ network, layer, shape, data, scale }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const tiling = useTiling(frame, shape);
  const seen = useSeen(frame);
  const cursor = useSignal<TilePlace | undefined>(undefined);

  useLayoutEffect(() => {
    if (canvas.current && tiling && seen) paintMaps(canvas.current, data, tiling, scale);
  }, [data, tiling, seen, scale.low, scale.high]);

  const pointed = ({ clientX, clientY }: MouseEvent): TilePlace | undefined => {
    const box = canvas.current!.getBoundingClientRect();
    return tiling && placeAt(tiling, (clientX - box.left) * devicePixelRatio, (clientY - box.top) * devicePixelRatio);
  };
  const choose = (at: TilePlace | undefined): void => {
    if (at) place.value = placeOfTile(layer, shape.length, at);
  };
  const own = chosen.value?.layer === layer ? tileOf(chosen.value.at) : undefined;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!tiling || event.ctrlKey || event.altKey || event.metaKey) return;
    const from = cursor.value ?? own ?? { map: 0, row: 0, column: 0 };
    if (event.key === 'Enter' || event.key === ' ') choose(from);
    else {
      const next = keyed(event.key, tiling, from);
      if (!next) return;
      cursor.value = next;
    }
    event.preventDefault();
  };
  const at = cursor.value;
  const marks = tiling ? marksOn(network, layer, tiling, chosen.value, explanation.value) : [];
  const size = tiling && tilingSize(tiling);
  return (
    <>
      <div
        class="net-maps"
        ref={frame}
        role="application"
        tabIndex={0}
        aria-label={labelOf(layer, shape)}
        onPointerMove={(event) => (cursor.value = pointed(event))}
        onPointerLeave={() => (cursor.value = undefined)}
        onClick={(event) => choose(pointed(event))}
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) cursor.value ??= own ?? { map: 0, row: 0, column: 0 };
        }}
        onBlur={() => (cursor.value = undefined)}
        onKeyDown={onKeyDown}
      >
        <canvas
          ref={canvas}
          aria-hidden="true"
          style={size && { width: `${size.width / devicePixelRatio}px`, height: `${size.height / devicePixelRatio}px` }}
        />
        {marks.map((mark, i) => (
          <MarkBox key={i} mark={mark} />
        ))}
        {tiling && at && <MarkBox mark={pixelMark('cursor', tiling, at)} />}
      </div>
      <p class="net-read" aria-live="polite">
        {at && `${placeWords(placeOfTile(layer, shape.length, at).at)}: ${alone(valueAt(data, shape, at))}`}
      </p>
    </>
  );
}

function MarkBox({ mark: { kind, left, top, width, height } }: { readonly mark: Mark }) {
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const byKeys = kind === 'cursor' && box.current!.parentElement!.matches(':focus-visible');
    if (byKeys) box.current!.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [kind, left, top]);
  const css = (length: number): string => `${length / devicePixelRatio}px`;
  return (
    <span
      ref={box}
      class={`net-mark net-${kind}`}
      style={{ left: css(left), top: css(top), width: css(width), height: css(height) }}
    />
  );
}

function keyed(key: string, tiling: Tiling, from: TilePlace): TilePlace | undefined {
  const map = (to: number): TilePlace => ({ ...from, map: Math.min(tiling.count - 1, Math.max(0, to)) });
  switch (key) {
    case 'ArrowRight':
      return stepped(tiling, from, 1, 0);
    case 'ArrowLeft':
      return stepped(tiling, from, -1, 0);
    case 'ArrowDown':
      return stepped(tiling, from, 0, 1);
    case 'ArrowUp':
      return stepped(tiling, from, 0, -1);
    case 'PageDown':
      return map(from.map + 1);
    case 'PageUp':
      return map(from.map - 1);
    case 'Home':
      return map(0);
    case 'End':
      return map(tiling.count - 1);
    default:
      return undefined;
  }
}

function valueAt(data: Float32Array, shape: readonly number[], { map, row, column }: TilePlace): number {
  return shape.length === 3 ? data[(row * shape[1]! + column) * shape[2]! + map]! : data[map]!;
}

function labelOf(layer: string, shape: readonly number[]): string {
  const [height, width, count] = shape;
  const what = layer === INPUT ? 'The drawing' : `Layer ${layer}`;
  const parts = shape.length === 3 ? `maps: ${count} of ${height} by ${width} pixels` : `${height} units`;
  return `${what}, ${parts}. Arrow keys go from pixel to pixel, Page Up and Page Down from map to map, Enter chooses.`;
}

/** How the maps lie, for the room there is. */
function useTiling(frame: { readonly current: HTMLDivElement | null }, shape: readonly number[]): Tiling | undefined {
  const [available, setAvailable] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => setAvailable(Math.floor(frame.current!.clientWidth * devicePixelRatio));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, [frame]);
  return useMemo(() => {
    if (available === 0) return undefined;
    const size = mapSize(shape);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) * devicePixelRatio;
    const gap = Math.round((size.width === 1 ? 0.0625 : 0.25) * rem);
    return tile(size, available, wantedWidth(size.width, size.count, available / rem) * rem, gap);
  }, [available, shape.join()]);
}

/** The width of a map, in rem: the drawing is large, units are small, and all a little less so where room is scarce. */
function wantedWidth(width: number, count: number, room: number): number {
  if (count === 1) return 9;
  if (width === 1) return count > 256 ? 0.75 : 1.25;
  return Math.max(1.75, Math.min(4.75, 0.5 + width / 4) * Math.min(1, room / 28));
}

/** Whether it is on the screen, or nearly. */
function useSeen(frame: { readonly current: HTMLDivElement | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => setSeen(entry?.isIntersecting ?? false), {
      rootMargin: '10%',
    });
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, [frame]);
  return seen;
}
