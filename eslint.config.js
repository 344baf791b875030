import tseslint from 'typescript-eslint';

const ONE_OWNER = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'time is passed in (base/clock.ts)',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'time is passed in (base/clock.ts)',
  },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'use base/ids.ts' },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'only config/load.ts reads the environment',
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.demo/'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      complexity: ['error', 12],
      'no-restricted-syntax': ['error', ...ONE_OWNER],
      'no-console': 'error',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: false }],
    },
  },
  {
    files: ['src/base/clock.ts', 'src/config/load.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'max-params': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['test/tools/**', 'eslint.config.js'],
    rules: { 'no-console': 'off', 'no-restricted-syntax': 'off', 'max-lines-per-function': 'off' },
  },
);
