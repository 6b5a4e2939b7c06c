import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cifra, type CifraOptions, type Ended, FAULTS, lastEvent, recipe, TRAIN } from './process.js';

const isLong = process.env['CIFRA_FAULTS'] === 'long';
const CODES = ['ENOSPC', 'EIO', 'EROFS', 'EACCES'];

let folder: string;
let weights: unknown;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cifra-command-'));
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(recipe));
  weights = lastEvent(await cifra(folder, [...TRAIN, '--out', 'whole']))['weightsSha256'];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const resume = (out: string, ...more: string[]) => cifra(folder, ['train', '--json', '--resume', out, ...more]);

/** Ends by itself with the weights of a run that was never interrupted. */
async function expectResumed(out: string, place: string): Promise<Ended> {
  const ended = await resume(out);
  expect(ended.status, `${place}: ${ended.stderr}`).toBe(0);
  expect(lastEvent(ended)['weightsSha256'], place).toBe(weights);
  return ended;
}

/** A training that gets a signal once it has checkpoints in the middle of an epoch. */
async function stopped(out: string, signal: NodeJS.Signals): Promise<Ended> {
  const words = [...TRAIN, '--out', out, '--checkpoint-steps', '3', '--epochs', '4000', '--threads', '2'];
  return cifra(folder, words, { watch: (child) => child.stdout!.once('data', () => child.kill(signal)) });
}

/** A folder with two checkpoints of an interrupted training, and the number of its steps. */
async function interrupted(out: string): Promise<string[]> {
  const kill: CifraOptions = {
    watch(child) {
      const look = setInterval(() => {
        const there = existsSync(join(folder, out)) ? checkpoints(out) : [];
        if (there.length === 2) child.kill('SIGKILL');
      }, 2);
      child.on('close', () => clearInterval(look));
    },
  };
  const ended = await cifra(folder, [...TRAIN, '--out', out, '--checkpoint-steps', '3'], kill);
  expect(ended.status).toBeNull();
  return checkpoints(out);
}

const checkpoints = (out: string) =>
  readdirSync(join(folder, out))
    .filter((name) => /^checkpoint-\d+\.safetensors$/.test(name))
    .sort();

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends a step, leaves a checkpoint, says how to go on, and gives status %i', async (signal, status) => {
    const out = signal.toLowerCase();
    const ended = await stopped(out, signal);
    expect(ended.status, ended.stderr).toBe(status);
    expect(ended.stderr).toMatch(
      /Stopping after this step; .* again stops at once\.|Stopping after this step; another/,
    );
    expect(ended.stderr).toMatch(/Interrupted after step \d+\./);
    expect(ended.stderr).toContain(`train --resume ${out}\n`);
    const steps = Number(/Interrupted after step (\d+)\./.exec(ended.stderr)![1]);
    expect(checkpoints(out).at(-1)).toBe(`checkpoint-${String(steps).padStart(10, '0')}.safetensors`);
    expect(readdirSync(join(folder, out))).not.toContain('run.lock');
    const record = JSON.parse(readFileSync(join(folder, out, 'run.json'), 'utf8')) as Record<string, unknown>;
    expect(record['note']).toMatch(/^Interrupted\. /);
  });
});

