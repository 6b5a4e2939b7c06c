import { describe, expect, it } from 'vitest';
import { hardware } from './hardware.node.js';
import { formatRecord, readRecord, type RunRecord } from './runRecord.js';

const sampleRecord: RunRecord = {
  formatVersion: 1,
  cifraVersion: '0.1.0',
  nodeVersion: 'v20.19.0',
  command: ['cifra', 'train', '--seed', '7'],
  recipe: { name: 'seed', stages: [{ epochs: 3, augmentation: null }] },
  seed: 7,
  dataset: {
    name: 'synthetic',
    source: 'drawn by Cifra',
    hash: 'ab12',
    sha256: { 'train-images-idx3-ubyte': 'cd34' },
    notice: 'These are not MNIST.',
    trainCount: 60_000,
    testCount: 10_000,
  },
  hardware: { cpu: 'A CPU', cores: 2, memoryGb: 7.8, platform: 'linux x64' },
  backend: { name: 'wasm', threads: 2, numerics: 'strict' },
  startedAt: '2026-08-05T14:03:22.123Z',
  finishedAt: '2026-08-05T14:20:00.000Z',
  result: { testAccuracy: 0.9921, testErrors: 79, testCount: 10_000, weightsSha256: 'ef56', seconds: 997.9 },
  note: 'for the README',
};

const read = (value: unknown): RunRecord =>
  readRecord(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)), 'runs/a/run.json');

describe('the record of a run', () => {
  it('comes back as it was, from text that people can read', () => {
    const text = formatRecord(sampleRecord);
    expect(text).toContain('\n  "seed": 7,\n');
    expect(read(text)).toEqual(sampleRecord);
    const { result, finishedAt, note, ...unfinished } = sampleRecord;
    expect([result, finishedAt, note]).not.toContain(undefined);
    expect(read(formatRecord(unfinished))).toEqual(unfinished);
  });

  it('keeps fields that it does not know', () => {
    expect(read({ ...sampleRecord, later: 1 })).toHaveProperty('later', 1);
  });

  it('says where a damaged one is wrong', () => {
    const remedy = 'The model and the metrics beside it can still be used; to have the record again, repeat the run.';
    expect(() => read('{"formatVersion": 1,')).toThrow(/^runs\/a\/run\.json is damaged: it is no JSON \(/);
    expect(() => read('[]')).toThrow(`runs/a/run.json is damaged: the record is [], not an object.\n  ${remedy}`);
    expect(() => read({ ...sampleRecord, seed: undefined })).toThrow(
      'the record.seed is missing, and a whole number >= 0 was expected',
    );
    expect(() => read({ ...sampleRecord, seed: 1.5 })).toThrow('the record.seed is 1.5, and a whole number');
    expect(() => read({ ...sampleRecord, formatVersion: 0 })).toThrow('the record.formatVersion is 0, and 1 was');
    expect(() => read({ ...sampleRecord, command: ['cifra', 1] })).toThrow('the record.command.1 is 1, and a text');
    expect(() => read({ ...sampleRecord, command: 'cifra' })).toThrow('the record.command is "cifra", not a list');
    expect(() => read({ ...sampleRecord, command: { 0: 'cifra' } })).toThrow(
      'the record.command is {"0":"cifra"}, not a list',
    );
    expect(() => read({ ...sampleRecord, dataset: { ...sampleRecord.dataset, sha256: ['ab'] } })).toThrow(
      'the record.dataset.sha256 is ["ab"], not an object',
    );
    expect(() => read({ ...sampleRecord, startedAt: 'yesterday' })).toThrow(
      'the record.startedAt is "yesterday", and a time such as 2026-08-05T14:03:22.123Z was expected',
    );
    expect(() => read({ ...sampleRecord, startedAt: '2026-13-05T14:03:22.123Z' })).toThrow('and a time such as');
    expect(() => read({ ...sampleRecord, recipe: undefined })).toThrow('the record.recipe is missing');
    const dataset = { ...sampleRecord.dataset, sha256: { file: null } };
    expect(() => read({ ...sampleRecord, dataset })).toThrow('the record.dataset.sha256.file is null, and a text was');
    const result = { ...sampleRecord.result, testAccuracy: null };
    expect(() => read({ ...sampleRecord, result })).toThrow(
      'the record.result.testAccuracy is null, and a number from 0 to 1 was expected',
    );
    const seconds = { ...sampleRecord.result, seconds: 'many' };
    expect(() => read({ ...sampleRecord, result: seconds })).toThrow('seconds is "many", and a finite number was');
    expect(() => read({ ...sampleRecord, note: 3 })).toThrow('the record.note is 3, and a text was expected');
  });

  it('is refused where it is larger than any record', () => {
    expect(() => readRecord(new Uint8Array(16_000_001), 'runs/a/run.json')).toThrow(
      'runs/a/run.json is damaged: it has 16000001 bytes, and 16000000 are the most.\n  The model and the metrics',
    );
  });

  it('says so where a newer version wrote it, whatever else it holds', () => {
    expect(() => read({ formatVersion: 3, other: true })).toThrow(
      'runs/a/run.json was written by a newer version of Cifra: it has format version 3, and this one reads 2.\n  Update Cifra.',
    );
  });

  it('is that of a browser, which knows little of its machine and has no command', () => {
    const { nodeVersion: _, command: __, ...rest } = sampleRecord;
    const record: RunRecord = {
      ...rest,
      formatVersion: 2,
      browser: 'Mozilla/5.0 (X11)',
      hardware: { cores: 8, platform: 'Linux x86_64' },
      resumed: [{ at: '2026-08-05T14:10:00.000Z', steps: 12, nodeVersion: 'v20.19.0' }],
    };
    expect(read(formatRecord(record))).toEqual(record);
    expect(() => formatRecord({ ...rest, formatVersion: 2 })).toThrow('the record.browser is missing');
    expect(() => formatRecord({ ...record, formatVersion: 1 })).toThrow('the record.nodeVersion is missing');
  });

  it('is not written with values that could not be read back', () => {
    expect(() => formatRecord({ ...sampleRecord, seed: -1 })).toThrow(
      'This record of a run cannot be saved: the record.seed is -1, and a whole number >= 0 was expected.',
    );
    expect(() => formatRecord({ ...sampleRecord, recipe: { learningRate: NaN } })).toThrow(
      'The record of the run cannot be written as JSON: "learningRate" is NaN.',
    );
  });
});

describe('hardware', () => {
  it('is part of a sound record', () => {
    const found = hardware();
    expect(read(formatRecord({ ...sampleRecord, hardware: found })).hardware).toEqual(found);
    expect(found.cores).toBeGreaterThanOrEqual(1);
    expect(found.memoryGb).toBeGreaterThan(0.1);
    expect(found.platform).toBe(`${process.platform} ${process.arch}`);
    expect(found.cpu).not.toBe('');
  });
});
