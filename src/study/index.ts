import { augmentationStudy } from './studies/augmentation.js';
import { batchNormalizationStudy } from './studies/batchNormalization.js';

export { augmentationStudy, batchNormalizationStudy };
export { differenceText, findings, valueText } from './findings.js';
export { runStudy, type RunStudyOptions } from './runStudy.js';
export type {
  Contrast,
  Effect,
  Findings,
  Outcome,
  Reading,
  ReadingResult,
  Study,
  TrainingResult,
  Variant,
  Verdict,
} from './study.js';
export type { StudySize } from './studies/size.js';
