import { availableParallelism, cpus, totalmem } from 'node:os';
import type { NodeRecord } from './runRecord.js';

/** The machine that this process runs on. */
export function hardware(): NodeRecord['hardware'] {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    platform: `${process.platform} ${process.arch}`,
  };
}
