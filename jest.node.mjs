/** Jest settings shared by all Node projects: native ESM, swc for TypeScript with decorators. */
export const nodeJest = (displayName, depth = '../..') => ({
  displayName,
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  setupFiles: ['reflect-metadata'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
          experimental: { keepImportAttributes: true },
        },
      },
    ],
  },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@orderlines/apps/([^/]+)$': `<rootDir>/${depth}/apps/$1/src/index.ts`,
    '^@orderlines/([^/]+)$': `<rootDir>/${depth}/libs/$1/src/index.ts`,
    '^@orderlines/persistence/postgres$': `<rootDir>/${depth}/libs/persistence/src/postgres.ts`,
  },
  // Starting servers on a busy machine takes its time; a test that hangs still ends.
  testTimeout: 60_000,
  coverageProvider: 'v8',
  reporters: ['default', [`<rootDir>/${depth}/tools/test-count-reporter.mjs`, { name: displayName }]],
  workerIdleMemoryLimit: '1GB',
});
