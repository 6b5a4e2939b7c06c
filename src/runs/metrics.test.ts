import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMetrics, type MetricsRow, readMetrics } from './metrics.js';

const read = (text: string): MetricsRow[] => readMetrics(new TextEncoder().encode(text), 'metrics.csv');

describe('metrics', () => {
  it('are plain comma-separated values, quoted only where needed', () => {
    const row = {
      epoch: 1,
      'val, loss': 0.0301,
      note: 'say "hi"\nthere',
      other: '',
      like: '1e5',
      plain: 'a b',
      none: null,
    };
    const text = formatMetrics(row, undefined);
    expect(text).toBe('epoch,"val, loss",note,other,like,plain,none\n1,0.0301,"say ""hi""\nthere","","1e5",a b,\n');
    expect(read(text)).toEqual([row]);
    const { epoch, ...rest } = row;
    expect(formatMetrics({ ...rest, epoch: epoch + 1 }, Object.keys(row))).toMatch(/^2,0\.0301,/);
  });

  it('come back as they were, numbers exactly and texts that look like numbers as texts', () => {
    const cell = fc.oneof(
      fc.double().map((value) => value + 0), // JSON and CSV know one zero
      fc.integer(),
      fc.string(),
      fc.constantFrom('NaN', '-Infinity', '1', '-1.5e+300', '"', '""', ',', '\r\n', '\n', null),
    );
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', '1', '"', 'a,b', '\n'));
    const table = fc
      .uniqueArray(name, { minLength: 1, maxLength: 5 })
      .chain((names) =>
        fc
          .array(fc.array(cell, { minLength: names.length, maxLength: names.length }), { minLength: 1, maxLength: 4 })
          .map((rows) => rows.map((cells) => Object.fromEntries(names.map((key, i) => [key, cells[i]!])))),
      );
    fc.assert(
      fc.property(table, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (rows, fraction) => {
        const columns = Object.keys(rows[0]!);
        const lines = rows.map((row, i) => formatMetrics(row, i === 0 ? undefined : columns));
        expect(read(lines.join(''))).toEqual(rows);
        // A line that is cut off, wherever, is left out; those before it stay.
        const last = formatMetrics(rows[0]!, columns);
        const cut = last.slice(0, Math.floor(fraction * last.length));
        expect(read(lines.join('') + cut)).toEqual(rows);
      }),
    );
  });

  it('accept the line ends of other tools', () => {
    expect(read('a,b\r\n1,x\r\n')).toEqual([{ a: 1, b: 'x' }]);
    expect(read('')).toEqual([]);
  });

  it('refuse rows of other keys', () => {
    expect(() => formatMetrics({ epoch: 1, loss: 2 }, ['epoch', 'accuracy'])).toThrow(
      'A row of metrics has the keys epoch, loss, and the keys epoch, accuracy, as in the first row, were expected.\n  Give every row the same keys, with null for what was not measured.',
    );
    expect(() => formatMetrics({ epoch: 1 }, ['epoch', 'loss'])).toThrow(
      expect.objectContaining({ code: 'run-metrics' }),
    );
    expect(() => formatMetrics({ epoch: 1, loss: 2 }, ['epoch'])).toThrow('has the keys epoch, loss');
    expect(() => formatMetrics({}, undefined)).toThrow('has no keys, and at least one value was expected');
  });

  it('say what is wrong with a damaged file', () => {
    expect(() => read('a,b\n1,2\n3\n')).toThrow(
      'metrics.csv is damaged: row 2 has 1 values for its 2 columns.\n  Mend it in an editor, or take it away',
    );
    expect(() => read('a,b\n1,"2"3\n')).toThrow('metrics.csv is damaged: a quote stands where none may.');
    expect(() => read('a,b\n1,2"\n')).toThrow('a quote stands where none may');
    expect(() => read('a,a\n1,2\n')).toThrow('two columns have one name');
  });
});
