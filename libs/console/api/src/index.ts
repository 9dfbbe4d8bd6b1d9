export * from './api.js';
export * from './problem.js';
export type { AnswerOf, CallOf, RouteName, Routes } from './routes.js';
export * from './session.js';
export { SessionToken } from './session-token.js';
export { Live, type RunNews } from './live.js';
export { readServerEvents, type ServerSentEvent } from './server-events.js';
