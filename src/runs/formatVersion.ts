import { CifraError } from '../numeric/errors.js';
import { isObject, type Json } from './json.js';

/**
 * Refuses what a newer version of Cifra has written, before anything else is looked at: it may rightly look different.
 * @param file what messages call it
 * @throws CifraError with the given code if `formatVersion` is above `newest`
 */
export function refuseNewer(value: Json, newest: number, file: string, code: string): void {
  const version = isObject(value) ? value['formatVersion'] : undefined;
  if (typeof version !== 'number' || version <= newest) return;
  throw new CifraError(
    code,
    `${file} was written by a newer version of Cifra: it has format version ${version}, and this one reads ${newest}.`,
    'Update Cifra.',
  );
}
