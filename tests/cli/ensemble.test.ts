import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEnsemble } from '../../src/index.js';
import type { EnsembleRecord } from '../../src/runs/ensembleRecord.js';
import { cifra, type Result, smallRecipe, workFolder } from './command.js';

const folder = workFolder();
const DATA = ['--dataset', 'synthetic', '--limit', '128'];

function record(name: string): EnsembleRecord {
  return JSON.parse(readFileSync(join(folder, name, 'ensemble.json'), 'utf8')) as EnsembleRecord;
}

let trained: Result;
beforeAll(async () => {
  const recipe = { ...smallRecipe, phases: [{ epochs: 3, batchSize: 16 }], calibration: 'temperature' };
  writeFileSync(join(folder, 'small.json'), JSON.stringify(recipe));
  const words = ['train', ...DATA, '--recipe', 'small.json', '--ensemble', '3', '--seed', '7', '--out', 'three'];
  trained = await cifra(folder, [...words, '--json']);
});

describe('cifra train --ensemble', () => {
  it('trains a member for every seed, and the mean of all', () => {
    expect(trained.status).toBe(0);
    const events = trained.events();
    const named = (name: string) => events.filter(({ event }) => event === name);
    expect(named('epoch').map(({ seed, member, members }) => [seed, member, members])).toEqual([
      ...[1, 2, 3].flatMap((member) => [1, 2, 3].map(() => [6 + member, member, 3])),
    ]);
    expect(named('member').map(({ seed }) => seed)).toEqual([7, 8, 9]);
    const done = events.at(-1)!;
    expect(done).toMatchObject({
      event: 'done',
      testAccuracy: expect.any(Number),
      testErrors: expect.any(Number),
      testCount: 128,
      interval: [expect.any(Number), expect.any(Number)],
      ece: expect.any(Number),
      out: 'three',
      dataset: 'synthetic',
    });
    expect(trained.stderr).toContain('Member 2 of 3, seed 8');
    expect(readdirSync(join(folder, 'three')).sort()).toEqual(['ensemble.json', 'seed-7', 'seed-8', 'seed-9']);
    const { size, seed, members, result, finishedAt } = record('three');
    expect({ size, seed }).toEqual({ size: 3, seed: 7 });
    expect(members).toEqual(done['members']);
    expect(members.map(({ weightsSha256 }) => weightsSha256)).toEqual(
      named('member').map(({ weightsSha256 }) => weightsSha256),
    );
    expect(result).toMatchObject({ testAccuracy: done['testAccuracy'], ece: done['ece'] });
    expect(finishedAt).toBeDefined();
  });

  it('has the member that the seed makes by itself', async () => {
    const words = ['train', ...DATA, '--recipe', 'small.json', '--seed', '8', '--out', 'alone', '--json'];
    const { events } = await cifra(folder, words);
    expect(events().at(-1)!['weightsSha256']).toBe(record('three').members[1]!.weightsSha256);
  });

  it('is read by evaluate and predict, and by the library', async () => {
    const evaluated = await cifra(folder, ['evaluate', '--model', 'three', '--limit', '128', '--json']);
    expect(evaluated.status).toBe(0);
    const { testAccuracy, testErrors, loss, ece } = record('three').result!;
    expect(evaluated.events()[0]).toMatchObject({ accuracy: testAccuracy, errors: testErrors, loss, ece });
    const predicted = await cifra(folder, ['predict', '--model', 'three', '--index', '3', '--json']);
    expect(predicted.events()[0]!['probabilities']).toHaveLength(10);
    await using ensemble = await loadEnsemble(join(folder, 'three'), { threads: 1 });
    expect(ensemble.members).toHaveLength(3);
  });

  it('cannot be gone on with when it is finished', async () => {
    const { status, stderr } = await cifra(folder, ['train', '--resume', 'three']);
    expect(status).toBe(1);
    expect(stderr).toContain('three has come to its end already');
  });
});

