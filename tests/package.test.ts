import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, hasChromium, openSite } from '../scripts/chromium.mjs';
import { identityTrainings } from '../src/train/identity.js';
import { pngFile } from './pictures/png.js';

// The package as a user gets it: packed, installed into an empty project, and used there from TypeScript in Node and
// from a page that Vite builds.

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const tool = (path: string): string => join(root, 'node_modules', path);

/** The same program for Node and for the page. */
const WORK = `
import { dense, flatten, identityTrainings, sequential, shippedGate, shippedModel, trainForIdentity, wasmBackend } from 'cifra';

export function identity(threads: number): Promise<string> {
  return trainForIdentity(identityTrainings.small, () => wasmBackend({ threads }));
}

export async function work(threads: number): Promise<number[]> {
  const layers = [flatten({ inputShape: [4, 4, 1] }), dense({ units: 10, activation: 'softmax' })];
  const model = sequential(layers, { seed: 1, threads });
  const images = Float32Array.from({ length: 3 * 16 }, (_, i) => (i % 7) / 7);
  const { data } = await model.predict({ data: images, shape: [3, 4, 4, 1] });
  await model.dispose();
  return [...data];
}

/** A stroke down the middle, read by the models of the package. */
export async function shipped(threads: number): Promise<number[]> {
  const image = Float32Array.from({ length: 784 }, (_, i) => (Math.abs((i % 28) - 14) < 2 && i > 112 && i < 672 ? 1 : 0));
  const read: number[] = [];
  for (const load of [shippedModel, shippedGate]) {
    const model = await load({ threads });
    read.push(...(await model.predict({ data: image, shape: [1, 28, 28, 1] })).data);
    await model.dispose();
  }
  return read;
}
`;

/** A black pixel and a white one. */
const PICTURE = pngFile({ width: 2, height: 1, bits: 1, colour: 0, samples: (x) => [x] });

const FILES = {
  'package.json': JSON.stringify({ private: true, type: 'module' }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      types: [],
      rootDir: 'source',
      outDir: 'compiled',
    },
    include: ['source'],
  }),
  'source/work.ts': WORK,
  'source/main.ts': `
import { shipped, work } from './work.js';

console.log(JSON.stringify([await work(2), await shipped(2)]));
`,
  'source/picture.ts': `
import { decodePicture } from 'cifra/pictures';

const bytes = Uint8Array.from(atob('PNG'), (char) => char.charCodeAt(0));
try {
  const { width, height, data, format } = await decodePicture(bytes, 'a.png');
  console.log(JSON.stringify({ width, height, data: [...data], format }));
} catch (error) {
  console.log(JSON.stringify(error));
}
`.replace('PNG', Buffer.from(PICTURE).toString('base64')),
  'source/charts.ts': `
import { chartColours, curvesChart, type CurvesChartOptions } from 'cifra/charts';

const options: CurvesChartOptions = {
  title: 'Loss',
  series: [{ name: 'training', points: [{ x: 1, y: 0.5 }, { x: 2, y: 0.25 }] }],
  x: { label: 'epoch' },
  y: { label: 'loss' },
};

export function chart(): string {
  return curvesChart(options) + chartColours.dark.ink;
}
`,
  'source/chart.ts': `
import { chart } from './charts.js';

console.log(JSON.stringify(chart()));
`,
  'index.html': '<!doctype html><title>cifra</title><script type="module" src="/source/page.ts"></script>',
  'source/page.ts': `
import { chart } from './charts.js';
import { identity, shipped, work } from './work.js';

declare global {
  interface Window {
    work: typeof work;
    shipped: typeof shipped;
    identity: typeof identity;
    chart: typeof chart;
  }
}
Object.assign(window, { work, shipped, identity, chart });
`,
};

let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'cifra-package-'));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: root });
  const tarball = (await readdir(project)).find((name) => name.endsWith('.tgz'))!;
  await mkdir(join(project, 'source'));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(project, name), text);
  const quietly = ['--offline', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...quietly, `./${tarball}`], { cwd: project });
}, 120_000);

afterAll(() => rm(project, { recursive: true, force: true }));

/** What `main.ts` prints in Node, compiled if it is not yet. */
let printed: Promise<[worked: number[], shipped: number[]]> | undefined;
const resultInNode = (): Promise<[worked: number[], shipped: number[]]> =>
  (printed ??= (async () => {
    await run(process.execPath, [tool('typescript/bin/tsc'), '-p', project]).catch((error: unknown) => {
      throw new Error(
        `The types of the package do not hold in a strict project:\n${(error as { stdout: string }).stdout}`,
      );
    });
    const { stdout } = await run(process.execPath, [join(project, 'compiled/main.js')], { cwd: project });
    return JSON.parse(stdout) as [number[], number[]];
  })());

/** What `chart.ts` prints in Node. */
async function chartInNode(): Promise<string> {
  await resultInNode();
  const { stdout } = await run(process.execPath, [join(project, 'compiled/chart.js')], { cwd: project });
  return JSON.parse(stdout) as string;
}

