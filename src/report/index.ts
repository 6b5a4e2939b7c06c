/** What a run's report shows, and what it is collected from. */
export { collectReport, type ReportSources } from './collect.js';
export type * from './data.js';
export { reportPage } from './page/index.js';
export { type Progress, PROGRESS_FILE, ProgressRecorder, readProgress } from './progress.js';
