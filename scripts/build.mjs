// Builds dist/: the kernels (AssemblyScript to WebAssembly, inlined as base64 so that the package needs no loader for
// .wasm files anywhere), then the library (tsc), and in it the plotting library (Rolldown), and web/dist/, the page
// (Vite). Each part is skipped where nothing it reads is newer than what it made. --kernels: what is generated in src
// alone; --page: that and the page.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildReportPage } from './buildReportPage.mjs';

const root = join(import.meta.dirname, '..');
const kernels = join(root, 'src/engine/wasm/kernels');
const generated = join(root, 'src/engine/wasm/kernels.generated.ts');
const stamp = join(root, 'dist/.built');
const require = createRequire(import.meta.url);

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isCurrent(target, ...sources) {
  return existsSync(target) && statSync(target).mtimeMs >= Math.max(...sources.map(newest));
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function binary(name, file) {
  return join(dirname(require.resolve(`${name}/package.json`)), file);
}

if (!isCurrent(generated, kernels, import.meta.filename)) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--sharedMemory'];
  const memory = ['--initialMemory', '1', '--maximumMemory', '65536', '--enable', 'simd', '--enable', 'threads'];
  let text = '/** Made by scripts/build.mjs from kernels/. */\nexport const kernels = {\n';
  for (const [numerics, features] of Object.entries({ strict: [], relaxed: ['--enable', 'relaxed-simd'] })) {
    const wasm = join(root, `.cache/kernels-${numerics}.wasm`);
    const index = join(kernels, 'index.ts');
    run(binary('assemblyscript', 'bin/asc.js'), index, '-o', wasm, ...options, ...memory, ...features);
    const bytes = readFileSync(wasm);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    text += `  ${numerics}: {\n    sha256: '${sha256}',\n    base64: '${bytes.toString('base64')}',\n  },\n`;
  }
  writeFileSync(generated, `${text}} as const;\n`);
}

await buildReportPage();

if (process.argv.includes('--kernels')) process.exit(0);
if (!process.argv.includes('--page')) await buildLibrary();
await buildPage();

async function buildLibrary() {
  const bundler = join(import.meta.dirname, 'bundlePlot.mjs');
  const sources = ['src', 'tsconfig.build.json', 'package.json'].map((name) => join(root, name));
  if (isCurrent(stamp, bundler, ...sources)) return;
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(binary('typescript', 'bin/tsc'), '-p', 'tsconfig.build.json');
  const { bundlePlot } = await import('./bundlePlot.mjs');
  await bundlePlot();
  const command = join(root, 'dist/cli/main.js');
  if (existsSync(command)) chmodSync(command, 0o755);
  writeFileSync(stamp, '');
}

/** The page has the library's source, not what is built of it. */
async function buildPage() {
  const web = join(root, 'web');
  const own = readdirSync(web).filter((name) => name !== 'dist');
  const sources = [...own.map((name) => join(web, name)), ...['src', 'models'].map((name) => join(root, name))];
  // Written last.
  if (isCurrent(join(web, 'dist/serviceWorker.js'), ...sources)) return;
  // Tests, which may be who calls, have another.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  await build({ configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });
}
