import { ensureAdministrator, issueToken } from '@orderlines/auth';
import { createDataSource, createPool, runMigrations } from '@orderlines/persistence';
import { buildService, startNats, startPostgres, type TestNats } from '@orderlines/testing';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { gatewayDefaults, startApiGateway, type GatewayConfig, type RunningGateway } from '../index.js';

/** A gateway in this process on a database and a nats-server of its own, with an administrator who is logged in. */
export interface GatewayHarness {
  readonly gateway: RunningGateway;
  readonly source: DataSource;
  readonly pool: Pool;
  readonly nats: TestNats;
  readonly token: string;
  readonly password: string;
  /** Asks the API (path behind /api/v1/) as the administrator; other headers, also `authorization`, may be given. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const PASSWORD = 'the password of tests';

/** Starts it. */
export const startGatewayHarness = async (changes: Partial<GatewayConfig> = {}): Promise<GatewayHarness> => {
  const [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
  const databaseUrl = await postgres.createDatabase(runMigrations);
  const source = await createDataSource(databaseUrl, 'test').initialize();
  const pool = createPool(databaseUrl, { name: 'test' });
  const administrator = await ensureAdministrator(source.manager, PASSWORD);
  if (!administrator) throw new Error('a new database has no users');
  const { token } = await issueToken(source.manager, administrator.user.id, 'test', HOUR_MS);
  const built = buildService('api-gateway', 'definition-reader');
  const gateway = await startApiGateway({
    ...gatewayDefaults,
    databaseUrl,
    natsUrl: nats.url,
    port: 0,
    grpcPort: 0,
    logLevel: 'silent',
    definitionReaderUrl: built.entry('definition-reader'),
    ...changes,
  });
  return {
    ...{ gateway, source, pool, nats, token },
    password: PASSWORD,
    ask: (method, path, body, headers = {}) =>
      fetch(`http://127.0.0.1:${gateway.port}/api/v1/${path}`, {
        method,
        signal: AbortSignal.timeout(30_000),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    close: async () => {
      await gateway.close();
      await pool.end();
      await source.destroy();
      await Promise.all([postgres.close(), nats.close()]);
      built.remove();
    },
  };
};
