// Who may import whom, and why. Types count as imports.
// A test sits beside its code and may use any room, so tests are free of the rules about rooms.

const test = '\\.test\\.ts$|/testing\\.ts$';

/** Rule: of our own code, files matching `from` (a path below src/) import nothing but what `allowed` matches. */
function room(name, comment, from, ...allowed) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: `^src/${from}`, pathNot: test },
    to: { path: '^src/', pathNot: allowed.map((path) => `^src/${path}`) },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    // Rooms, from the ground up.
    room('numeric', 'The ground: everyone may import it, so it imports nothing.', 'numeric/', 'numeric/'),
    room('charts', 'Numbers to pictures; knows nothing of where they are from.', 'charts/', 'charts/', 'numeric/'),
    room('files', 'Whole files and their hashes, for data and runs.', 'files/', 'files/', 'numeric/'),
    room('data', 'Files to typed arrays; knows nothing of networks.', 'data/', 'data/', 'files/', 'numeric/'),
    room('digit', 'Pixels to what a network expects; knows nothing of networks.', 'digit/', 'digit/', 'numeric/'),
    room('pictures', 'Decodes pictures to pixels.', 'pictures/', 'pictures/', 'numeric/', 'digit/'),
    room(
      'reading',
      'Pictures to answers; whatever predicts is behind an interface of its own.',
      'reading/',
      ...['reading/', 'digit/', 'numeric/'],
    ),
    room(
      'augment',
      'Works on images; its work may be shared by the team of threads.',
      'augment/',
      ...['augment/', 'numeric/', 'engine/team/'],
    ),
    room(
      'engine-program',
      'A program is data: no backend, no thread, no layer.',
      'engine/program/',
      ...['engine/program/', 'numeric/'],
    ),
    room('engine-team', 'Threads know no program, only slices of work.', 'engine/team/', 'engine/team/', 'numeric/'),
    room(
      'engine-backend-interface',
      'The one interface to all backends names no backend.',
      'engine/backend\\.ts$',
      ...['engine/program/', 'numeric/'],
    ),
    room(
      'engine-backends',
      'A backend runs programs with the team, behind the interface; it never leans on another backend.',
      'engine/(?!program/|team/)([^/]+)/',
      ...['engine/$1/', 'engine/program/', 'engine/team/', 'engine/backend\\.ts$', 'numeric/'],
    ),
    room(
      'nn',
      'Layers become programs; which backend runs them is not their business.',
      'nn/',
      ...['nn/', 'engine/program/', 'numeric/'],
    ),
    room('runs', 'Keeps runs and models; does not make them.', 'runs/', 'runs/', 'nn/', 'files/', 'numeric/'),
    room(
      'train',
      'Training reaches a backend through the interface only.',
      'train/',
      ...['train/', 'nn/', 'data/', 'augment/', 'engine/backend\\.ts$', 'runs/', 'numeric/'],
    ),
    room(
      'recording',
      'Records a training as it goes on, in a store and by a machine that it is told of.',
      'recording/',
      ...['recording/', 'train/', 'report/progress\\.ts$', 'runs/', 'data/', 'engine/backend\\.ts$', 'numeric/'],
    ),
    room('compare', 'Runs side by side, as numbers.', 'compare/', 'compare/', 'runs/', 'numeric/'),
    room(
      'study',
      'Trains by recipes, on a backend that it is given.',
      'study/',
      ...['study/', 'train/', 'data/', 'augment/', 'engine/backend\\.ts$', 'runs/', 'numeric/'],
    ),
    {
      name: 'readers-do-not-train',
      comment: 'report and inspect read results and models. They may name what training returns (types), not call it.',
      severity: 'error',
      from: { path: '^src/(report|inspect)/', pathNot: test },
      to: { path: '^src/train/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'readers-work-with-any-backend',
      comment: 'report and inspect meet a backend only behind its interface, and neither augment nor serve commands.',
      severity: 'error',
      from: { path: '^src/(report|inspect)/', pathNot: test },
      to: { path: '^src/(engine/(?!backend\\.ts$|program/)|augment/|pictures/)' },
    },

    // Joining the rooms.
    {
      name: 'only-roots-choose-a-backend',
      comment:
        'The roots (index, browser, library, models) and the command line join nn, train and a backend. Everyone else takes a Backend.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [test, '^src/(index|browser|library|models)\\.ts$', '^src/cli/', '^src/engine/[^/]+/'],
      },
      to: { path: '^src/engine/(?!program/|team/)[^/]+/' },
    },
    {
      name: 'nobody-imports-the-roots',
      comment:
        'The roots are for users. Inside, import the room itself; the command line is the library’s own first user.',
      severity: 'error',
      from: { path: '^src/', pathNot: [test, '^src/(index|browser|library|models)\\.ts$', '^src/cli/'] },
      to: { path: '^src/(index|browser|library|models)\\.ts$' },
    },
    {
      name: 'nobody-imports-the-command-line',
      comment: 'It is an end, not a part. (The page’s build takes the headers from it.)',
      severity: 'error',
      from: { pathNot: [test, '^src/cli/', '^web/[^/]+\\.ts$'] },
      to: { path: '^src/cli/' },
    },
    {
      name: 'nobody-imports-the-page',
      comment: 'It is an end, not a part; it may import anything of the library.',
      severity: 'error',
      from: { pathNot: [test, '^web/'] },
      to: { path: '^web/' },
    },

    // Node and browser.
    {
      name: 'node-modules-only-in-node-files',
      comment: 'Everything but cli, pictures and *.node.ts also runs in a browser.',
      severity: 'error',
      from: { path: '^src/', pathNot: [test, '^src/(cli|pictures)/', '\\.node\\.ts$'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'node-halves-stay-in-node',
      comment:
        'A *.node.ts file is reached from Node: from the root for Node, the command line, another such file, or through a condition of package.json’s "imports".',
      severity: 'error',
      from: { path: '^src/', pathNot: [test, '^src/index\\.ts$', '^src/(cli|pictures)/', '\\.node\\.ts$'] },
      to: { path: '\\.node\\.ts$', dependencyTypesNot: ['aliased-subpath-import'] },
    },
    {
      name: 'browser-halves-stay-in-the-browser',
      comment: 'A *.browser.ts file is reached from the root for browsers or another such file.',
      severity: 'error',
      from: { path: '^src/', pathNot: [test, '^src/browser\\.ts$', '\\.browser\\.ts$'] },
      to: { path: '\\.browser\\.ts$', dependencyTypesNot: ['aliased-subpath-import'] },
    },
    {
      name: 'the-browser-root-reaches-no-node-file',
      comment: 'Not even by way of others. (The threads are chosen by a condition, which this check reads as Node’s.)',
      severity: 'error',
      from: { path: '^src/browser\\.ts$' },
      to: { path: '\\.node\\.ts$', pathNot: '^src/engine/(team|wasm)/', reachable: true },
    },
    {
      name: 'the-page-reaches-no-node-file',
      comment: 'As the root for browsers.',
      severity: 'error',
      from: { path: '^web/src/(main\\.tsx|.*\\.worker\\.ts)$' },
      to: { path: '\\.node\\.ts$', pathNot: '^src/engine/(team|wasm)/', reachable: true },
    },

    // Packages.
    {
      name: 'the-core-needs-no-package',
      comment:
        'The library has no run-time dependency; pictures may use a decoder, and the build puts Plot into charts/plot.js.',
      severity: 'error',
      from: { path: '^src/', pathNot: [test, '^src/pictures/', '^src/charts/plot\\.ts$'] },
      to: { dependencyTypes: ['npm', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-dev-dep',
      comment: 'What only development installs is missing in the package.',
      severity: 'error',
      from: { path: '^src/', pathNot: [test, '^src/charts/plot\\.ts$'] },
      to: { dependencyTypes: ['npm-dev'] },
    },

    // Health.
    {
      name: 'no-circular',
      comment: 'One direction of dependence; types count.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that imports nothing and that nothing imports is forgotten.',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '^web/offline/serviceWorker\\.ts$'] },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'not-to-test',
      comment: 'Code does not lean on its tests.',
      severity: 'error',
      from: { pathNot: test },
      to: { path: test },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // AssemblyScript, compiled by itself; and what is built, which is this source again.
    exclude: { path: '^(src/engine/wasm/kernels/|dist/|web/dist/)' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'node', 'import', 'default'] },
  },
};
