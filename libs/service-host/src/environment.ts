import { z } from 'zod';
import { OrderlinesError } from './orderlines-error.js';

/** Settings that cannot be used; the message lists every bad variable at once. */
export class EnvironmentError extends OrderlinesError {
  constructor(readonly problems: readonly string[]) {
    super('environment.invalid', `The environment cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`, 500);
  }
}

/** Reads settings from environment variables; an empty variable counts as not set. Throws {@link EnvironmentError}. */
export const parseEnvironment = <Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined> = process.env,
): z.output<Schema> => {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`));
};

/** A port number given as text; 0 lets the system choose. */
export const portVariable = () => z.coerce.number().int().min(0).max(65_535);

/** Levels from which a service logs, in ascending weight; `silent` logs nothing. */
export const SERVICE_LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
/** Level from which a service logs. */
export type ServiceLogLevel = (typeof SERVICE_LOG_LEVELS)[number];

/** Variables that every service reads. */
export const serviceVariables = {
  ORDERLINES_LOG_LEVEL: z.enum(SERVICE_LOG_LEVELS).default('info'),
  ORDERLINES_HOST: z.string().default('127.0.0.1'),
  ORDERLINES_HEALTH_PORT: portVariable().default(0),
};