describe('--resume', () => {
  it('goes on from the checkpoint before where the newest is damaged, and says so', async () => {
    for (const [name, damage] of Object.entries<(bytes: Buffer) => Buffer>({
      flipped: (bytes) => {
        bytes[bytes.length - 100]! ^= 4;
        return bytes;
      },
      cut: (bytes) => bytes.subarray(0, bytes.length / 2),
      emptied: () => Buffer.alloc(0),
    })) {
      const [, newest] = await interrupted(name);
      const path = join(folder, name, newest!);
      writeFileSync(path, damage(readFileSync(path)));
      const ended = await expectResumed(name, name);
      expect(ended.stderr).toContain(`${join(name, newest!)} is no sound checkpoint: `);
      expect(ended.stderr).toMatch(/Going on in the first epoch, at step \d+ /);
    }
  });

  it('refuses where every checkpoint is damaged, and says what to do', async () => {
    const names = await interrupted('hopeless');
    for (const name of names) writeFileSync(join(folder, 'hopeless', name), 'x');
    const ended = await resume('hopeless');
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain(
      'Error: No checkpoint in hopeless can be used: all 2 damaged.\n  To train the run again',
    );
    for (const name of names) rmSync(join(folder, 'hopeless', name));
    await expectResumed('hopeless', 'from its beginning');
  });

  it('refuses what the run was not begun with, naming it; what it was begun with may be said again', async () => {
    await interrupted('other');
    const refused = async (words: string[], message: string) => {
      const ended = await resume('other', ...words);
      expect(ended.stderr).toContain(`Error: other cannot be gone on with as it was begun: ${message}.`);
      expect(ended.status).toBe(1);
    };
    await refused(['--seed', '2'], 'seed was 1 and is 2 now');
    await refused(['--dataset', 'mnist'], 'dataset.name was "synthetic" and is "mnist" now');
    await refused(['--limit', '100'], 'dataset.trainCount was 200 and is 100 now');
    await refused(['--recipe', 'recipe.json', '--batch-size', '4'], 'recipe.phases[0].batchSize was 8 and is 4 now');
    const usage = await resume('other', '--out', 'elsewhere');
    expect(usage.status).toBe(2);
    expect(usage.stderr).toContain("--resume goes on in the run's own folder: --out has no place beside it.");

    const path = join(folder, 'other', 'run.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/"kernels": "[0-9a-f]+"/, '"kernels": "0123456789abcdef"'));
    await refused([], `engine.kernels was "0123456789abcdef" and is "${/"kernels": "(\w+)"/.exec(text)![1]}" now`);
    writeFileSync(path, text.replace(/"hash": "\w{5}/, '"hash": "00000'));
    expect((await resume('other')).stderr).toContain('dataset.hash was "00000');
    writeFileSync(path, text);
    const ended = await resume('other', '--seed', '1', '--recipe', 'recipe.json', '--limit', '200', '--threads', '2');
    expect(lastEvent(ended)['weightsSha256'], ended.stderr).toBe(weights);
    expect((await resume('other')).stderr).toContain('Error: other has come to its end already: ');
  });

  it('keeps a second trainer out', async () => {
    await interrupted('shared');
    cpSync(join(folder, 'recipe.json'), join(folder, 'shared', 'recipe.json'));
    const both = await Promise.all([resume('shared'), resume('shared')]);
    const statuses = both.map(({ status }) => status).sort();
    expect(statuses, both.map(({ stderr }) => stderr).join('\n')).toEqual([0, 1]);
    const refused = both.find(({ status }) => status === 1)!;
    // Whoever comes late finds it finished; whoever comes at the same time finds it in use.
    expect(refused.stderr).toMatch(/Error: shared (is in use: process \d+ on |has come to its end already)/);
    expect(both.map(lastEvent).map((event) => event['weightsSha256'])).toContain(weights);
  });
});

describe('a training', () => {
  it('whose thread dies ends with an error, never hangs, and can be gone on with', async () => {
    const nodeOptions = ['--import', pathToFileURL(join(import.meta.dirname, 'dyingThread.mjs')).href];
    const words = [...TRAIN, '--out', 'dead', '--threads', '2', '--checkpoint-steps', '3'];
    // As long as it takes until the thread dies before the training ends.
    let ended: Ended;
    let after = 600;
    do {
      rmSync(join(folder, 'dead'), { recursive: true, force: true });
      ended = await cifra(folder, words, { nodeOptions, env: { CIFRA_DIES_AFTER: String(after) } });
      after /= 2;
    } while (ended.status === 0 && after > 1);
    expect(ended.status, ended.stderr).toBe(1);
    expect(ended.stderr).toContain('Error: A thread of the engine failed: ');
    if (existsSync(join(folder, 'dead'))) await expectResumed('dead', 'dead thread');
  });

  it('whose folder vanishes says so and does not make half a run', async () => {
    const words = [...TRAIN, '--out', 'vanished', '--epochs', '4000'];
    const ended = await cifra(folder, words, {
      // Renamed, since a folder that is being written to cannot always be emptied.
      watch: (child) => child.stdout!.once('data', () => renameSync(join(folder, 'vanished'), join(folder, 'gone'))),
    });
    expect(ended.status, ended.stderr).toBe(1);
    expect(ended.stderr).toMatch(/Error: vanished\S+ cannot be written: ENOENT/);
    expect(existsSync(join(folder, 'vanished'))).toBe(false);
  });

  it('at every call of the file system that fails: status 1, one clear sentence, and it can be gone on with', async () => {
    const log = join(folder, 'calls.txt');
    const nodeOptions = ['--import', FAULTS];
    const words = [...TRAIN, '--checkpoint-steps', '15', '--out'];
    await cifra(folder, [...words, 'counted'], { nodeOptions, env: { CIFRA_FAIL_LOG: log } });
    const calls = readFileSync(log, 'utf8').split('\n');
    expect(calls.length).toBeGreaterThan(100);
    const stride = isLong ? 1 : Math.ceil(calls.length / 8);
    for (let at = 1; at <= calls.length; at += stride) {
      const code = CODES[at % CODES.length]!;
      const out = `fails${at}`;
      const place = `call ${at} of ${calls.length} (${calls[at - 1]}), ${code}`;
      const env = { CIFRA_FAIL_AT: String(at), CIFRA_FAIL_CODE: code };
      const ended = await cifra(folder, [...words, out], { nodeOptions, env });
      expect(ended.stderr, place).not.toContain('an error in Cifra itself');
      // What is only tidying up may fail without a word: then all is as it should be.
      if (ended.status === 0) {
        expect(lastEvent(ended)['weightsSha256'], place).toBe(weights);
        continue;
      }
      const isRecipe = ended.stderr.includes('or a JSON file, but is "recipe.json": ');
      expect(ended.status, `${place}: ${ended.stderr}`).toBe(isRecipe ? 2 : 1);
      if (isRecipe) continue;
      expect(ended.stderr, place).toMatch(
        new RegExp(`^Error: \\S+ cannot be (written|read): ${code}: made to fail`, 'm'),
      );
      if (!existsSync(join(folder, out))) continue;
      const record = JSON.parse(readFileSync(join(folder, out, 'run.json'), 'utf8')) as Record<string, unknown>;
      if (record['result'] === undefined) await expectResumed(out, place);
    }
  });
});
