// Makes one call of node:fs/promises fail, counted from 1: in this process by `failAt`, in a child by
//   CIFRA_FAIL_AT=7 CIFRA_FAIL_CODE=ENOSPC node --import ./tests/faults/fileSystem.mjs dist/cli/main.js ...
// which without CIFRA_FAIL_AT writes the calls that there were to the file CIFRA_FAIL_LOG when it ends.
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const CALLS = [
  'open',
  'link',
  'rename',
  'rm',
  'rmdir',
  'mkdir',
  'readdir',
  'readFile',
  'writeFile',
  'appendFile',
  'stat',
];
const HANDLE_CALLS = ['writeFile', 'write', 'read', 'sync', 'stat', 'close'];

/** @type {{ at: number, code: string, calls: string[] } | undefined} */
let plan;

/**
 * Counts this call; fails if it is its turn. A write puts half of its bytes there first, as a full disk does.
 * @param {string} name
 * @param {(fraction: number) => Promise<unknown>} partly
 */
async function count(name, partly) {
  if (!plan) return;
  plan.calls.push(name);
  if (plan.calls.length !== plan.at) return;
  await partly(0.5).catch(() => undefined);
  const error = new Error(`${plan.code}: made to fail, ${name}`);
  throw Object.assign(error, { code: plan.code, syscall: name });
}

/** @param {unknown} data @param {number} fraction */
function part(data, fraction) {
  const bytes = typeof data === 'string' ? Buffer.from(data) : /** @type {Uint8Array} */ (data);
  return bytes.subarray(0, Math.floor(bytes.length * fraction));
}

/** @param {any} target @param {string} name @param {string} title @param {number} dataAt */
function wrap(target, name, title, dataAt) {
  const original = target[name];
  target[name] = async function (/** @type {any[]} */ ...args) {
    // Node loads modules by these calls, too, and names them by URLs.
    if (args[0] instanceof URL) return original.apply(this, args);
    await count(title, async (fraction) => {
      // What is closed stays closed, whatever the call says.
      if (name === 'close') await original.apply(this, args);
      if (dataAt >= 0) await original.apply(this, args.with(dataAt, part(args[dataAt], fraction)));
    });
    return original.apply(this, args);
  };
}

const handle = await fs.promises.open(import.meta.filename ?? process.execPath, 'r');
const prototype = Object.getPrototypeOf(handle);
await handle.close();
for (const name of HANDLE_CALLS)
  wrap(prototype, name, `handle.${name}`, name === 'writeFile' || name === 'write' ? 0 : -1);
for (const name of CALLS) wrap(fs.promises, name, name, name === 'writeFile' || name === 'appendFile' ? 1 : -1);
syncBuiltinESMExports();

/** Lets the call number `at` from now on fail with `code`; 0: none. Gives the names of the calls, as they come. */
export function failAt(at, code = 'EIO') {
  plan = { at, code, calls: [] };
  return plan.calls;
}

/** All calls do what they should again. */
export function failNoMore() {
  plan = undefined;
}

const { CIFRA_FAIL_AT: at, CIFRA_FAIL_CODE: code, CIFRA_FAIL_LOG: log } = process.env;
if (at !== undefined) failAt(Number(at), code);
if (log !== undefined) {
  const calls = failAt(0);
  process.on('exit', () => fs.writeFileSync(log, calls.join('\n')));
}
