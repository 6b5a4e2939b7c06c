import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tinyContents, tinyEntry } from '../../tests/data/tinyDataset.js';
import { readContent } from './contents.js';
import { fileNames, fileRoles } from './dataset.js';
import type { Fetch } from './download.js';
import { fetchDataset } from './fetchDataset.js';

const [closed, open] = ['https://closed.example/', 'https://open.example/'];
const entry = tinyEntry([closed, open]);

/** What a page sees: a server that does not allow it is one that cannot be reached. */
const fetched =
  (asked: string[], change = (bytes: Uint8Array): Uint8Array => bytes): Fetch =>
  async (url) => {
    asked.push(url);
    const role = fileRoles.find((candidate) => url === `${open}${fileNames[candidate]}.gz`);
    if (!role) throw new TypeError('Failed to fetch');
    return Promise.resolve(new Response(new Uint8Array(change(gzipSync(tinyContents[role])))));
  };

describe('a dataset fetched by a page', () => {
  it('comes from the first mirror that lets it', async () => {
    const asked: string[] = [];
    const files = await fetchDataset(entry, {}, { fetch: fetched(asked) });
    for (const role of fileRoles) {
      expect(await readContent(entry, role, files[role], role)).toEqual(tinyContents[role]);
    }
    expect(asked.map((url) => new URL(url).hostname.split('.')[0])).toEqual(['closed', 'open', 'open', 'open', 'open']);
  });

  it('is told of, with what to do, where none does', async () => {
    const failing = fetchDataset(tinyEntry([closed]), {}, { fetch: fetched([]) });
    await expect(failing).rejects.toThrow(
      /^MNIST could not be fetched: there is no connection, or .* https:\/\/closed\.example\/train-images.*Failed to fetch\.\n {2}Get the four files from .* drop them here/,
    );
  });

  it('is refused where it is another one', async () => {
    const fetch = fetched([], () => gzipSync(tinyContents.testImages));
    await expect(fetchDataset(entry, {}, { fetch })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('SHA-256') as string,
    });
  });
});
