export * from './conserved.js';
export * from './process-of.js';
export * from './script.js';
export * from './simulation.js';
export * from './store.js';
export * from './unexplained.js';
