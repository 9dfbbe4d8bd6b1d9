import { createLogger } from '@orderlines/service-host';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import type { Pool } from 'pg';
import { createPool, runMigrations } from '../index.js';
import { liveServiceAddresses, registerServiceNode } from './service-node.js';

describe('services that are up', () => {
  let postgres: TestPostgres;
  let pool: Pool;
  const logger = createLogger('test', 'silent');

  beforeAll(async () => {
    postgres = await startPostgres();
    pool = createPool(await postgres.createDatabase(runMigrations), { name: 'test', max: 2 });
  }, 60_000);
  afterAll(async () => {
    await pool.end();
    await postgres.close();
  });

  it('are found by their role until they close', async () => {
    const node = await registerServiceNode(pool, logger, { role: 'executor', address: '127.0.0.1:1', version: '1' });
    expect(await liveServiceAddresses(pool, 'executor')).toEqual(['127.0.0.1:1']);
    expect(await liveServiceAddresses(pool, 'scheduler')).toEqual([]);
    await node.close();
    expect(await liveServiceAddresses(pool, 'executor')).toEqual([]);
  });

  it('are not found any more when they fell silent', async () => {
    const node = await registerServiceNode(pool, logger, { role: 'executor', address: '127.0.0.1:2', version: '1' });
    await pool.query(`update system.service_node set seen_at = now() - interval '16 seconds' where id = $1`, [node.id]);
    expect(await liveServiceAddresses(pool, 'executor')).toEqual([]);
    await node.close();
  });
});
