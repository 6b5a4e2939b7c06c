import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CifraError } from '../../../src/numeric/errors.js';
import { mutateBytes } from './bytes.js';
import { FILE, type Format, replay, runMutations } from './run.js';
import { jsonText, mutateJson } from './text.js';
import { Random } from '../../../src/numeric/philox.js';

const sound = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);

/** A format whose reader does `read` with files of one to four changes. */
function formatOf(read: Format['read']): Format {
  return { name: 'a test', make: (random) => mutateBytes(sound, random), read };
}

async function failureOf(read: Format['read']): Promise<{ message: string; index: number }> {
  const error: unknown = await runMutations(formatOf(read), 7, 200).catch((caught: unknown) => caught);
  if (!(error instanceof Error)) throw new Error('it did not fail');
  const [, index, path] = /case (\d+):[^]*also in (\S+):/.exec(error.message)!;
  const base64 = readFileSync(path!, 'utf8');
  rmSync(path!);
  expect(error.message).toContain(base64);
  // The file can be made again.
  expect(Buffer.from(replay(formatOf(read), 7, Number(index)))).toEqual(Buffer.from(base64, 'base64'));
  return { message: error.message, index: Number(index) };
}

describe('runMutations', () => {
  it('counts what is read and what is refused with which code', async () => {
    const outcome = await runMutations(
      formatOf((bytes) => {
        if (bytes[0] !== 1) throw new CifraError('changed', `${FILE} is changed.`, 'Get it again.');
      }),
      1,
      500,
    );
    expect(outcome.cases).toBe(500);
    expect(outcome.refused.get('changed')! + outcome.accepted).toBe(500);
    expect(Math.min(outcome.refused.get('changed')!, outcome.accepted)).toBeGreaterThan(50);
  });

  it.each([
    ['an error that is not of ours', new RangeError('Invalid array length'), 'an error that is not of ours'],
    ['an error without the file', new CifraError('code', 'It is damaged.', 'Get it again.'), 'does not name the file'],
    ['no remedy', new CifraError('code', `${FILE} is damaged.`), 'it says no remedy'],
    ['no sentence', new CifraError('code', `${FILE} is damaged`, 'Get it again.'), 'its message is no sentence'],
    ['several lines', new CifraError('code', `${FILE} is\ndamaged.`, 'Get it again.'), 'is not two lines'],
    ['escapes', new CifraError('code', `${FILE} is \x1b[2J.`, 'Get it again.'), 'characters that command a terminal'],
    ['a whole file', new CifraError('code', `${FILE} ${'x'.repeat(3000)}.`, 'Get it again.'), 'has 3'],
  ])('fails at %s, with what is needed to see it again', async (_, thrown, problem) => {
    const { message } = await failureOf((bytes) => {
      if (bytes.length > 8) throw thrown;
    });
    expect(message).toContain('a test, seed 7, case ');
    expect(message).toContain(problem);
  });

  it('fails where memory grows beyond the cap', async () => {
    const held: Uint8Array[] = [];
    const { message } = await failureOf(() => {
      if (held.length < 10) held.push(new Uint8Array(2 ** 26).fill(1));
    });
    expect(message).toMatch(/brought memory to \d+ MiB more/);
  });
});

describe('mutateJson', () => {
  it('changes what the text consists of', () => {
    const text = jsonText('{"a": [1, {"b": "c\\"", "d": null}], "e": -1.5e3}');
    const parts = text.parts.map(({ kind, begin, end }) => `${kind} ${text.text.slice(begin, end)}`);
    expect(parts).toContain('key "b"');
    expect(parts).toContain('text "c\\""');
    expect(parts).toContain('pair "d": null');
    expect(parts).toContain('item {"b": "c\\"", "d": null}');
    expect(parts).toContain('number -1.5e3');
    const made = new Set(Array.from({ length: 300 }, (_, i) => mutateJson(text, new Random(1, 0, i))));
    expect(made.size).toBeGreaterThan(200);
    expect([...made].some((json) => json.includes('__proto__'))).toBe(true);
  });
});
