import type { NodeRecord } from '../../src/runs/runRecord.js';

/** The record of a run that has begun. */
export const record: NodeRecord = {
  formatVersion: 1,
  cifraVersion: '0.1.0',
  nodeVersion: 'v20.19.0',
  command: ['cifra', 'train'],
  recipe: { name: 'seed' },
  seed: 1,
  dataset: { name: 'mnist', source: 'the cache', hash: 'ab', sha256: {}, trainCount: 60_000, testCount: 10_000 },
  hardware: { cpu: 'A CPU', cores: 2, memoryGb: 8, platform: 'linux x64' },
  backend: { name: 'wasm', threads: 2, numerics: 'strict' },
  startedAt: '2026-08-05T14:03:22.123Z',
};
