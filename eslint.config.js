import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const noFileSystem = ['fs', 'node:fs', 'fs/promises', 'node:fs/promises'];

/** Folders that must stay pure: what they may never import, and why. */
function restrict(files, patterns, message) {
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'test/fixtures/', '.elocute/', '.cache/', '**/.venv/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: [
            '*.js',
            '.*.cjs',
            'bin/*.js',
            'test/support/*.mjs',
            'examples/django/app/static/app/*.js',
          ],
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      // `== null` means null or undefined, which protobuf messages mix.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  restrict(
    ['src/scoring/**/*.ts', 'src/audio/**/*.ts', 'src/acoustics/**/*.ts'],
    [...noFileSystem, 'node:*', '../*/**'],
    'scoring/, audio/ and acoustics/ are pure: no node modules, nothing from other folders.',
  ),
  restrict(
    ['src/workflows/**/*.ts'],
    ['node:*', ...noFileSystem, '../adapters/*', '../local/*', '../config.ts', '../uploads/*'],
    'Workflows run in a sandbox: only @temporalio/workflow and common, the contract, failures, batches, scoring and activity types.',
  ),
  restrict(
    ['src/batches/**/*.ts'],
    ['node:*', ...noFileSystem, '@temporalio/*'],
    'batches/ is pure: workflows use it.',
  ),
  restrict(
    ['src/activities/**/*.ts'],
    ['../adapters/*', '../local/*', '../config.ts'],
    'Activities see the outside through ports.ts; main wires the adapters in.',
  ),
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [{ from: 'package', package: 'mocha', name: ['it', 'describe'] }],
        },
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: { URL: 'readonly', process: 'readonly', module: 'writable' } },
  },
  {
    files: ['examples/django/app/static/**/*.js'],
    languageOptions: {
      globals: {
        document: 'readonly',
        fetch: 'readonly',
        FormData: 'readonly',
        location: 'readonly',
      },
    },
  },
  prettier,
);
