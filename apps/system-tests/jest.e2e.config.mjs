import { nodeJest } from '../../jest.node.mjs';

/** Whole-system tests: built services as processes of their own. Most of the time a system waits, so that two files share two cores well. */
export default {
  ...nodeJest('system-tests'),
  testMatch: ['<rootDir>/src/**/*.e2e.ts'],
  reporters: ['default', ['<rootDir>/../../tools/test-count-reporter.mjs', { name: 'e2e' }]],
  maxWorkers: 2,
  testTimeout: 300_000,
};
