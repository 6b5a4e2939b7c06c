import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { clipped, type Point } from '../../../src/charts/clip.js';
import { seriesColour } from '../../../src/charts/colours.js';
import { laterDomain } from '../../../src/charts/domain.js';
import { apart, dotsOf, type Frame, frameOf, HEIGHT, pathOf } from './chartFrame.js';
import { useWidth } from './useWidth.js';

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** Which of the charts' colours, from 0. */
  readonly colour: number;
  readonly dashed?: boolean;
  /** Each point marked. */
  readonly marked?: boolean;
}

interface LineChartProps {
  readonly title: string;
  readonly series: readonly Series[];
  /** Single values behind the lines. */
  readonly dots?: readonly Point[];
  readonly x: { readonly label: string; readonly from: number; readonly to: number };
  readonly y: { readonly label: string; readonly log?: boolean; readonly percent?: boolean };
  /** A height that says something. */
  readonly reference?: { readonly y: number; readonly label: string };
  /** Vertical lines with a word. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
  /** The figures at a place of the first series; of the last one where nobody points at any. */
  readonly tell: (at: number) => string;
  /** Stands in the frame as long as there are no points. */
  readonly empty: string;
  readonly children: preact.ComponentChildren;
}

/** Lines over steps or epochs, drawn anew as they grow; pointer and arrow keys read values off. */
export function LineChart({ title, series, tell, x, empty, children, ...rest }: LineChartProps) {
  const [box, width] = useWidth();
  const at = useSignal<number | undefined>(undefined);
  const id = useId();
  const points = series[0]?.points ?? [];
  const last = points.length - 1;
  const read = at.value === undefined ? last : Math.min(at.value, last);
  const told = last < 0 ? '' : tell(read);
  const frame = frameFor({ series, x, ...rest }, width);

  const nearest = (event: PointerEvent): void => {
    const place = event.currentTarget as HTMLElement;
    const { left, width: wide } = place.getBoundingClientRect();
    const share = (((event.clientX - left) / wide) * frame.width - frame.left) / (frame.right - frame.left);
    const value = x.from + share * (x.to - x.from);
    let best = 0;
    points.forEach((point, i) => {
      if (Math.abs(point.x - value) < Math.abs(points[best]!.x - value)) best = i;
    });
    at.value = best;
  };
  const onKey = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.round(last / 10));
    const moves: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: read - 1, ArrowDown: read - 1, ArrowRight: read + 1, ArrowUp: read + 1 },
      ...{ PageDown: read - page, PageUp: read + page, Home: 0, End: last },
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    at.value = Math.max(0, Math.min(last, to));
  };

  return (
    <figure class="train-chart">
      <h3 id={`${id}title`}>{title}</h3>
      <p class="train-told" aria-hidden="true">
        {told || empty}
      </p>
      <div
        ref={box}
        class="train-plot"
        {...(last >= 0 && {
          tabIndex: 0,
          role: 'slider',
          'aria-labelledby': `${id}title`,
          'aria-valuemin': 0,
          'aria-valuemax': last,
          'aria-valuenow': read,
          'aria-valuetext': told,
          onKeyDown: onKey,
          onPointerMove: nearest,
          onPointerDown: nearest,
          onPointerLeave: () => (at.value = undefined),
          onBlur: () => (at.value = undefined),
        })}
      >
        <svg viewBox={`0 0 ${frame.width} ${HEIGHT}`} aria-hidden="true">
          <Axes frame={frame} x={x.label} y={rest.y.label} />
          {rest.reference && <Reference frame={frame} {...rest.reference} />}
          {rest.marks?.map((mark) => (
            <Mark key={mark.x} frame={frame} {...mark} />
          ))}
          {rest.dots && <path class="train-dots" d={dotsOf(rest.dots, frame)} stroke={seriesColour(0)} />}
          <Lines frame={frame} series={series} />
          {at.value !== undefined && last >= 0 && <Pointed frame={frame} series={series} at={points[read]!.x} />}
        </svg>
      </div>
      <figcaption>{children}</figcaption>
    </figure>
  );
}

type Drawn = Pick<LineChartProps, 'series' | 'dots' | 'x' | 'y' | 'reference'>;

