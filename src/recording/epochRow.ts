import type { EpochLog } from '../train/logs.js';

/** An epoch's figures as they are recorded and given to programs. */
export interface EpochRow {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number | null;
  readonly valLoss: number | null;
  readonly valAccuracy: number | null;
  readonly imagesPerSecond: number;
  readonly seconds: number;
}

export function epochRow(log: EpochLog): EpochRow {
  return {
    epoch: log.epoch,
    trainLoss: log.loss,
    trainAccuracy: log.accuracy ?? null,
    valLoss: log.valLoss ?? null,
    valAccuracy: log.valAccuracy ?? null,
    imagesPerSecond: Math.round(log.imagesPerSecond * 10) / 10,
    seconds: roundedSeconds(log.seconds),
  };
}

/** A row of metrics.csv. */
export const metricsRow = (log: EpochLog) => ({ ...epochRow(log), learningRate: log.learningRate });

export function roundedSeconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
