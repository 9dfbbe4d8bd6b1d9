import presets from 'jest-preset-angular/presets/index.js';

/** Jest settings shared by the projects that run in a browser: Angular without zones in jsdom, native ESM. */
export const browserJest = (displayName, depth = '../..') => ({
  ...presets.createEsmPreset({ tsconfig: '<rootDir>/tsconfig.json' }),
  displayName,
  rootDir: '.',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  setupFilesAfterEnv: [`<rootDir>/${depth}/tools/jest-browser-setup.ts`],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@orderlines/console/([^/]+)$': `<rootDir>/${depth}/libs/console/$1/src/index.ts`,
    '^@orderlines/console/([^/]+)/i18n/(.*)$': `<rootDir>/${depth}/libs/console/$1/src/i18n/$2`,
    '^@orderlines/([^/]+)$': `<rootDir>/${depth}/libs/$1/src/index.ts`,
  },
  testTimeout: 60_000,
  coverageProvider: 'v8',
  reporters: ['default', [`<rootDir>/${depth}/tools/test-count-reporter.mjs`, { name: displayName }]],
  workerIdleMemoryLimit: '1GB',
});
