/** Levels of a line that a task logs, in ascending weight. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** Level of a line that a task logs. */
export type LogLevel = (typeof LOG_LEVELS)[number];
