import { natsUrlOf, natsVariables, WORKERS } from '@orderlines/messaging';
import { internalTokenVariable, tlsFilesOf, tlsVariables, type TlsFiles } from '@orderlines/rpc';
import { secretKeyVariable, secretReferencesVariable } from '@orderlines/secrets';
import { portVariable, serviceVariables, type ServiceLogLevel, VERSION } from '@orderlines/service-host';
import { z } from 'zod';
import type { CommittedBatch } from './instance/instance-runner.js';

/** What an executor needs to run. */
export interface ExecutorConfig {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** Where its doors listen; the gRPC door on loopback only while there is no `internalToken`. */
  readonly host: string;
  /** Host under which gateways reach the gRPC door; absent: `host`, or this machine's name when that is all addresses. */
  readonly advertisedHost?: string | undefined;
  /** What gateways must show at the gRPC door. */
  readonly internalToken?: string | undefined;
  /** TLS between the services of an installation, both sides with certificates; absent: plain. */
  readonly internalTls?: TlsFiles | undefined;
  /** gRPC; 0 lets the system choose. */
  readonly grpcPort: number;
  /** Health and metrics; 0 lets the system choose. */
  readonly healthPort: number;
  /** Address of the console, which facts and expressions name: `<publicUrl>/instances/<id>`. */
  readonly publicUrl: string;
  readonly logLevel: ServiceLogLevel;
  readonly version: string;
  /** Keys of secrets at rest, as `ORDERLINES_SECRET_KEY` gives them; absent: there can be no secrets. */
  readonly secretKey?: string | undefined;
  /** What secrets may refer to outside, as `ORDERLINES_SECRET_REFERENCES` gives it: `env:SHOP_*`, `file:/run/secrets/*`. */
  readonly secretReferences: readonly string[];
  /** Module of the log sink's thread; absent: the built `log-sink.js` beside this module. Null: this executor saves no logs. */
  readonly logSinkUrl?: URL | null;
  /** Milliseconds a silent worker keeps its attempts (30 s). */
  readonly leaseMs: number;
  /** After being cut off, nothing that an outage could have caused fires for so many milliseconds (30 s). */
  readonly settleMs: number;
  /** How often rows are swept for what was not published (5 s), and how long a task must have waited for that. */
  readonly sweepMs: number;
  /** For tests: returning false is a crash between the commit and everything after it. */
  readonly survivesCommit?: (batch: CommittedBatch) => boolean;
}

/** What holds unless it is said otherwise. */
export const executorDefaults = {
  host: '127.0.0.1',
  grpcPort: 0,
  healthPort: 0,
  publicUrl: 'http://127.0.0.1:15900',
  logLevel: 'info',
  version: VERSION,
  secretReferences: [],
  leaseMs: WORKERS.leaseMs,
  settleMs: WORKERS.leaseMs,
  sweepMs: 5_000,
} as const satisfies Partial<ExecutorConfig>;

/** Environment variables of the executor's process. */
export const executorEnvironment = z
  .object({
    ...serviceVariables,
    ORDERLINES_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    ...natsVariables,
    ORDERLINES_SECRET_KEY: secretKeyVariable(),
    ORDERLINES_SECRET_REFERENCES: secretReferencesVariable(),
    ORDERLINES_INTERNAL_TOKEN: internalTokenVariable(),
    ...tlsVariables('ORDERLINES_INTERNAL_TLS'),
    ORDERLINES_ADVERTISED_HOST: z.string().min(1).max(253).optional(),
    ORDERLINES_EXECUTOR_GRPC_PORT: portVariable().default(executorDefaults.grpcPort),
    ORDERLINES_PUBLIC_URL: z.url().default(executorDefaults.publicUrl),
    ORDERLINES_VERSION: z.string().default(executorDefaults.version),
  })
  .transform((variables): ExecutorConfig => ({
    ...executorDefaults,
    databaseUrl: variables.ORDERLINES_DATABASE_URL,
    natsUrl: natsUrlOf(variables),
    secretKey: variables.ORDERLINES_SECRET_KEY,
    secretReferences: variables.ORDERLINES_SECRET_REFERENCES,
    host: variables.ORDERLINES_HOST,
    advertisedHost: variables.ORDERLINES_ADVERTISED_HOST,
    internalToken: variables.ORDERLINES_INTERNAL_TOKEN,
    internalTls: tlsFilesOf(variables, 'ORDERLINES_INTERNAL_TLS'),
    grpcPort: variables.ORDERLINES_EXECUTOR_GRPC_PORT,
    healthPort: variables.ORDERLINES_HEALTH_PORT,
    publicUrl: variables.ORDERLINES_PUBLIC_URL,
    logLevel: variables.ORDERLINES_LOG_LEVEL,
    version: variables.ORDERLINES_VERSION,
  }));
