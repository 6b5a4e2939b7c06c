import type { CalibrationError, CoveragePoint } from '../../numeric/calibration.js';
import type { Interval } from '../../numeric/statistics.js';

/** Boxes in place of charts, until there are charts. */
interface Common {
  readonly width?: number;
  readonly height?: number;
}

function box(title: string, { width = 600, height = 240 }: Common): string {
  const safe = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title>${safe}</title><desc>A chart.</desc><rect width="${width}" height="${height}" fill="var(--chart-grid, #eee)"/><text x="20" y="40" font-size="12" fill="var(--chart-ink)">${safe}</text></svg>`;
}

export interface Curves extends Common {
  readonly title: string;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly { readonly x: number; readonly y: number }[];
    readonly dashed?: boolean;
  }[];
  readonly x: { readonly label: string };
  readonly y: { readonly label: string; readonly log?: boolean; readonly percent?: boolean };
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
}

export const curvesChart = (options: Curves): string => box(options.title, options);
export const reliabilityChart = (options: Common & { readonly calibration: CalibrationError }): string =>
  box('reliability', options);
export const coverageChart = (
  options: Common & { readonly coverage: readonly CoveragePoint[]; readonly count: number },
): string => box('coverage', options);
export const classesChart = (
  options: Common & {
    readonly classes: readonly {
      readonly name: string;
      readonly precision?: number;
      readonly recall: number;
      readonly count: number;
    }[];
  },
): string => box('classes', options);
export const stripChart = (
  options: Common & {
    readonly name: string;
    readonly unit: string;
    readonly values: readonly number[];
    readonly neutral: number;
    readonly accuracy: readonly number[];
    readonly intervals: readonly Interval[];
  },
): string => box(options.name, options);
export const sharesChart = (
  options: Common & {
    readonly parts: readonly { readonly name: string; readonly share: number }[];
    readonly total: number;
    readonly unit: string;
  },
): string => box('shares', options);
export const networkChart = (
  options: Common & {
    readonly layers: readonly {
      readonly name: string;
      readonly type: string;
      readonly outputShape: readonly number[];
      readonly parameters: number;
      readonly multiplyAdds: number;
    }[];
  },
): string => box('network', options);
