export {
  type ChangedImage,
  checkSameImages,
  type ComparedRun,
  compareRuns,
  resultOf,
  type RunComparison,
  type RunFigures,
  type RunPair,
} from './compareRuns.js';
export { mcnemar, type McNemarTest, type PairedCounts, pairedInterval } from './paired.js';
export { settingDifferences, type SettingDifference, type SettingValue } from './settings.js';
