/**
 * What the trainings of `identity.ts` come to, everywhere: `weightsSha256` of their last weights. A kernel that changes a
 * bit on purpose changes these too; `npm run test:identity -- --renew` then writes this file.
 */
export const identityHashes = {
  small: '71e33d0be9225a0db12aa15c9f07a12418b6bb21e660a678e59f88e5d301d97e',
  seed: 'f5e4db0245667ece8b7e82cf4096db831817dd81cd096cd9b0e864cc4a14bfc3',
  mnist: '5577383e8b295dc8839ca1d7b30db60305f2c1efe762cae821716939412be93c',
} as const;
