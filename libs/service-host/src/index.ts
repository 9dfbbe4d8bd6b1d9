export * from './environment.js';
export * from './orderlines-error.js';
export * from './logger.js';
export * from './metrics.js';
export * from './health-server.js';
export * from './shutdown.js';
export { VERSION } from './version.js';
export * from './pause.js';
export * from './repetition.js';