function frameFor({ series, dots = [], x, y, reference }: Drawn, width: number): Frame {
  const ys = [...series.flatMap(({ points }) => points), ...dots].map((point) => point.y);
  if (reference && ys.every((value) => value >= reference.y / 1000)) ys.push(reference.y);
  const names = series.length > 1 ? series.map(({ name }) => name) : [];
  // Before anything is known, a scale on which the first values will lie.
  if (series.every(({ points }) => points.length === 0)) ys.push(...(y.percent ? [0, 1] : [0.1, 2.3]));
  const domain = y.percent ? laterDomain(series) : undefined;
  return frameOf({ width, x: [x.from, x.to], ys, log: y.log, percent: y.percent, domain, names });
}

function Axes({ frame, x, y }: { frame: Frame; x: string; y: string }) {
  const { left, right, top, bottom, toX, toY } = frame;
  return (
    <g class="train-axes">
      {frame.y.ticks.map((tick) => (
        <g key={tick}>
          <path class="train-grid" d={`M${left} ${toY(tick).toFixed(1)}H${right}`} />
          <text x={left - 8} y={toY(tick) + 4} text-anchor="end">
            {frame.y.format(tick)}
          </text>
        </g>
      ))}
      {frame.x.ticks.map((tick) => (
        <text key={tick} x={toX(tick)} y={bottom + 18} text-anchor="middle">
          {frame.x.format(tick)}
        </text>
      ))}
      <text x={0} y={top - 14}>
        {y}
      </text>
      <text x={(left + right) / 2} y={HEIGHT - 4} text-anchor="middle">
        {x}
      </text>
    </g>
  );
}

function Lines({ frame, series }: { frame: Frame; series: readonly Series[] }) {
  const { y, toX, toY } = frame;
  const ends = series.flatMap(({ name, points, colour }) => {
    const end = points.at(-1);
    return end && end.y >= y.from && end.y <= y.to ? [{ name, colour, x: toX(end.x), height: toY(end.y) }] : [];
  });
  const heights = apart(ends.map(({ height }) => height));
  return (
    <>
      {series.map(({ name, points, colour, dashed, marked }) => (
        <g key={name} stroke={seriesColour(colour)} fill="none">
          <path
            d={pathOf(clipped(points, y.from, y.to), frame)}
            stroke-width={2}
            stroke-linejoin="round"
            stroke-dasharray={dashed ? '5 4' : undefined}
          />
          {marked &&
            points
              .filter((point) => point.y >= y.from && point.y <= y.to)
              .map((point) =>
                dashed ? (
                  <path
                    key={point.x}
                    d={`M${toX(point.x) - 3} ${toY(point.y) - 3}h6v6h-6z`}
                    fill={seriesColour(colour)}
                  />
                ) : (
                  <circle key={point.x} cx={toX(point.x)} cy={toY(point.y)} r={3.2} fill={seriesColour(colour)} />
                ),
              )}
        </g>
      ))}
      {series.length > 1 &&
        ends.map(({ name, colour, x }, i) => (
          <text key={name} class="train-name" x={x + 8} y={heights[i]! + 4} fill={seriesColour(colour)}>
            {name}
          </text>
        ))}
    </>
  );
}

function Reference({ frame, y, label }: { frame: Frame; y: number; label: string }) {
  const height = frame.toY(y);
  if (y < frame.y.from || y > frame.y.to) return null;
  return (
    <g class="train-mark">
      <path d={`M${frame.left} ${height.toFixed(1)}H${frame.right}`} />
      <text x={frame.right} y={height - 5} text-anchor="end">
        {label}
      </text>
    </g>
  );
}

function Mark({ frame, x, label }: { frame: Frame; x: number; label: string }) {
  const place = frame.toX(x);
  return (
    <g class="train-mark">
      <path d={`M${place.toFixed(1)} ${frame.top}V${frame.bottom}`} />
      <text x={place} y={frame.top - 6} text-anchor="middle">
        {label}
      </text>
    </g>
  );
}

function Pointed({ frame, series, at }: { frame: Frame; series: readonly Series[]; at: number }) {
  const { top, bottom, toX, toY, y } = frame;
  const place = toX(at).toFixed(1);
  return (
    <g class="train-pointed">
      <path d={`M${place} ${top}V${bottom}`} />
      {series.map(({ name, points, colour }) => {
        const point = points.find((one) => one.x === at);
        if (!point || point.y < y.from || point.y > y.to) return null;
        return <circle key={name} cx={place} cy={toY(point.y)} r={4.5} fill={seriesColour(colour)} />;
      })}
    </g>
  );
}
