import type { Command } from './commands.js';
import { columns, wrapped } from './terminal/text.js';

const WIDTH = 100;

export function generalHelp(version: string, commands: Readonly<Record<string, Command>>): string {
  const lines = columns(
    Object.entries(commands).map(([name, { about }]) => [`  ${name}`, about]),
    2,
  );
  return [
    `cifra ${version}: train, inspect and ship convolutional networks for handwritten digits.`,
    '',
    'cifra COMMAND [options]',
    '',
    ...lines,
    '',
    'cifra COMMAND --help shows the options of a command, cifra --version the version.',
    'Exit status: 0 done, 1 failed, 2 wrong use, 130 interrupted.',
  ].join('\n');
}

export function commandHelp(name: string, { about, options, examples }: Command): string {
  const names = Object.entries(options).map(([option, { value }]) => `  --${option}${value ? ` ${value}` : ''}`);
  const width = Math.min(26, Math.max(...names.map((text) => text.length)) + 2);
  const lines = Object.values(options).flatMap(({ about: text, required }, i) => {
    const [first = '', ...more] = wrapped(required ? `${text} Required.` : text, WIDTH - width);
    const head = names[i]!;
    const indented = more.map((line) => ' '.repeat(width) + line);
    return head.length < width
      ? [head.padEnd(width) + first, ...indented]
      : [head, ' '.repeat(width) + first, ...indented];
  });
  return [
    `cifra ${name}: ${about}`,
    '',
    ...lines,
    '',
    'Examples:',
    ...examples.map((example) => `  cifra ${example}`),
  ].join('\n');
}
