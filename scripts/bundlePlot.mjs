// Puts what src/charts/plot.ts uses of Observable Plot and D3 into the one file dist/charts/plot.js, so that the package
// needs neither, and their licences beside it.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'dist/charts');

export async function bundlePlot() {
  const bundle = await rolldown({
    input: join(folder, 'plot.js'),
    platform: 'neutral',
    resolve: { mainFields: ['module', 'main'] },
    external: (id) => id.endsWith('/document.js'),
    treeshake: { moduleSideEffects: false },
    // Plot moves everything by half a pixel on screens of a low resolution; we draw the same for all.
    transform: { define: { 'window.devicePixelRatio': '2' } },
  });
  const { output } = await bundle.generate({
    format: 'esm',
    minify: true,
    paths: { [join(folder, 'document.js')]: './document.js' },
  });
  await bundle.close();
  const [chunk] = output;
  if (output.length !== 1 || chunk.imports.some((name) => !name.endsWith('document.js'))) {
    throw new Error(`Plot is not in one file: ${JSON.stringify(chunk.imports)}`);
  }
  const licences = licencesOf(Object.keys(chunk.modules));
  // The types are Plot's, which users of the package do not have, and none of the package's own types leads there.
  for (const name of ['plot.js.map', 'plot.d.ts', 'plot.d.ts.map']) rmSync(join(folder, name), { force: true });
  writeFileSync(
    join(folder, 'plot.js'),
    `/*! Observable Plot, D3 and others: licences in LICENSES.txt */\n${chunk.code}`,
  );
  writeFileSync(join(folder, 'LICENSES.txt'), `${licences}\n`);
}

/** The licences of the packages that these files are from. */
function licencesOf(files) {
  const packages = files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const texts = [...new Set(packages)].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined || !existsSync(join(path, file))) throw new Error(`${name} has no file with its licence.`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(path, file), 'utf8').trim()}`;
  });
  return ['plot.js contains parts of these packages.', ...texts].join(`\n\n${'-'.repeat(80)}\n\n`);
}
