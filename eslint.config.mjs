import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
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
  { sourceTag: 'layer:client', onlyDependOnLibsWithTags: ['layer:contracts'] },
  { sourceTag: 'layer:widget', onlyDependOnLibsWithTags: ['layer:contracts', 'layer:client'] },
  { sourceTag: 'layer:feature', onlyDependOnLibsWithTags: ['layer:contracts', 'layer:domain', 'layer:client', 'layer:widget'] },
  { sourceTag: 'layer:page', onlyDependOnLibsWithTags: ['layer:contracts', 'layer:client', 'layer:widget', 'layer:feature'] },
  { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: ['layer:contracts', 'layer:adapter', 'layer:testing'] },
  { sourceTag: 'layer:composition', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'role:worker', notDependOnLibsWithTags: ['layer:domain', 'role:persistence'] },
  { sourceTag: 'role:not-worker', notDependOnLibsWithTags: ['layer:tasks'] },
  { sourceTag: 'runs:any', notDependOnLibsWithTags: ['runs:node', 'runs:browser'] },
  { sourceTag: 'runs:browser', notDependOnLibsWithTags: ['runs:node'] },
];

export default tseslint.config(
  { ignores: ['**/dist', '**/tmp', '**/node_modules', '**/src/gen/**', '**/coverage', 'examples/**', '.nx', '.orderlines'] },
  ...tseslint.configs.recommended,
  {
    files: ['{apps,libs}/{*,console/*}/src/**/*.ts'],
    plugins: { '@nx': nx, import: importPlugin },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.base.json' })],
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], checkDynamicDependenciesExceptions: ['@orderlines/console/.*'], depConstraints: edges },
      ],
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
  {
    // TypeORM costs a service 20 MB and half a second; the executor writes its SQL itself.
    files: ['apps/executor/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@orderlines/persistence', message: 'Import @orderlines/persistence/postgres.' }] },
      ],
    },
  },
  {
    files: ['{apps,libs}/console/**/*.ts'],
    extends: [...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-class-suffix': 'off',
      '@angular-eslint/directive-class-suffix': 'off',
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'ol', style: 'kebab-case' }],
      '@angular-eslint/directive-selector': ['error', { type: 'attribute', prefix: 'ol', style: 'camelCase' }],
    },
  },
  {
    files: ['{apps,libs}/console/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
  },
  prettier,
);
