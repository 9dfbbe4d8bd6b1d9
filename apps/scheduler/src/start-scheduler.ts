import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '@orderlines/messaging';
import { NestFactory } from '@nestjs/core';
import { createPool, liveServiceAddresses, Parameters, registerServiceNode } from '@orderlines/persistence/postgres';
import { ExecutorClient } from '@orderlines/rpc';
import { createLogger, describeError, pause, Shutdown, startHealthServer, type HealthCheck, type Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { SchedulerConfig } from './config.js';
import { SchedulerMetrics } from './metrics.js';
import { SchedulerModule } from './scheduler.module.js';

const RETRY_MS = 1_000;

/** A running scheduler. */
export interface RunningScheduler {
  readonly healthPort: number;
  /** Claims nothing more, ends the starts in hand, and closes. */
  close(): Promise<void>;
}

/** Starts a scheduler. While Postgres is away it waits, and says so at its health door; `signal` ends the waiting. */
export const startScheduler = async (config: SchedulerConfig, signal?: AbortSignal): Promise<RunningScheduler> => {
  const logger = createLogger('scheduler', config.logLevel);
  const shutdown = new Shutdown(logger);
  try {
    return await open(config, logger, shutdown, signal);
  } catch (error) {
    await shutdown.close();
    throw error;
  }
};

const open = async (config: SchedulerConfig, logger: Logger, shutdown: Shutdown, signal?: AbortSignal): Promise<RunningScheduler> => {
  const metrics = new SchedulerMetrics();
  const checks: Record<string, HealthCheck> = { postgres: () => 'waiting for Postgres' };
  const health = await startHealthServer({ host: config.host, port: config.healthPort, checks, metrics: metrics.registry });
  shutdown.add('health door', () => health.close());

  const pool = createPool(config.databaseUrl, { name: 'orderlines-scheduler', max: 6 }, (error) =>
    logger.warn({ err: error }, 'lost a connection'),
  );
  shutdown.add('Postgres', () => pool.end());
  await schemaThere(pool, logger, signal);
  const parameters = new Parameters(pool, logger);
  await parameters.start();
  shutdown.add('parameters', () => parameters.stop());
  const executor = new ExecutorClient({
    addresses: () => liveServiceAddresses(pool, 'executor'),
    logger,
    internalToken: config.internalToken,
    tls: config.internalTls,
  });
  shutdown.add('executor connections', () => executor.close());

  const nats = config.natsUrl === undefined ? undefined : await connectEvents(config.natsUrl, logger, signal);
  shutdown.add('NATS', () => nats?.close());
  if (nats === undefined) logger.warn('without ORDERLINES_NATS_URL triggers hear no events, and nobody publishes those that are told');
  const surroundings = { config, pool, parameters, executor, nats, metrics, logger };
  const context = await NestFactory.createApplicationContext(SchedulerModule.forRoot(surroundings), { logger: false, abortOnError: false });
  shutdown.add('scheduler', () => context.close());
  const node = await registerServiceNode(pool, logger, { role: 'scheduler', address: null, version: config.version });
  shutdown.add('service node', () => node.close());

  checks['postgres'] = async () => {
    await pool.query('select 1');
    return null;
  };
  checks['executor'] = executor.check;
  if (nats !== undefined) {
    checks['nats'] = async () => {
      await nats.rtt();
      return null;
    };
  }
  logger.info({ healthPort: health.port }, 'scheduler is ready');
  return { healthPort: health.port, close: () => shutdown.close() };
};

/** Waits for NATS: schedules of a scheduler that has just been started wait, too, as they do for Postgres. */
const connectEvents = async (url: string, logger: Logger, signal?: AbortSignal): Promise<NatsConnection> => {
  for (;;) {
    try {
      return await connectNats(url, { name: 'orderlines-scheduler' });
    } catch (error) {
      signal?.throwIfAborted();
      logger.warn(`waiting for NATS: ${describeError(error)}`);
      await pause(RETRY_MS, signal);
    }
  }
};

/** Waits for the tables: migrations are somebody else's. */
const schemaThere = async (pool: Pool, logger: Logger, signal?: AbortSignal): Promise<void> => {
  for (;;) {
    try {
      await pool.query('select from schedule.trigger_timer limit 0');
      return;
    } catch (error) {
      signal?.throwIfAborted();
      logger.warn(`waiting for Postgres and its migrations: ${describeError(error)}`);
      await pause(RETRY_MS, signal);
    }
  }
};
