/**
 * Charts as SVG text, in Node and in a page: the ones of reports, for pages and documents of your own. Each function gives
 * the text of one `<svg>`, equal for equal input, with a title and the figures in words for screen readers. Colours are the
 * CSS custom properties --chart-1 to --chart-6, --chart-ink, --chart-quiet, --chart-grid and --chart-paper of the page it
 * is put into, or those of light pages; with `standalone` it is a file of its own for light, dark and print.
 */
export type { ChartOptions } from './checks.js';
export { chartColours } from './colours.js';
export { curvesChart, type CurvesChartOptions, type CurveSeries } from './curves.js';
export { classesChart, type ClassesChartOptions } from './classes.js';
export { coverageChart, type CoverageChartOptions } from './coverage.js';
export { type IntervalRow, intervalsChart, type IntervalsChartOptions } from './intervals.js';
export { networkChart, type NetworkChartOptions } from './network.js';
export { reliabilityChart, type ReliabilityChartOptions } from './reliability.js';
export { sharesChart, type SharesChartOptions } from './shares.js';
export { stripChart, type StripChartOptions } from './strip.js';
export { chartSheet, type ChartSheetOptions } from './sheet.js';
