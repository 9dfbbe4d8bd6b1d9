export * from './page.js';
export * from './problem-details.js';
export * from './session.js';
export * from './process.js';
export * from './task.js';
export * from './instance.js';
export * from './log.js';
export * from './worker.js';
