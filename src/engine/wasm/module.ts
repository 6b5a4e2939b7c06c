import { kernelsBase64 } from './kernels.generated.js';

const modules = new Map<boolean, Promise<WebAssembly.Module>>();

/** Whether threads can share memory here: always in Node, in a page only with cross-origin isolation. */
export function canShareMemory(): boolean {
  return typeof SharedArrayBuffer === 'function';
}

/** The compiled kernels, for shared or for unshared memory. */
export function kernelModule(shared: boolean): Promise<WebAssembly.Module> {
  let module = modules.get(shared);
  if (!module) {
    const bytes = Uint8Array.from(atob(kernelsBase64), (character) => character.charCodeAt(0));
    if (!shared) clearSharedFlag(bytes);
    module = WebAssembly.compile(bytes);
    modules.set(shared, module);
  }
  return module;
}

/** The import "env" "memory", kind 2 (memory), limits flags 3 (shared, with a maximum), as the binary format has it. */
const MEMORY_IMPORT = [3, ...encode('env'), 6, ...encode('memory'), 2, 3];

/** Shared and unshared memory differ in one byte of the binary: the import's limits flags. */
function clearSharedFlag(bytes: Uint8Array): void {
  const at = bytes.findIndex((_, i) => MEMORY_IMPORT.every((byte, j) => bytes[i + j] === byte));
  if (at < 0) throw new Error('The kernels do not import a shared memory.');
  bytes[at + MEMORY_IMPORT.length - 1] = 1;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
