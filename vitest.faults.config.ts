import { defineConfig } from 'vitest/config';

/** The long versions of the fault suite, which take hours: every call of the file system, 1,000 kills, 1,000,000 files. */
export default defineConfig({
  test: {
    include: ['tests/faults/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 4 * 3_600_000,
    hookTimeout: 60_000,
    env: {
      CIFRA_FAULTS: 'long',
      CIFRA_KILLS: process.env['CIFRA_KILLS'] ?? '1000',
      CIFRA_MUTATIONS: process.env['CIFRA_MUTATIONS'] ?? '1000000',
    },
  },
});
