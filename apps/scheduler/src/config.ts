import { natsUrlOf, natsVariables } from '@orderlines/messaging';
import { internalTokenVariable, tlsFilesOf, tlsVariables, type TlsFiles } from '@orderlines/rpc';
import { serviceVariables, type ServiceLogLevel, VERSION } from '@orderlines/service-host';
import { z } from 'zod';
import { SYSTEM_CLOCK, type Clock } from './clock.js';

/** What a scheduler needs to run. */
export interface SchedulerConfig {
  readonly databaseUrl: string;
  /** Where events come from and go to; absent: triggers hear no events, webhooks work all the same. */
  readonly natsUrl?: string | undefined;
  /** Where its health door listens. */
  readonly host: string;
  /** Health and metrics; 0 lets the system choose. */
  readonly healthPort: number;
  /** What executors want to be shown; absent: they want nothing. */
  readonly internalToken?: string | undefined;
  /** TLS between the services of an installation, both sides with certificates; absent: plain. */
  readonly internalTls?: TlsFiles | undefined;
  readonly logLevel: ServiceLogLevel;
  readonly version: string;
  readonly clock: Clock;
  /** Milliseconds between two looks for slots that are due; what is due sooner is waited for. */
  readonly lookMs: number;
  /** Milliseconds after which the start of a run may be taken up by another scheduler. */
  readonly leaseMs: number;
}

/** What holds unless it is said otherwise. */
export const schedulerDefaults = {
  host: '127.0.0.1',
  healthPort: 0,
  logLevel: 'info',
  version: VERSION,
  clock: SYSTEM_CLOCK,
  lookMs: 250,
  leaseMs: 30_000,
} as const satisfies Partial<SchedulerConfig>;

/** Environment variables of the scheduler's process. */
export const schedulerEnvironment = z
  .object({
    ...serviceVariables,
    ORDERLINES_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    ...natsVariables,
    ORDERLINES_NATS_URL: natsVariables.ORDERLINES_NATS_URL.optional(),
    ORDERLINES_INTERNAL_TOKEN: internalTokenVariable(),
    ...tlsVariables('ORDERLINES_INTERNAL_TLS'),
    ORDERLINES_VERSION: z.string().default(schedulerDefaults.version),
  })
  .transform((variables): SchedulerConfig => ({
    ...schedulerDefaults,
    databaseUrl: variables.ORDERLINES_DATABASE_URL,
    natsUrl: variables.ORDERLINES_NATS_URL && natsUrlOf({ ...variables, ORDERLINES_NATS_URL: variables.ORDERLINES_NATS_URL }),
    internalToken: variables.ORDERLINES_INTERNAL_TOKEN,
    internalTls: tlsFilesOf(variables, 'ORDERLINES_INTERNAL_TLS'),
    host: variables.ORDERLINES_HOST,
    healthPort: variables.ORDERLINES_HEALTH_PORT,
    logLevel: variables.ORDERLINES_LOG_LEVEL,
    version: variables.ORDERLINES_VERSION,
  }));
