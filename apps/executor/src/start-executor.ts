import { Server, type ServerCredentials } from '@grpc/grpc-js';
import type { NatsConnection } from '@nats-io/transport-node';
import { NestFactory } from '@nestjs/core';
import { connectNats, leaveNats, MessagingError } from '@orderlines/messaging';
import { createPool, registerServiceNode } from '@orderlines/persistence/postgres';
import { ExecutorServiceService, internalGuard, serverCredentials } from '@orderlines/rpc';
import { createLogger, describeError, pause, Shutdown, startHealthServer, type HealthCheck, type Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { ExecutorConfig } from './config.js';
import { ExecutorModule } from './executor.module.js';
import { Executor } from './executor.js';
import { grpcAddressOf } from './grpc-address.js';
import { executorService } from './instance/instance.grpc.js';
import { LogSinkThread } from './logs/log-sink-thread.js';
import { ExecutorMetrics } from './metrics.js';

const RETRY_MS = 1_000;

/** A running executor. */
export interface RunningExecutor {
  readonly grpcAddress: string;
  readonly healthPort: number;
  /** Stops pulling, drains the batch in hand, and closes. */
  close(): Promise<void>;
}

/**
 * Starts an executor. While Postgres or NATS is away it waits, and says so at its health door; `signal` ends the waiting.
 */
export const startExecutor = async (config: ExecutorConfig, signal?: AbortSignal): Promise<RunningExecutor> => {
  const logger = createLogger('executor', config.logLevel);
  const shutdown = new Shutdown(logger);
  try {
    return await open(config, logger, shutdown, signal);
  } catch (error) {
    await shutdown.close();
    throw error;
  }
};

const open = async (config: ExecutorConfig, logger: Logger, shutdown: Shutdown, signal?: AbortSignal): Promise<RunningExecutor> => {
  const metrics = new ExecutorMetrics();
  const checks: Record<string, HealthCheck> = { executor: () => 'waiting for Postgres and NATS' };
  const health = await startHealthServer({ host: config.host, port: config.healthPort, checks, metrics: metrics.registry });
  shutdown.add('health door', () => health.close());

  const pool = createPool(config.databaseUrl, { name: 'orderlines-executor', max: 4 }, (error) =>
    logger.warn({ err: error }, 'lost a connection'),
  );
  shutdown.add('Postgres', () => pool.end());
  const [nats] = await Promise.all([connected(config, logger, signal), schemaThere(pool, logger, signal)]);
  shutdown.add('NATS', () => leaveNats(nats));

  const surroundings = { config, pool, nats, metrics, logger };
  const context = await NestFactory.createApplicationContext(ExecutorModule.forRoot(surroundings), { logger: false, abortOnError: false });
  shutdown.add('executor', () => context.close());
  const executor = context.get(Executor);

  const grpcAddress = await openGrpcDoor(config, executor, logger, shutdown);

  const logSink = startLogSink(config, logger);
  if (logSink !== null) shutdown.add('log sink', () => logSink.close());
  const node = await registerServiceNode(pool, logger, {
    role: 'executor',
    address: grpcAddress,
    version: config.version,
    unannouncedSince: () => executor.unannouncedSince,
  });
  shutdown.add('service node', () => node.close());

  delete checks['executor'];
  Object.assign(checks, executor.checks(), logSink === null ? {} : { 'log sink': () => logSink.trouble });
  logger.info({ grpcAddress, healthPort: health.port }, 'executor is ready');
  return { grpcAddress, healthPort: health.port, close: () => shutdown.close() };
};

/** Opens the door for gateways; gives the address under which they reach it. */
const openGrpcDoor = async (config: ExecutorConfig, executor: Executor, logger: Logger, shutdown: Shutdown): Promise<string> => {
  const { internalToken } = config;
  const { listens, confined, advertised } = grpcAddressOf(config);
  if (confined) {
    logger.warn(
      `there is no ORDERLINES_INTERNAL_TOKEN: the gRPC door listens on ${listens}, for gateways of this machine only, instead of ${config.host}`,
    );
  }
  const server = new Server(internalToken === undefined ? {} : { interceptors: [internalGuard(internalToken)] });
  server.addService(ExecutorServiceService, executorService(executor.operations, logger));
  const port = await bind(server, listens, serverCredentials(config.internalTls));
  shutdown.add('gRPC door', () => closed(server));
  return advertised(port);
};

const startLogSink = (config: ExecutorConfig, logger: Logger): LogSinkThread | null => {
  if (config.logSinkUrl === null) return null;
  const { databaseUrl, natsUrl, logLevel } = config;
  const thread = new LogSinkThread(
    config.logSinkUrl ?? new URL('./log-sink.js', import.meta.url),
    { databaseUrl, natsUrl, logLevel },
    logger,
  );
  thread.start();
  return thread;
};

/** Tries until it works; a server that refuses the credentials is an error at once. */
const connected = async (config: ExecutorConfig, logger: Logger, signal?: AbortSignal): Promise<NatsConnection> => {
  for (;;) {
    try {
      return await connectNats(config.natsUrl, { name: 'orderlines-executor', limitMs: RETRY_MS });
    } catch (error) {
      if (!(error instanceof MessagingError) || error.code !== 'nats.unreachable') throw error;
      signal?.throwIfAborted();
      logger.warn(`waiting for NATS: ${error.message}`);
    }
  }
};

/** Waits for the tables: migrations are somebody else's. */
const schemaThere = async (pool: Pool, logger: Logger, signal?: AbortSignal): Promise<void> => {
  for (;;) {
    try {
      await pool.query('select from runtime.process_instance limit 0');
      return;
    } catch (error) {
      signal?.throwIfAborted();
      logger.warn(`waiting for Postgres and its migrations: ${describeError(error)}`);
      await pause(RETRY_MS, signal);
    }
  }
};

const bind = (server: Server, address: string, security: ServerCredentials): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(address, security, (error, port) => (error === null ? resolve(port) : reject(error)));
  });

/** Calls that are being answered end; new ones are refused. */
const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const limit = setTimeout(() => server.forceShutdown(), 5_000);
    server.tryShutdown(() => {
      clearTimeout(limit);
      resolve();
    });
  });
