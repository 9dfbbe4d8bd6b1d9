import { pino, type Logger, type LevelWithSilent } from 'pino';

export type { Logger } from 'pino';

/** A structured logger: one JSON object a line on standard output, errors under `err`. */
export const createLogger = (service: string, level: LevelWithSilent = 'info'): Logger =>
  pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
