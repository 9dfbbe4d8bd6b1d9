import { readFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { QUEUE_LENGTH } from '@orderlines/contracts';
import { natsUrlOf, natsVariables, SubjectToken, WORKERS } from '@orderlines/messaging';
import { serviceVariables, VERSION } from '@orderlines/service-host';
import { DEFAULT_DENIED, type AddressSettings, type SmtpSettings } from '@orderlines/task-library';
import { z } from 'zod';

/** What a worker needs to run. */
export interface WorkerConfig {
  /** With user and password where the server asks for them. */
  readonly natsUrl: string;
  /** Unique among all workers; the same name after a restart takes its shared run folders up again. */
  readonly name: string;
  /** Queues it takes tasks from. */
  readonly queues: readonly string[];
  /** Tasks it runs at a time. */
  readonly slots: number;
  /** Tasks of cpu queues that it runs beside them at a time. */
  readonly cpuSlots: number;
  /** The worker keeps its folders in `<dataDir>/workers/<name>`. */
  readonly dataDir: string;
  readonly host: string;
  /** Health and metrics; 0 lets the system choose. */
  readonly healthPort: number;
  readonly logLevel: z.infer<(typeof serviceVariables)['ORDERLINES_LOG_LEVEL']>;
  readonly version: string;
  /** Where programs of tasks are searched. */
  readonly path: string;
  /** Milliseconds running tasks may still take when the worker is told to end; then they are stopped as `infra`. */
  readonly drainMs: number;
  /** Bytes of log lines kept of one attempt; what it writes beyond is dropped. */
  readonly logLimitBytes: number;
  /** Milliseconds after which a shared run folder that nobody uses is removed, even if nobody said that its run has ended. */
  readonly workspaceAgeMs: number;
  /** Milliseconds between two heartbeats. */
  readonly heartbeatMs: number;
  /** Module of the heartbeat thread; absent: the built `heartbeat.js` beside this module. */
  readonly heartbeatUrl?: URL;
  /** Program of warm JavaScript processes; absent: the built `javascript-child.js` beside this module. */
  readonly javascriptChildUrl?: URL;
  /** Absent: mail is switched off. */
  readonly smtp?: SmtpSettings;
  /** Which addresses `http.request` may call. */
  readonly addresses: AddressSettings;
}

/** What holds unless it is said otherwise. */
export const workerDefaults = {
  name:
    hostname()
      .replaceAll(/[^A-Za-z0-9_-]/g, '-')
      .slice(0, 64) || 'worker',
  queues: ['default'],
  slots: 16,
  cpuSlots: availableParallelism(),
  dataDir: '.orderlines',
  host: '127.0.0.1',
  healthPort: 0,
  logLevel: 'info',
  version: VERSION,
  // The Node that runs the worker comes last: scripts in Node run even where none is installed.
  path: [process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', dirname(process.execPath)].join(delimiter),
  drainMs: 10_000,
  logLimitBytes: 32 * 1024 * 1024,
  workspaceAgeMs: 7 * 24 * 3_600_000,
  heartbeatMs: WORKERS.intervalMs,
  addresses: { allow: [], deny: DEFAULT_DENIED },
} as const satisfies Partial<WorkerConfig>;

const queueList = z.string().transform((text, context) => {
  const parsed = z
    .array(SubjectToken.max(QUEUE_LENGTH))
    .min(1)
    .max(256)
    .safeParse(text.split(',').map((name) => name.trim()));
  if (parsed.success) return [...new Set(parsed.data)];
  context.addIssue({ code: 'custom', message: 'must be queue names separated by commas; a name has letters, digits, "_" and "-" only' });
  return z.NEVER;
});

const listVariable = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** What standard tasks take from the environment; a service that runs a worker within itself reads it too. */
const taskVariables = {
  /** Lists of networks, addresses, names, `*.domains`. */
  ORDERLINES_HTTP_ALLOW: z.string().default(''),
  ORDERLINES_HTTP_DENY: z.string().default(DEFAULT_DENIED.join(',')),
  ORDERLINES_SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be smtp://host:port or smtps://host:port' }).optional(),
  ORDERLINES_SMTP_USER: z.string().optional(),
  ORDERLINES_SMTP_PASSWORD: z.string().optional(),
  ORDERLINES_SMTP_FROM: z.string().default('orderlines@localhost'),
  ORDERLINES_SMTP_TO: z.string().default(''),
  ORDERLINES_SMTP_STARTTLS: z.enum(['required', 'optional', 'never']).optional(),
  ORDERLINES_SMTP_CA_FILE: z.string().optional(),
};
type TaskVariables = z.output<z.ZodObject<typeof taskVariables>>;

const taskSettings = (variables: TaskVariables, context: z.RefinementCtx): Pick<WorkerConfig, 'smtp' | 'addresses'> => {
  const smtp = smtpSettings(variables, context);
  const addresses = { allow: listVariable(variables.ORDERLINES_HTTP_ALLOW), deny: listVariable(variables.ORDERLINES_HTTP_DENY) };
  return { addresses, ...(smtp === undefined ? {} : { smtp }) };
};

/** Environment variables of the standard tasks: mail server and addresses that may be called. */
export const taskEnvironment = z.object(taskVariables).transform(taskSettings);

const smtpSettings = (variables: TaskVariables, context: z.RefinementCtx): SmtpSettings | undefined => {
  if (variables.ORDERLINES_SMTP_URL === undefined) return undefined;
  const optional = {
    user: variables.ORDERLINES_SMTP_USER,
    password: variables.ORDERLINES_SMTP_PASSWORD,
    startTls: variables.ORDERLINES_SMTP_STARTTLS,
    certificates: readCertificates(variables.ORDERLINES_SMTP_CA_FILE, context),
  };
  return {
    url: variables.ORDERLINES_SMTP_URL,
    from: variables.ORDERLINES_SMTP_FROM,
    to: listVariable(variables.ORDERLINES_SMTP_TO),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
};

const readCertificates = (file: string | undefined, context: z.RefinementCtx): string | undefined => {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    context.addIssue({ code: 'custom', path: ['ORDERLINES_SMTP_CA_FILE'], message: (error as Error).message });
    return undefined;
  }
};

/** Environment variables of the worker's process. */
export const workerEnvironment = z
  .object({
    ...serviceVariables,
    ...natsVariables,
    ORDERLINES_WORKER_NAME: SubjectToken.default(workerDefaults.name),
    ORDERLINES_WORKER_QUEUES: queueList.prefault(workerDefaults.queues.join(',')),
    ORDERLINES_WORKER_SLOTS: z.coerce.number().int().min(1).max(1_000).default(workerDefaults.slots),
    ORDERLINES_WORKER_CPU_SLOTS: z.coerce.number().int().min(1).max(1_000).default(workerDefaults.cpuSlots),
    ORDERLINES_WORKER_DRAIN_SECONDS: z.coerce
      .number()
      .min(0)
      .max(3_600)
      .default(workerDefaults.drainMs / 1_000),
    ORDERLINES_DATA_DIR: z.string().min(1).default(workerDefaults.dataDir),
    ORDERLINES_VERSION: z.string().default(workerDefaults.version),
    ...taskVariables,
  })
  .transform((variables, context): WorkerConfig => {
    return {
      ...workerDefaults,
      ...taskSettings(variables, context),
      natsUrl: natsUrlOf(variables),
      name: variables.ORDERLINES_WORKER_NAME,
      queues: variables.ORDERLINES_WORKER_QUEUES,
      slots: variables.ORDERLINES_WORKER_SLOTS,
      cpuSlots: variables.ORDERLINES_WORKER_CPU_SLOTS,
      drainMs: variables.ORDERLINES_WORKER_DRAIN_SECONDS * 1_000,
      dataDir: variables.ORDERLINES_DATA_DIR,
      host: variables.ORDERLINES_HOST,
      healthPort: variables.ORDERLINES_HEALTH_PORT,
      logLevel: variables.ORDERLINES_LOG_LEVEL,
      version: variables.ORDERLINES_VERSION,
    };
  });
