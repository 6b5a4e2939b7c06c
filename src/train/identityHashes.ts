/**
 * What the trainings of `identity.ts` come to, everywhere: `weightsSha256` of their last weights. A kernel that changes a
 * bit on purpose changes these too; `npm run test:identity -- --renew` then writes this file.
 */
export const identityHashes = {
  small: '20b2f4367ec9b7228e4bc00385343afe1fb812813a1205acdf55a929cc0d9fe0',
  seed: 'f5e4db0245667ece8b7e82cf4096db831817dd81cd096cd9b0e864cc4a14bfc3',
  fast: '82b306508759a524dccf6170801cd41a7db1ff9c8c671110470c45af257dec2e',
  better: 'dd8565e0b17ef9bdf5760466a97b5d0f8d969f5ab2f8f4788cf056a434bdd1f9',
  mnist: '5577383e8b295dc8839ca1d7b30db60305f2c1efe762cae821716939412be93c',
} as const;
