import { chartSheet, coverageChart, reliabilityChart } from '../charts/index.js';
import type { CalibrationError, CoveragePoint } from '../numeric/calibration.js';
import { percent } from '../numeric/words.js';

/** What the picture shows. */
export interface ChartData {
  /** Of which model and images, in words. */
  readonly title: string;
  readonly subtitle: string;
  /** How many images. */
  readonly count: number;
  readonly calibration: CalibrationError;
  readonly coverage: readonly CoveragePoint[];
}

/**
 * Two diagrams side by side as SVG, for light and dark pages: accuracy by confidence (the reliability diagram), and
 * accuracy against the share answered.
 */
export function calibrationChart({ title, subtitle, count, calibration, coverage }: ChartData): string {
  const size = { width: 480, height: 390 };
  return chartSheet({
    title,
    subtitle,
    charts: [
      {
        heading: 'Does it know how sure it may be?',
        note: `Expected calibration error ${percent(calibration.ece)}, ${calibration.bins.length} bins.`,
        svg: reliabilityChart({ calibration, ...size }),
      },
      {
        heading: 'What if it may decline to answer?',
        note: 'The least certain answers are withheld first.',
        svg: coverageChart({ coverage, count, ...size }),
      },
    ],
  });
}
