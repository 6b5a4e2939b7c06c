// The report's script (TypeScript, bundled by Rolldown) and style, as a module of text that the library writes into reports.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const page = join(root, 'src/report/page');
const generated = join(page, 'page.generated.ts');
/** In the order in which they hold: each may change what those before it say. */
const styles = ['base', 'layout', 'headline', 'figures', 'pictures', 'matrix', 'progress', 'maps', 'samples', 'print'];

/** Does nothing where what was made is newer than all that it is made of. */
export async function buildReportPage() {
  const own = readdirSync(page, { recursive: true }).filter((name) => /(?<!\.generated)\.(ts|css)$/.test(name));
  const sources = own.map((name) => join(page, name));
  sources.push(join(root, 'src/inspect/colours.ts'), join(root, 'src/numeric/words.ts'), import.meta.filename);
  const made = existsSync(generated) ? statSync(generated).mtimeMs : 0;
  if (sources.every((file) => statSync(file).mtimeMs <= made)) return;

  const script = await bundled(join(page, 'script/main.browser.ts'));
  if (/<\/script|<!--/i.test(script)) throw new Error('The script of the report would end its own element.');
  const style = styles.map((name) => readFileSync(join(page, `style/${name}.css`), 'utf8')).join('');
  const shortStyle = style
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  // The policy of the page allows this script and no other.
  const scriptHash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
  const text = JSON.stringify({ script, scriptHash, style: shortStyle }, null, 2);
  writeFileSync(
    generated,
    `/** Made by scripts/buildReportPage.mjs from script/ and style/. */\nexport const page = ${text} as const;\n`,
  );
}

async function bundled(input) {
  const bundle = await rolldown({ input, resolve: { extensionAlias: { '.js': ['.ts', '.js'] } } });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  return output[0].code.trim();
}
