export * from './streams/tasks.stream.js';
export * from './streams/runs.stream.js';
export * from './streams/logs.stream.js';
export * from './streams/events.stream.js';
export * from './subjects/claims.subject.js';
export * from './subjects/workers.subject.js';
export * from './subjects/live.subject.js';
