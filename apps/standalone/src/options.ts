import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { OrderlinesError, SERVICE_LOG_LEVELS, type ServiceLogLevel } from '@orderlines/service-host';

/** What `standalone` is asked to do. */
export interface StandaloneOptions {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly grpcPort: number;
  /** Run the sample process after the start. */
  readonly sample: boolean;
  /** End after the sample, with its outcome as exit code. */
  readonly once: boolean;
  /** Only Postgres and NATS, for services that are started one by one. */
  readonly storesOnly: boolean;
  readonly logLevel: ServiceLogLevel;
}

/** Text of `standalone --help`. */
export const USAGE = `orderlines standalone: all services in one process, with their own Postgres and nats-server

  --once              run the sample process and end with its outcome (0: success)
  --no-sample         do not run the sample process
  --only stores       only Postgres and NATS, for services started one by one
  --port N            HTTP door (default 15900)
  --grpc-port N       gRPC door (default 50051)
  --host H            address to listen on (default 127.0.0.1)
  --data-dir D        where everything is kept (default .orderlines)
  --log-level L       trace, debug, info, warn, error (default warn)
  --help              this text

  ORDERLINES_ADMIN_PASSWORD   password of the administrator "admin" at the first start; otherwise one is made and shown once
  ORDERLINES_NATS_URL         use this NATS (with JetStream) instead of starting one`;

/** A command line that cannot be understood. */
export class UsageError extends OrderlinesError {
  constructor(message: string) {
    super('standalone.usage', `${message}\n\n${USAGE}`, 400);
  }
}

const port = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new UsageError(`--${name} wants a port number (0–65535), not "${text}"`);
  return value;
};

const logLevel = (text: string): StandaloneOptions['logLevel'] => {
  const known = SERVICE_LOG_LEVELS.find((level) => level === text);
  if (!known) throw new UsageError(`--log-level wants one of ${SERVICE_LOG_LEVELS.join(', ')}, not "${text}"`);
  return known;
};

/** Reads the command line; `undefined` when help was asked for. Throws {@link UsageError}. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): StandaloneOptions | undefined {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        'no-sample': { type: 'boolean', default: false },
        only: { type: 'string' },
        port: { type: 'string', default: environment['ORDERLINES_PORT'] || '15900' },
        'grpc-port': { type: 'string', default: environment['ORDERLINES_GRPC_PORT'] || '50051' },
        host: { type: 'string', default: environment['ORDERLINES_HOST'] || '127.0.0.1' },
        'data-dir': { type: 'string', default: environment['ORDERLINES_DATA_DIR'] || '.orderlines' },
        'log-level': { type: 'string', default: environment['ORDERLINES_LOG_LEVEL'] || 'warn' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (values.help) return undefined;
  if (values.only !== undefined && values.only !== 'stores') throw new UsageError(`--only knows "stores", not "${values.only}"`);
  if (values.once && values['no-sample']) throw new UsageError('--once runs the sample: it does not go with --no-sample');
  return {
    dataDir: resolve(values['data-dir']),
    host: values.host,
    port: port('port', values.port),
    grpcPort: port('grpc-port', values['grpc-port']),
    sample: !values['no-sample'] && values.only === undefined,
    once: values.once,
    storesOnly: values.only === 'stores',
    logLevel: logLevel(values['log-level']),
  };
}
