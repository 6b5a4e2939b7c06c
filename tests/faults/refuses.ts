import { expect, it } from 'vitest';

/**
 * A damaged, lying or hostile file that is promised to be refused, with what is said of it: what the file is, the file,
 * the error's code and a part of its message.
 */
export type Line = readonly [title: string, bytes: () => Uint8Array, code: string, message: string];

/** What readers are to call the file. */
export const FILE = 'some/file';
/** What the process may grow by, in bytes: half of what the bombs of the tests hold. */
const MOST_MEMORY = 128 * 2 ** 20;

/** A test for each line. `CIFRA_MEASURE=1` prints how long each takes, and by how much it makes the process grow. */
export function refuses(lines: readonly Line[], read: (bytes: Uint8Array) => unknown): void {
  it.each(lines)('%s', async (title, make, code, message) => {
    const bytes = make();
    const before = process.resourceUsage().maxRSS;
    const begin = performance.now();
    const error: unknown = await (async () => read(bytes))().catch((caught: unknown) => caught);
    const milliseconds = performance.now() - begin;
    const grown = 1024 * (process.resourceUsage().maxRSS - before);
    if (process.env['CIFRA_MEASURE']) {
      process.stdout.write(`${milliseconds.toFixed(1)} ms, ${(grown / 2 ** 20).toFixed(1)} MiB: ${title}\n`);
    }
    expect(error).toMatchObject({
      name: 'CifraError',
      code,
      message: expect.stringMatching(/^[^\n]+[.…]\n {2}[^\n]+[.?]$/),
      remedy: expect.any(String),
    });
    expect((error as Error).message.split('\n', 1)[0]).toContain(message);
    expect((error as Error).message).toContain(FILE);
    expect(grown).toBeLessThan(MOST_MEMORY);
  });
}
