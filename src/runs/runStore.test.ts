import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { describeRunStore } from '../../tests/runs/storeContract.js';
import { folderRuns } from './folderRuns.node.js';
import { memoryRuns } from './memoryRuns.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'cifra-runs-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

let stores = 0;
describeRunStore('memoryRuns', () => ({ store: memoryRuns(), root: 'runs', out: 'mine' }));
describeRunStore('folderRuns', () => {
  const base = join(folder, String(stores++));
  return { store: folderRuns(join(base, 'runs')), root: join(base, 'runs'), out: join(base, 'a', 'mine') };
});
