#!/usr/bin/env node
import { CifraError } from '../numeric/errors.js';
import { version } from '../runs/version.js';
import { unknownCommand, unknownOption, UsageError } from './arguments.js';
import { commands } from './commands.js';
import { commandHelp, generalHelp } from './help.js';
import { Interrupted } from './interrupt.js';

const exitStatus = { done: 0, failed: 1, wrongUse: 2 } as const;

async function main(words: readonly string[]): Promise<void> {
  const [first, ...rest] = words;
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
    process.stdout.write(`${generalHelp(version, commands)}\n`);
    if (first === undefined) process.exitCode = exitStatus.wrongUse;
    return;
  }
  if (first === '--version' || first === '-V') {
    process.stdout.write(`${version}\n`);
    return;
  }
  if (first === 'help') return main([rest[0]!, '--help']);
  if (first.startsWith('-')) throw unknownOption(undefined, first, ['help', 'version']);
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (!command) throw unknownCommand(first, Object.keys(commands));
  if (rest.includes('--help') || rest.includes('-h')) process.stdout.write(`${commandHelp(first, command)}\n`);
  else await command.run(first, rest);
}

function report(error: unknown): void {
  if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitStatus;
  } else if (error instanceof CifraError) {
    process.stderr.write(`Error: ${error.message}\n`);
    process.exitCode = error instanceof UsageError ? exitStatus.wrongUse : exitStatus.failed;
  } else {
    process.stderr.write(`This is an error in Cifra itself, please report it.\n${stackOf(error)}\n`);
    process.exitCode = exitStatus.failed;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// Whoever reads our output may stop reading, as `head` does: then there is nothing more to say.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitStatus.done);
  throw error;
});

await main(process.argv.slice(2)).catch(report);