describe('the packed package', () => {
  it('holds what its package.json names, no tests, no source', async () => {
    const installed = join(project, 'node_modules/cifra');
    const names = await readdir(installed, { recursive: true });
    expect(
      names.filter((name) => /\.test\.|\.tsbuildinfo$|(?<!\.d)\.ts$/.test(name) && !name.startsWith('examples')),
    ).toEqual([]);
    const { bin, exports, imports } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
      exports: Record<string, Record<string, string>>;
      imports: Record<string, Record<string, string>>;
    };
    const named = [
      ...Object.values(bin),
      ...Object.values(exports['.']!),
      ...Object.values(exports['./pictures']!),
      ...Object.values(exports['./charts']!),
      ...Object.values(exports).filter((path) => typeof path === 'string'),
      ...Object.values(imports).flatMap(({ browser, default: other }) => [browser!, other!]),
    ];
    expect(named.filter((path) => !existsSync(join(installed, path)))).toEqual([]);
  });

  it('installs nothing else where optional packages are left out', async () => {
    const names = await readdir(join(project, 'node_modules'));
    expect(names.filter((name) => !name.startsWith('.'))).toEqual(['cifra']);
  });

  it('has the command cifra', async () => {
    const { stdout } = await run(join(project, 'node_modules/.bin/cifra'), ['summary', '--recipe', 'seed', '--json']);
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ event: 'summary', parameters: 601_578 });
  });

  it('has the page, which its command serves', async () => {
    const child = spawn(join(project, 'node_modules/.bin/cifra'), ['web', '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'close');
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(said.toString()) as { url: string };
    const page = await fetch(url);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const [, script] = /src="\.\/([^"]+\.js)"/.exec(await page.text())!;
    expect((await fetch(url + script!)).status).toBe(200);
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  });

  it('comes to the weights that every machine comes to', async () => {
    const { stdout } = await run(join(project, 'node_modules/.bin/cifra'), ['doctor', '--identity', '--json']);
    expect(stdout).toContain(identityTrainings.small.expected);
  });

  it('compiles in a strict NodeNext project without @types/node, and runs in Node', async () => {
    const [probabilities] = await resultInNode();
    expect(probabilities).toHaveLength(30);
    for (let row = 0; row < 3; row++) {
      const sum = probabilities.slice(row * 10, row * 10 + 10).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
  });

  it('reads digits with the model that comes with it', async () => {
    const [, [...probabilities]] = await resultInNode();
    const [noDigit, digit] = probabilities.splice(10);
    expect(probabilities.indexOf(Math.max(...probabilities))).toBe(1);
    expect(digit! + noDigit!).toBeCloseTo(1, 5);
    const words = ['evaluate', '--dataset', 'synthetic', '--limit', '50', '--json'];
    const { stdout } = await run(join(project, 'node_modules/.bin/cifra'), words);
    expect((JSON.parse(stdout) as { accuracy: number }).accuracy).toBeGreaterThan(0.9);
  });

  it('draws charts without the library that they were made with, whose licence it has', async () => {
    expect(await chartInNode()).toMatch(/^<svg .*<\/svg>#\w{6}$/s);
    const licences = await readFile(join(project, 'node_modules/cifra/dist/charts/LICENSES.txt'), 'utf8');
    for (const name of ['@observablehq/plot', 'd3-scale', 'd3-shape']) expect(licences).toContain(`${name} `);
    expect(licences).toContain('Permission to use, copy, modify');
  });

  it('decodes pictures where sharp is installed, and says so where it is not', async () => {
    await resultInNode();
    const decoded = async (): Promise<unknown> => {
      const { stdout } = await run(process.execPath, [join(project, 'compiled/picture.js')], { cwd: project });
      return JSON.parse(stdout);
    };
    expect(await decoded()).toMatchObject({
      code: 'pictures-no-decoder',
      remedy: 'Install it: npm install sharp',
    });
    const link = join(project, 'node_modules/sharp');
    await symlink(join(root, 'node_modules/sharp'), link);
    expect(await decoded()).toEqual({ width: 2, height: 1, data: [0, 0, 0, 255, 255, 255, 255, 255], format: 'png' });
    await rm(link);
  });
});

describe('a page built by Vite', () => {
  let chunks: Rolldown.OutputChunk[];

  beforeAll(async () => {
    const result = await build({ root: project, logLevel: 'warn', build: { outDir: 'site', target: 'es2022' } });
    chunks = (result as Rolldown.RolldownOutput).output.filter((output) => output.type === 'chunk');
  }, 120_000);

  it('takes the files for browsers and none of the files for Node', async () => {
    const modules = chunks.flatMap((chunk) => chunk.moduleIds).filter((id) => id.includes('node_modules/cifra/'));
    const names = modules.map((id) => id.slice(id.indexOf('node_modules/cifra/') + 'node_modules/cifra/'.length));
    expect(names).toContain('dist/engine/wasm/threads.browser.js');
    expect(names.filter((name) => name === 'dist/index.js' || name.includes('.node.'))).toEqual([]);
    for (const file of await readdir(join(project, 'site/assets'))) {
      const text = await readFile(join(project, 'site/assets', file), 'utf8');
      expect(/["'`](node:[a-z_/]+|__vite-browser-external[^"'`]*)["'`]/.exec(text)?.[1], file).toBeUndefined();
    }
  });

  const browserTest = hasChromium ? it : it.skip;
  const reason = hasChromium ? '' : ` (skipped: no Chromium at ${CHROMIUM})`;

  browserTest(`gives the same bits in Chromium as in Node, isolated or not${reason}`, async () => {
    const [expected, shipped] = await resultInNode();
    for (const isolated of [true, false]) {
      const { page, close } = await openSite(join(project, 'site'), isolated);
      try {
        const problems: string[] = [];
        page.on('pageerror', (error) => problems.push(String(error)));
        const threads = isolated ? 2 : 1;
        expect(await page.evaluate(`window.work(${threads})`)).toEqual(expected);
        expect(await page.evaluate(`window.shipped(${threads})`)).toEqual(shipped);
        expect(await page.evaluate(`window.identity(${threads})`)).toBe(identityTrainings.small.expected);
        expect(await page.evaluate('window.chart()')).toBe(await chartInNode());
        expect(problems).toEqual([]);
      } finally {
        await close();
      }
    }
  });
});
