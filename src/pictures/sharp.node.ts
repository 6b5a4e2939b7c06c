import type Sharp from 'sharp';
import { CifraError } from '../numeric/errors.js';

/**
 * Loaded when the first picture comes: it takes longer than all the rest of Cifra.
 * @throws CifraError `pictures-no-decoder`
 */
export async function loadSharp(): Promise<typeof Sharp> {
  try {
    return (await import('sharp')).default;
  } catch (error) {
    throw new CifraError(
      'pictures-no-decoder',
      'Pictures are decoded by the optional package sharp, which is not installed here or has no build for this machine.',
      'Install it: npm install sharp',
      { cause: error },
    );
  }
}
