import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const rooms = (...names) => names.map((name) => `**/${name}/**`);

/** Rooms a layer may not import from: imports point one way (see ARCHITECTURE.md). */
const forbidden = {
  pipeline: [
    'vscode',
    'node:*',
    'onnxruntime-node',
    'sharp',
    'libsql',
    ...rooms('host', 'engine', 'protocol', 'messaging', 'towers', 'dataset', 'store', 'hub', 'cli'),
  ],
  protocol: [
    'vscode',
    'node:*',
    'onnxruntime-node',
    'sharp',
    'libsql',
    ...rooms('host', 'engine', 'towers', 'dataset', 'store', 'hub', 'cli'),
  ],
  onnx: [
    'vscode',
    'onnxruntime-node',
    'libsql',
    ...rooms('host', 'engine', 'protocol', 'messaging', 'towers', 'dataset', 'store', 'hub', 'cli'),
  ],
  towers: [
    'vscode',
    'libsql',
    ...rooms('host', 'engine', 'protocol', 'messaging', 'dataset', 'store', 'cli'),
  ],
  dataset: [
    'vscode',
    'onnxruntime-node',
    'libsql',
    ...rooms('host', 'engine', 'messaging', 'towers', 'store', 'cli'),
  ],
  store: [
    'vscode',
    'onnxruntime-node',
    'sharp',
    ...rooms('host', 'engine', 'messaging', 'towers', 'dataset', 'cli'),
  ],
  tuning: ['vscode', 'libsql', 'sharp', ...rooms('host', 'engine', 'dataset', 'store', 'hub', 'cli')],
  evaluation: [
    'vscode',
    'onnxruntime-node',
    'sharp',
    'libsql',
    ...rooms('host', 'engine', 'towers', 'tuning', 'dataset', 'store', 'cli'),
  ],
  likeness: [
    'vscode',
    'node:*',
    'onnxruntime-node',
    'sharp',
    'libsql',
    ...rooms(
      'host',
      'engine',
      'protocol',
      'messaging',
      'towers',
      'tuning',
      'evaluation',
      'dataset',
      'store',
      'hub',
      'cli',
    ),
  ],
  engine: ['vscode', ...rooms('host', 'cli')],
  host: [
    'onnxruntime-node',
    'sharp',
    'libsql',
    ...rooms('engine', 'towers', 'store', 'dataset', 'pipeline', 'likeness', 'cli'),
  ],
};

export default ts.config(
  {
    ignores: [
      'dist/',
      'dist-test/',
      'node_modules/',
      'test-output/',
      '.vscode-host/',
      '.vscode-test/',
      'test/fixtures/',
      'models/',
      '**/*.cjs',
      '**/*.svelte.ts',
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.node, ...globals.browser },
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.svelte'], languageOptions: { parserOptions: { parser: ts.parser } } },
  // Scripts belong to no project of TypeScript's, so what needs types is not asked of them.
  { files: ['**/*.mjs'], ...ts.configs.disableTypeChecked },
  ...Object.entries(forbidden).map(([room, group]) => ({
    files: [`extension/${room}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group, message: `extension/${room} may not know this room; see ARCHITECTURE.md.` }] },
      ],
    },
  })),
  {
    files: ['webview/**/*.{ts,svelte}'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                'vscode',
                'node:*',
                '**/host/**',
                '**/engine/**',
                '**/store/**',
                '**/pipeline/**',
                '**/towers/**',
              ],
              message: 'The webview knows the protocol only.',
            },
          ],
        },
      ],
    },
  },
);
