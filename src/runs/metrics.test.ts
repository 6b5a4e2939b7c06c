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
    const misplaced = 'metrics.csv is damaged: a quote or a carriage return stands where none may, in line';
    expect(() => read('a,b\n1,"2"3\n')).toThrow(`${misplaced} 2.`);
    expect(() => read('a,b\n1,2\n3,4"\n')).toThrow(`${misplaced} 3.`);
    expect(() => read('a,b\n1\r,2\n')).toThrow(`${misplaced} 2.`);
    expect(() => read('a,a\n1,2\n')).toThrow('two columns have one name');
    expect(() => readMetrics(new Uint8Array([0x61, 0xff, 0x0a]), 'metrics.csv')).toThrow(
      'metrics.csv is damaged: it is no UTF-8.\n  Mend it',
    );
  });

  it('are refused where they would take more memory than any table of a run', () => {
    expect(() => readMetrics(new Uint8Array(16_000_001), 'metrics.csv')).toThrow(
      'metrics.csv is damaged: it has 16000001 bytes, and 16000000 are the most.',
    );
    expect(() => read('\n'.repeat(1_000_001))).toThrow('metrics.csv is damaged: it holds more than 1000000 values.');
  });

  it('are read in time that grows with their length only', () => {
    // Any of these took minutes, or all of the stack, when a regular expression read them.
    const long = 200_000;
    expect(read(`a\n${'1'.repeat(long)}x\n`)).toEqual([{ a: `${'1'.repeat(long)}x` }]);
    expect(read(`a\n"${'""'.repeat(long)}"\n`)).toEqual([{ a: '"'.repeat(long) }]);
    expect(() => read(`a\n"${'""'.repeat(long)}"x\n`)).toThrow('a quote or a carriage return');
  });

  it('are read up to their last line break, also where a character is cut in two', () => {
    const whole = new TextEncoder().encode('a\n1\né');
    expect(readMetrics(whole.slice(0, -1), 'metrics.csv')).toEqual([{ a: 1 }]);
    expect(read('a\r\n1\r')).toEqual([]);
    expect(read('a\n1\n"2\n3')).toEqual([{ a: 1 }]);
    const shared = new Uint8Array(new SharedArrayBuffer(4));
    shared.set(whole.subarray(0, 4));
    expect(readMetrics(shared, 'metrics.csv')).toEqual([{ a: 1 }]);
  });

  it('keep a byte order mark that belongs to the first name, and pass over one that other tools put there', () => {
    const row = { '\ufeffa': 1 };
    expect(read(formatMetrics(row, undefined))).toEqual([row]);
    expect(read('\ufeffa\n1\n')).toEqual([{ a: 1 }]);
  });

  it('may have a column without a name', () => {
    expect(read('\n1\n')).toEqual([{ '': 1 }]);
  });
});
