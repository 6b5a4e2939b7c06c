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

export function commandHelp(name: string, { about, options, words, examples }: Command): string {
  const entries = [
    ...(words ? [{ head: `  ${words.value}`, text: words.about }] : []),
    ...Object.entries(options).map(([option, { value, about: text }]) => ({
      head: `  --${option}${value ? ` ${value}` : ''}`,
      text,
    })),
  ];
  const width = Math.min(26, Math.max(...entries.map(({ head }) => head.length)) + 2);
  const lines = entries.flatMap(({ head, text }) => {
    const [first = '', ...more] = wrapped(text, WIDTH - width);
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
