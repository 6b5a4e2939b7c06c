import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts', 'tests/**'];
/** Where Node's modules and globals may be used; everything else in src also runs in a browser. */
const nodeFiles = ['src/cli/**', 'src/pictures/**', 'src/**/*.node.ts', 'web/*.ts'];
/** Where the page's globals may be used. */
const browserFiles = ['web/{src,offline}/**', '**/*.browser.ts'];

// ECMAScript leaves these to the implementation, so the same seed could give other bits on another machine.
const inexact =
  'exp expm1 log log1p log2 log10 pow cbrt hypot sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh';
const inexactMath = inexact.split(' ').map((property) => ({
  object: 'Math',
  property,
  message: 'Its last bits differ from engine to engine: use src/numeric/exactMath.ts.',
}));
const unseeded = {
  object: 'Math',
  property: 'random',
  message: 'Runs must be repeatable: use Random of src/numeric/philox.ts.',
};
const inexactPower = {
  selector:
    ":matches(BinaryExpression[operator='**']:not([left.value=2][right.type='Literal']), AssignmentExpression[operator='**='])",
  message: '** is not bit-exact across engines: multiply, or use pow of src/numeric/exactMath.ts. (2 ** 32 is fine.)',
};
const doubleCast = {
  selector: "TSAsExpression > TSAsExpression[typeAnnotation.type='TSUnknownKeyword']",
  message: 'A cast by way of unknown hides a wrong type: narrow it, or fix the type.',
};
const dynamicNodeImport = {
  selector: 'ImportExpression[source.value=/^node:/]',
  message: 'This file also runs in a browser: put what needs Node into a *.node.ts file.',
};

const nodeModules = {
  patterns: [
    {
      group: ['node:*', ...builtinModules],
      message: 'This file also runs in a browser: put what needs Node into a *.node.ts file.',
    },
  ],
};
const globals = (message, ...names) => names.map((name) => ({ name, message }));
const nodeGlobals = globals(
  'This file also runs in a browser: put what needs Node into a *.node.ts file.',
  ...['process', 'Buffer', 'global', 'require', 'module', '__dirname', '__filename', 'setImmediate'],
);
const browserGlobals = globals(
  'This file also runs in Node: put what needs a page into a *.browser.ts file.',
  ...['document', 'window', 'self', 'navigator', 'location', 'history', 'localStorage', 'sessionStorage', 'indexedDB'],
  ...['caches', 'alert', 'requestAnimationFrame', 'name', 'event', 'status', 'Worker'],
);

/** What scripts and pages have alike. */
const web = Object.fromEntries(
  'performance fetch Worker setInterval clearInterval addEventListener postMessage'
    .split(' ')
    .map((name) => [name, 'readonly']),
);

export default defineConfig(
  globalIgnores([
    '**/dist/',
    'runs/',
    'coverage/',
    '.cache/',
    'src/engine/wasm/kernels/', // AssemblyScript, which is not TypeScript
    '**/*.generated.ts',
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'object-shorthand': 'error',
      'prefer-template': 'error',
      'no-restricted-properties': ['error', ...inexactMath, unseeded],
      'no-restricted-syntax': ['error', inexactPower, doubleCast, dynamicNodeImport],
      'no-restricted-imports': ['error', nodeModules],
      'no-restricted-globals': ['error', ...nodeGlobals, ...browserGlobals],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `{}` is how TypeScript writes "anything but null and undefined", Record<never, never> "no options".
      '@typescript-eslint/no-empty-object-type': ['error', { allowObjectTypes: 'always' }],
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // noUncheckedIndexedAccess makes every element of a typed array possibly undefined; inside a loop over its length
      // `!` says what is true.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Arguments are checked at run time too, for callers in plain JavaScript.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // An async method without await fulfils an interface whose other implementations wait.
      '@typescript-eslint/require-await': 'off',
      // Tables of functions (ops, layers) are destructured; none of them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: nodeFiles,
    rules: {
      'no-restricted-imports': 'off',
      'no-restricted-globals': ['error', ...browserGlobals],
      'no-restricted-syntax': ['error', inexactPower, doubleCast],
    },
  },
  {
    files: ['src/cli/**', 'bench/**', 'examples/**', 'scripts/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: browserFiles,
    rules: { 'no-restricted-globals': ['error', ...nodeGlobals] },
  },
  {
    files: ['web/src/**'],
    // To read a signal is to be told of its changes.
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    files: [...tests, 'bench/**', 'examples/**', 'scripts/**', '*.config.{js,ts}', '*.cjs'],
    rules: {
      'no-restricted-imports': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': ['error', doubleCast],
    },
  },
  {
    files: tests,
    // Vitest's asymmetric matchers (expect.any, expect.objectContaining) are `any`.
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', module: 'writable', URL: 'readonly', ...web },
    },
  },
);
