export * from './status.js';
export * from './json.js';
export * from './failure.js';
export * from './problem.js';
export * from './clean-json.js';
export * from './plugin-manifest.js';
