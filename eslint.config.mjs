import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importPlugin from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Who may import whom: docs/architecture.md draws it; `tools/projects.spec.mjs` refuses a project without tags. */
const edges = [
  { sourceTag: 'layer:contracts', onlyDependOnLibsWithTags: ['layer:contracts'] },
  { sourceTag: 'layer:domain', onlyDependOnLibsWithTags: ['layer:domain', 'layer:contracts'] },
  { sourceTag: 'layer:sdk', onlyDependOnLibsWithTags: ['layer:contracts', 'layer:sdk'] },
  { sourceTag: 'layer:tasks', onlyDependOnLibsWithTags: ['layer:contracts', 'layer:sdk'] },
  { sourceTag: 'layer:adapter', onlyDependOnLibsWithTags: ['layer:contracts', 'layer:domain', 'layer:adapter', 'layer:testing'] },
  {
    sourceTag: 'layer:service',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:domain', 'layer:adapter', 'layer:sdk', 'layer:tasks', 'layer:testing'],
  },
  { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: ['layer:contracts', 'layer:adapter', 'layer:testing'] },
  { sourceTag: 'layer:composition', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'role:worker', notDependOnLibsWithTags: ['layer:domain', 'role:persistence'] },
  { sourceTag: 'role:not-worker', notDependOnLibsWithTags: ['layer:tasks'] },
  { sourceTag: 'runs:any', notDependOnLibsWithTags: ['runs:node'] },
];

export default tseslint.config(
  { ignores: ['**/dist', '**/tmp', '**/node_modules', '**/src/gen/**', '**/coverage', 'examples/**', '.nx', '.orderlines'] },
  ...tseslint.configs.recommended,
  {
    files: ['{apps,libs}/*/src/**/*.ts'],
    plugins: { '@nx': nx, import: importPlugin },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.base.json' })],
    },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: edges }],
      'import/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // The one place where services are put together in one process: Nx has no other word for "may import applications".
    files: ['apps/standalone/src/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': ['error', { allow: ['@orderlines/apps/*'], depConstraints: edges }] },
  },
  prettier,
);
