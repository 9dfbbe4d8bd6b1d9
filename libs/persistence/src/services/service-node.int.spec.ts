import { createLogger } from '@orderlines/service-host';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import { hostname } from 'node:os';
import type { Pool } from 'pg';
import { createDataSource, createPool, listServices, runMigrations } from '../index.js';
import { liveServiceAddresses, registerServiceNode } from './service-node.js';

describe('services that are up', () => {
  let postgres: TestPostgres;
  let url: string;
  let pool: Pool;
  const logger = createLogger('test', 'silent');

  beforeAll(async () => {
    postgres = await startPostgres();
    url = await postgres.createDatabase(runMigrations);
    pool = createPool(url, { name: 'test', max: 2 });
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

  it('are listed with the machine they run on, also those that fell silent', async () => {
    const source = await createDataSource(url).initialize();
    const [alive, silent] = [
      await registerServiceNode(pool, logger, { role: 'executor', address: '127.0.0.1:3', version: '1' }),
      await registerServiceNode(pool, logger, { role: 'scheduler', address: null, version: '2' }),
    ];
    await pool.query(`update system.service_node set seen_at = now() - interval '16 seconds' where id = $1`, [silent.id]);
    expect(await listServices(source.manager)).toMatchObject([
      { id: alive.id, role: 'executor', host: hostname(), address: '127.0.0.1:3', version: '1', alive: true },
      { id: silent.id, role: 'scheduler', host: hostname(), address: null, version: '2', alive: false },
    ]);
    await Promise.all([alive.close(), silent.close(), source.destroy()]);
  });
});
