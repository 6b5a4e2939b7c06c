// What the page's first script holds: all that web/src/main.tsx reaches by imports that are there at run time, but for
// those that are loaded later, by import() or as a worker.

import base from './.dependency-cruiser.cjs';

const { options } = base;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'the-first-script-is-small',
      comment: 'What computes is in the workers: the page must be there at once, and answer while they are at work.',
      severity: 'error',
      from: { path: '^web/src/main\\.tsx$' },
      to: {
        path: '^src/(engine|nn|train|runs|augment|data/synthetic|models)',
        pathNot: '^src/runs/version\\.ts$',
        reachable: true,
      },
    },
  ],
  options: {
    ...options,
    tsPreCompilationDeps: false,
    exclude: { ...options.exclude, dynamic: true },
  },
};
