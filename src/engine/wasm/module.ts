import { enableRelaxedSimd } from '#wasm-threads';
import { kernels } from './kernels.generated.js';

/** `strict`: every product is rounded, the same bits everywhere. `relaxed`: fused multiply-add, faster. */
export type Numerics = keyof typeof kernels;

const modules = new Map<string, Promise<WebAssembly.Module>>();

/** Whether threads can share memory here: always in Node, in a page only with cross-origin isolation. */
export function canShareMemory(): boolean {
  return typeof SharedArrayBuffer === 'function';
}

/** Whether the kernels of these numerics run here. Older engines have relaxed SIMD behind a flag, which is then set. */
export function canRun(numerics: Numerics): boolean {
  const bytes = bytesOf(numerics);
  if (WebAssembly.validate(bytes)) return true;
  if (numerics === 'strict') return false;
  enableRelaxedSimd();
  return WebAssembly.validate(bytes);
}

/** The compiled kernels, for shared or for unshared memory. */
export function kernelModule(shared: boolean, numerics: Numerics): Promise<WebAssembly.Module> {
  const key = `${numerics} ${shared}`;
  let module = modules.get(key);
  if (!module) {
    const bytes = bytesOf(numerics);
    if (!shared) clearSharedFlag(bytes);
    module = WebAssembly.compile(bytes);
    modules.set(key, module);
  }
  return module;
}

/** Names the kernels: the first digits of their SHA-256. */
export function kernelsName(numerics: Numerics): string {
  return kernels[numerics].sha256.slice(0, 16);
}

function bytesOf(numerics: Numerics): Uint8Array<ArrayBuffer> {
  const text = atob(kernels[numerics].base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
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
