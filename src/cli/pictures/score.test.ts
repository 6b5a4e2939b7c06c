import { describe, expect, it } from 'vitest';
import { isRight, type Scored, scoreOf } from './score.js';

function scored(label: number, status: 'ok' | 'unsure' | 'blank' | 'unread', read: number, source: string): Scored {
  const picture = { name: '', path: '', label, groups: { source } };
  if (status === 'unread') return { picture, read: undefined };
  const named = status === 'blank' ? null : read;
  return { picture, read: { label: named, confidence: 0.5, top: [], status, reason: '', signs: [] } };
}

describe('a score', () => {
  const all = [
    scored(7, 'ok', 7, 'a'),
    scored(7, 'ok', 1, 'a'),
    scored(1, 'unsure', 1, 'a'),
    scored(1, 'unsure', 2, 'a'),
    scored(3, 'ok', 3, 'b'),
    scored(0, 'blank', 0, 'b'),
    scored(5, 'unread', 0, 'c'),
  ];

  it('takes what is refused for an error', () => {
    expect(all.map(isRight)).toEqual([true, false, true, false, true, false, false]);
    const score = scoreOf(all, ['source']);
    expect(score).toMatchObject({
      ...{ count: 7, accuracy: 3 / 7, errors: 4, answered: 5, answeredAccuracy: 3 / 5, unsure: 2, unsureRight: 1 },
      refused: { blank: 1, 'not-a-digit': 0, several: 0, unread: 1 },
      refusedOf: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0],
    });
    expect([score.confusion[7]![7], score.confusion[7]![1], score.confusion[3]![3]]).toEqual([1, 1, 1]);
  });

  it('counts each group the same in the macro average', () => {
    const { macroAverage, values } = scoreOf(all, ['source']).groups['source']!;
    expect(values.map(({ name, accuracy }) => [name, accuracy])).toEqual([
      ['a', 0.5],
      ['b', 0.5],
      ['c', 0],
    ]);
    expect(macroAverage).toBeCloseTo(1 / 3);
  });

  it('can do without answers and groups', () => {
    const none = scoreOf([scored(0, 'blank', 0, 'a')], []);
    expect(none).toMatchObject({ accuracy: 0, answered: 0, answeredAccuracy: undefined, groups: {} });
  });
});
