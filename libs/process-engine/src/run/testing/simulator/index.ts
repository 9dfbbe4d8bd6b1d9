export * from './coverage.js';
export * from './safeguards.js';
export * from './simulate.js';
