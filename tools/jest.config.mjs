export default {
  displayName: 'tools',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.spec.mjs'],
  transform: {},
  reporters: ['default', ['<rootDir>/test-count-reporter.mjs', { name: 'tools' }]],
};
