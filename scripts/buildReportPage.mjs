// The report's script (TypeScript, bundled by Rolldown) and style, as a module of text that the library writes into reports.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src/report/page');
const generated = join(source, 'page.generated.ts');

export async function buildReportPage() {
  const sources = readdirSync(source, { recursive: true }).filter((name) => /(?<!\.generated)\.(ts|css)$/.test(name));
  const files = [
    ...sources.map((name) => join(source, name)),
    join(root, 'src/inspect/colours.ts'),
    import.meta.filename,
  ];
  const made = existsSync(generated) ? statSync(generated).mtimeMs : 0;
  if (files.every((file) => statSync(file).mtimeMs <= made)) return;

  const bundle = await rolldown({
    input: join(source, 'script/main.browser.ts'),
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  const script = output[0].code.trim();
  if (/<\/script|<!--/i.test(script)) throw new Error('The script of the report would end its own element.');
  const style = readFileSync(join(source, 'style.css'), 'utf8')
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .trim();
  const scriptHash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
  const text = JSON.stringify({ script, scriptHash, style }, null, 2);
  writeFileSync(
    generated,
    `/** Made by scripts/buildReportPage.mjs from script/ and style.css. */\nexport const page = ${text} as const;\n`,
  );
}
