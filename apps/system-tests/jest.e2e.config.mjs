import { nodeJest } from '../../jest.node.mjs';

/** Whole-system tests: built services as processes of their own, one file after the other. */
export default {
  ...nodeJest('system-tests'),
  testMatch: ['<rootDir>/src/**/*.e2e.ts'],
  reporters: ['default', ['<rootDir>/../../tools/test-count-reporter.mjs', { name: 'e2e' }]],
  maxWorkers: 1,
  testTimeout: 180_000,
};
