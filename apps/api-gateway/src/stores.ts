import { connectNats, MessagingError } from '@orderlines/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import { describeError, pause, type HealthCheck, type Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

const RETRY_MS = 1_000;
const NATS_TRY_MS = 2_000;

/** Tries until the data source is connected; the doors are open meanwhile and say that the database is away. */
export const connectDataSource = async (source: DataSource, logger: Logger, signal: AbortSignal): Promise<void> => {
  for (let told = false; !signal.aborted; told = true) {
    try {
      await source.initialize();
      return;
    } catch (error) {
      if (!told) logger.warn({ err: error }, `waiting for Postgres: ${describeError(error)}`);
      await pause(RETRY_MS, signal);
    }
  }
};

/** Tries until NATS answers; undefined when the signal came first. */
export const connectLive = async (url: string, logger: Logger, signal: AbortSignal): Promise<NatsConnection | undefined> => {
  for (let told = false; !signal.aborted; told = true) {
    try {
      return await connectNats(url, { name: 'orderlines-api-gateway', limitMs: NATS_TRY_MS });
    } catch (error) {
      if (!told) logger.warn({ err: error }, `waiting for NATS: ${describeError(error)}`);
      // Wrong credentials do not become right by asking often.
      await pause(error instanceof MessagingError && error.code === 'nats.refused' ? 10 * RETRY_MS : RETRY_MS, signal);
    }
  }
  return undefined;
};

/** Whether the database answers and has our tables. */
export const postgresCheck =
  (pool: Pool, source: DataSource): HealthCheck =>
  async () => {
    if (!source.isInitialized) return 'waiting for Postgres';
    const { rows } = await pool.query<{ there: boolean }>(`select to_regclass('runtime.process_instance') is not null as there`);
    return rows[0]?.there ? null : 'the database has no tables of orderlines: run `orderlines migrate`';
  };

/** Whether NATS is connected. */
export const natsCheck =
  (connection: () => NatsConnection | undefined): HealthCheck =>
  async () => {
    const nats = connection();
    if (nats === undefined || nats.isClosed()) return 'waiting for NATS';
    await nats.rtt();
    return null;
  };