describe('cifra train --resume of an ensemble', () => {
  /** A copy of the ensemble as it was after its first member. */
  function interrupted(name: string): void {
    cpSync(join(folder, 'three'), join(folder, name), { recursive: true });
    for (const seed of [8, 9]) rmSync(join(folder, name, `seed-${seed}`), { recursive: true });
    const { result: _, finishedAt: __, ...begun } = record(name);
    writeFileSync(
      join(folder, name, 'ensemble.json'),
      JSON.stringify({ ...begun, members: begun.members.slice(0, 1) }),
    );
  }

  it('keeps what is trained and comes to the same members', async () => {
    interrupted('again');
    const early = await cifra(folder, ['evaluate', '--model', 'again', '--limit', '128']);
    expect(early.stderr).toContain('again is an ensemble of 3, of which 1 are trained.');
    const { status, events, stderr } = await cifra(folder, ['train', '--resume', 'again', '--json']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/Member 1 of 3, seed 7: [\d.]+%, trained already/);
    expect(events().flatMap(({ event, seed }) => (event === 'member' ? [seed] : []))).toEqual([8, 9]);
    expect(record('again').members).toEqual(record('three').members);
    expect(record('again').result).toEqual(record('three').result);
  });

  it('goes on in the middle of a member', async () => {
    const words = ['train', ...DATA, '--recipe', 'small.json', '--epochs', '100', '--checkpoint-steps', '1'];
    const stopped = await cifra(folder, [...words, '--ensemble', '2', '--out', 'middle', '--json'], (child) => {
      child.stdout!.once('data', () => child.kill('SIGINT'));
    });
    expect(stopped.status).toBe(130);
    expect(stopped.stderr).toMatch(/Go on with: .* train --resume middle\n/);
    const { status, stderr, events } = await cifra(folder, ['train', '--resume', 'middle', '--json']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/Going on (after|in) /);
    expect(events().at(-1)).toMatchObject({ event: 'done', members: [{ seed: 1 }, { seed: 2 }] });
    const alone = await cifra(folder, [...words, '--out', 'whole', '--json']);
    expect(alone.events().at(-1)!['weightsSha256']).toBe(record('middle').members[0]!.weightsSha256);
  });

  it('makes an ensemble of runs that were trained one by one', async () => {
    cpSync(join(folder, 'three'), join(folder, 'adopted'), { recursive: true });
    rmSync(join(folder, 'adopted/ensemble.json'));
    rmSync(join(folder, 'adopted/seed-9'), { recursive: true });
    const words = ['train', ...DATA, '--seed', '7', '--ensemble', '3', '--resume', 'adopted', '--json'];
    const other = await cifra(folder, [...words, '--recipe', 'fast']);
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(/seed-7 cannot be gone on with as it was begun: recipe/);
    expect(existsSync(join(folder, 'adopted/ensemble.json'))).toBe(false);
    const { status } = await cifra(folder, [...words, '--recipe', 'small.json']);
    expect(status).toBe(0);
    expect(record('adopted').result).toEqual(record('three').result);
    const nowhere = await cifra(folder, ['train', '--ensemble', '3', '--resume', 'nowhere', ...DATA]);
    expect(nowhere.stderr).toContain('No ensemble was found: there is no folder nowhere.');
    const run = await cifra(folder, ['train', '--ensemble', '3', '--resume', 'adopted/seed-7', ...DATA]);
    expect(run.stderr).toContain('is the folder of one run.');
  });

  it('refuses other options, and members that are not what they were', async () => {
    interrupted('wrong');
    const other = await cifra(folder, ['train', '--resume', 'wrong', '--ensemble', '4']);
    expect(other.stderr).toContain('it is an ensemble of 3, and --ensemble is 4.');
    const seed = await cifra(folder, ['train', '--resume', 'wrong', '--seed', '3']);
    expect(seed.stderr).toContain('seed was 7 and is 3 now');
    copyFileSync(join(folder, 'three/seed-8/model.safetensors'), join(folder, 'wrong/seed-7/model.safetensors'));
    const damaged = await cifra(folder, ['train', '--resume', 'wrong']);
    expect(damaged.status).toBe(1);
    expect(damaged.stderr).toContain('the member of seed 7, cannot be used: its weights are not those');
    expect(existsSync(join(folder, 'wrong/run.lock'))).toBe(false);
  });
});

describe('a damaged ensemble', () => {
  it('is named by what is wrong with it', async () => {
    cpSync(join(folder, 'three'), join(folder, 'damaged'), { recursive: true });
    const says = async (text: string): Promise<void> => {
      const { status, stderr } = await cifra(folder, ['evaluate', '--model', 'damaged', '--limit', '9']);
      expect(status).toBe(1);
      expect(stderr).toContain(text);
      expect(stderr).not.toContain('    at ');
    };
    rmSync(join(folder, 'damaged/seed-9/model.safetensors'));
    await says('seed-9 holds no model.safetensors');
    const file = join(folder, 'damaged/ensemble.json');
    const whole = record('damaged');
    const [first] = whole.members;
    writeFileSync(file, JSON.stringify({ ...whole, members: [{ ...first, folder: '../three/seed-7' }] }));
    await says('ensemble.json is damaged: member 1 is not that of seed 7.');
    writeFileSync(file, JSON.stringify({ ...whole, size: 0 }));
    await says('the record.size is 0');
    writeFileSync(file, JSON.stringify({ ...whole, formatVersion: 2 }));
    await says('was written by a newer version of Cifra');
    writeFileSync(file, '{');
    await says('ensemble.json is damaged: it is no JSON');
  });
});
