import { describeError } from './orderlines-error.js';
import { pino, type Logger, type LevelWithSilent } from 'pino';

export type { Logger } from 'pino';

/** What a log line says of an error: drivers hang whole connections on theirs. */
const describeForLog = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { code, detail } = error as Error & { readonly code?: unknown; readonly detail?: unknown };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(code === undefined ? {} : { code }),
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
};

/** A structured logger: one JSON object a line on standard output, errors under `err`. */
export const createLogger = (service: string, level: LevelWithSilent = 'info'): Logger =>
  pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeForLog },
    formatters: { level: (label) => ({ level: label }) },
  });
