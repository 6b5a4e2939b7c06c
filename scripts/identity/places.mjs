// Where the trainings are done. A place is { name, threads, train(training), close? } or { name, skipped: why }.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { identityTrainings, loadDataset } from 'cifra';
import { buildSite, CHROMIUM, hasChromium, openSite, removeSite } from '../chromium.mjs';

const run = promisify(execFile);
const PROCESS = fileURLToPath(new URL('process.mjs', import.meta.url));
const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const MOST_THREADS = 4;
const OTHER_NODE = 'node@26';

const eachThreads = (place) => Array.from({ length: MOST_THREADS }, (_, i) => place(i + 1));

/** With 1 to 4 threads, and with other machine code: of an older processor, and of V8's baseline compiler alone. */
export function thisNode() {
  const name = `Node ${process.versions.node}`;
  const place = (title, flags) => nodePlace(title, process.execPath, 2, flags);
  return [
    ...eachThreads((threads) => nodePlace(name, process.execPath, threads)),
    ...(process.arch === 'x64' ? [place(`${name}, no AVX, no FMA`, ['--no-enable-avx', '--no-enable-fma3'])] : []),
    place(`${name}, baseline compiler`, ['--liftoff-only']),
  ];
}

/** Node of the path in CIFRA_OTHER_NODE, or one that npx fetches. */
export async function otherNode() {
  const wanted = process.env.CIFRA_OTHER_NODE ?? OTHER_NODE;
  const print = 'JSON.stringify([process.execPath, process.versions.node])';
  try {
    const { stdout } = process.env.CIFRA_OTHER_NODE
      ? await run(wanted, ['-p', print])
      : await run('npx', ['--yes', '--package', wanted, 'node', '-p', print], { timeout: 300_000 });
    const [path, version] = JSON.parse(stdout);
    return eachThreads((threads) => nodePlace(`Node ${version}`, path, threads));
  } catch (error) {
    const why = `${wanted} cannot be had (${String(error.message).split('\n', 1)[0]}); CIFRA_OTHER_NODE takes a path`;
    return [{ name: 'another Node', skipped: why }];
  }
}

function nodePlace(name, path, threads, flags = []) {
  const train = async (training) => {
    const { stdout } = await run(path, [...flags, PROCESS, training, String(threads)]);
    return JSON.parse(stdout);
  };
  return { name, threads, train };
}

/** Begun on one thread, killed, and gone on with on three, by the command line. */
export function killed() {
  const [before, after] = [1, 3];
  const name = `Node ${process.versions.node}, killed and resumed`;
  return [{ name, threads: `${before}, ${after}`, train: (training) => killAndResume(training, before, after) }];
}

async function killAndResume(training, before, after) {
  const { recipe, seed, dataset, limit } = identityTrainings[training];
  const folder = await mkdtemp(join(tmpdir(), 'cifra-identity-'));
  try {
    const file = join(folder, 'recipe.json');
    await writeFile(file, JSON.stringify(recipe));
    const data = dataset === 'mnist' ? ['--dataset', dataset, '--offline'] : ['--dataset', dataset];
    const begun = performance.now();
    for (let attempt = 1; ; attempt++) {
      const out = join(folder, `run${attempt}`);
      const words = ['train', '--recipe', file, '--seed', seed, ...data, '--limit', limit, '--out', out];
      await killAtCheckpoint([...words, '--checkpoint-steps', 2, '--threads', before], out);
      // It may have come to its end first.
      if (JSON.parse(await readFile(join(out, 'run.json'), 'utf8')).result !== undefined && attempt < 10) continue;
      const resume = ['train', '--resume', out, '--json', '--threads', after];
      const { stdout } = await run(process.execPath, [COMMAND, ...resume.map(String)]);
      const { weightsSha256 } = JSON.parse(stdout.trimEnd().split('\n').at(-1));
      const { backend, resumed } = JSON.parse(await readFile(join(out, 'run.json'), 'utf8'));
      if (!(resumed?.[0].steps > 0)) throw new Error(`${training} was not resumed from a checkpoint.`);
      const seconds = (performance.now() - begun) / 1000;
      return { hash: weightsSha256, seconds, numerics: backend.numerics, note: `from step ${resumed[0].steps}` };
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ends the process by SIGKILL once there is a checkpoint. */
function killAtCheckpoint(words, out) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...words.map(String)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let problem = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (problem += text));
    const look = setInterval(async () => {
      const names = existsSync(out) ? await readdir(out) : [];
      if (names.some((name) => /^checkpoint.*\.safetensors$/.test(name))) child.kill('SIGKILL');
    }, 2);
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(look);
      if (status !== null && status !== 0) reject(new Error(problem));
      else resolve();
    });
  });
}

/** Headless Chromium: isolated with 1 to 4 threads, and not isolated on one, the page's own. */
export async function inChromium(withMnist) {
  if (!hasChromium) return [{ name: 'Chromium', skipped: `there is none at ${CHROMIUM}; CHROMIUM_PATH takes a path` }];
  const folder = await buildSite(new URL('page.mjs', import.meta.url));
  if (withMnist) await writeMnist(join(folder, 'mnist'));
  const isolated = await openSite(folder, true);
  const alone = await openSite(folder, false);
  const name = `Chromium ${isolated.version}`;
  const place = (title, { page }, threads) => {
    return { name: title, threads, train: (training) => page.evaluate(`train('${training}', ${threads})`) };
  };
  const close = async () => {
    await isolated.close();
    await alone.close();
    await removeSite(folder);
  };
  return [
    ...eachThreads((threads) => place(name, isolated, threads)),
    { ...place(`${name}, not isolated`, alone, 1), close },
  ];
}

async function writeMnist(folder) {
  const { train, test } = await loadDataset('mnist', { limit: identityTrainings.mnist.limit, download: false });
  await mkdir(folder);
  for (const [name, { images, labels }] of Object.entries({ train, test })) {
    await writeFile(join(folder, `${name}-images`), images.data);
    await writeFile(join(folder, `${name}-labels`), labels);
  }
}
