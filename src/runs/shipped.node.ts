import { fileURLToPath } from 'node:url';

/** The models that come with the package, in its folder models/: the same place from dist/runs and from src/runs. */
const urls = {
  digits: new URL('../../models/digits.safetensors', import.meta.url),
  gate: new URL('../../models/gate.safetensors', import.meta.url),
};

/** Where a model that comes with Cifra lies: the one that reads digits, or the one that tells them from other signs. */
export function shippedFile(name: keyof typeof urls): string {
  return fileURLToPath(urls[name]);
}
