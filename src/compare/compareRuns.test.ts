import { describe, expect, it } from 'vitest';
import { record as sampleRecord } from '../../tests/runs/sampleRecord.js';
import type { Json } from '../runs/json.js';
import { type ComparedRun, compareRuns } from './compareRuns.js';
import { settingDifferences } from './settings.js';

const layers = (...types: string[]): Json => types.map((type) => ({ type }));
const recipe = (network: Json, rest = {}): Json => ({ name: 'r', description: 'words', network, ...rest });

describe('settingDifferences', () => {
  it('names what differs, layers by name or kind, and leaves out words and what is the same', () => {
    const a = { ...sampleRecord, seed: 1, recipe: recipe({ layers: layers('conv2d', 'dense') }, { list: [1, 2] }) };
    const b = { ...a, seed: 2, recipe: recipe({ layers: layers('conv2d', 'dropout', 'dense') }, { list: [1, 3] }) };
    expect(settingDifferences([a, b])).toEqual([
      { key: 'recipe.network.layers.dropout', values: [undefined, 'dropout'] },
      { key: 'recipe.list', values: ['[1,2]', '[1,3]'] },
      { key: 'seed', values: [1, 2] },
    ]);
    expect(
      settingDifferences([a, { ...a, recipe: recipe({ layers: layers('conv2d', 'dense') }, { list: [1, 2] }) }]),
    ).toEqual([]);
  });

  it('says an object in short where another run has a plain value', () => {
    const [a, b] = [0.1, { type: 'cosineDecay', initialLearningRate: 1 }].map((rate) => ({
      ...sampleRecord,
      recipe: { rate },
    }));
    expect(settingDifferences([a!, b!])).toEqual([{ key: 'recipe.rate', values: [0.1, 'cosineDecay'] }]);
  });
});

describe('compareRuns', () => {
  const labels = Uint8Array.of(1, 2, 3, 4);
  const run = (name: string, predicted?: readonly number[]): ComparedRun => {
    const errors = predicted ? predicted.filter((label, i) => label !== labels[i]).length : 0;
    const result = { testAccuracy: 1 - errors / 4, testErrors: errors, testCount: 4, weightsSha256: '', seconds: 1 };
    const dataset = { ...sampleRecord.dataset, testCount: 4 };
    return { name, record: { ...sampleRecord, dataset, result }, metrics: [], predicted };
  };

  it('counts what both, one and none read right, and lists what changed', () => {
    const { pairs } = compareRuns([run('a', [1, 2, 0, 0]), run('b', [1, 0, 3, 9])], labels);
    expect(pairs[0]).toMatchObject({ first: 0, second: 1, difference: 0 });
    expect(pairs[0]!.paired).toMatchObject({
      counts: { bothRight: 1, onlyFirst: 1, onlySecond: 1, bothWrong: 1 },
      test: { discordant: 2, pValue: 1 },
      changed: [
        { index: 1, label: 2, first: 2, second: 0 },
        { index: 2, label: 3, first: 0, second: 3 },
        { index: 3, label: 4, first: 0, second: 9 },
      ],
    });
  });

  it('leaves out the test without predictions', () => {
    expect(compareRuns([run('a'), run('b', [1, 2, 3, 4])], labels).pairs[0]).toEqual({
      first: 0,
      second: 1,
      difference: 0,
    });
  });

  it('refuses one run, unfinished ones, other images and too few predictions', () => {
    const a = run('a', [1, 2, 3, 4]);
    const { result: _, ...unfinished } = a.record;
    const other = { ...a.record, dataset: { ...a.record.dataset, name: 'other' } };
    expect(() => compareRuns([a])).toThrow('1 runs cannot be compared');
    expect(() => compareRuns([a, { ...a, name: 'b', record: unfinished }], labels)).toThrow(
      'b has not come to its end',
    );
    expect(() => compareRuns([a, { ...a, name: 'b', record: other }], labels)).toThrow('b on 4 test images of other');
    expect(() => compareRuns([a, { ...a, name: 'b', predicted: [1] }], labels)).toThrow('b has 1 predictions for 4');
  });
});
