import { startOwnPostgres, startPostgres, type TestPostgres } from '@orderlines/testing';
import { createDataSource, createPool, runMigrations, sqlStateOf } from './index.js';

describe('a pool for hand-written SQL', () => {
  let postgres: TestPostgres;
  let url: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    url = await postgres.createDatabase(runMigrations);
  });
  afterAll(() => postgres.close());

  it('sends statements without waiting, and answers a commit behind a failure with the tag ROLLBACK', async () => {
    const pool = createPool(url, { name: 'test' });
    const client = await pool.connect();
    const answers = await Promise.allSettled([
      client.query('begin'),
      client.query('select 1 / 0'),
      client.query('select 1'),
      client.query('commit'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(answers.at(-1)).toMatchObject({ value: { command: 'ROLLBACK' } });
    expect(answers.flatMap((answer) => (answer.status === 'rejected' ? sqlStateOf(answer.reason) : []))).toEqual(['22012', '25P02']);
    client.release();
    await pool.end();
  });

  it('sets the limits that free the locks of a client that froze', async () => {
    const pool = createPool(url, { name: 'limits', lockTimeoutMs: 1_000, statementTimeoutMs: 4_000, idleInTransactionTimeoutMs: 3_000 });
    const { rows } = await pool.query(`select current_setting('application_name') as name, current_setting('lock_timeout') as lock,
      current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle,
      current_setting('tcp_user_timeout') as tcp, current_setting('timezone') as zone`);
    expect(rows).toEqual([{ name: 'limits', lock: '1s', statement: '4s', idle: '3s', tcp: '5000', zone: 'UTC' }]);
    await pool.end();
  });

  it('reads counters as numbers and times as dates', async () => {
    const pool = createPool(url, { name: 'test' });
    const { rows } = await pool.query(`select 7::bigint as seq, '1970-01-01T00:00:01Z'::timestamptz as at, '{"a":[1]}'::jsonb as json`);
    expect(rows).toEqual([{ seq: 7, at: new Date(1_000), json: { a: [1] } }]);
    await pool.end();
  });

  it('outlives a server that ends while its connections are between two statements of a transaction', async () => {
    const own = await startOwnPostgres();
    const ownUrl = await own.createDatabase();
    const pool = createPool(ownUrl, { name: 'test' });
    const source = await createDataSource(ownUrl).initialize();
    const [client, runner] = [await pool.connect(), source.createQueryRunner()];
    await client.query('begin');
    await runner.startTransaction();
    const gone = new Promise((resolve) => client.once('end', resolve));
    await own.kill();
    await gone;
    await expect(client.query('commit')).rejects.toThrow(/not queryable|terminat/);
    await expect(runner.commitTransaction()).rejects.toThrow();
    client.release();
    await own.restart();
    expect((await pool.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
    expect(await source.query('select 2 as two')).toEqual([{ two: 2 }]);
    await Promise.all([pool.end(), source.destroy()]);
    await own.close();
  });

  it('tells of connections that break while idle, and makes new ones when the server is back', async () => {
    const own = await startOwnPostgres();
    const broken: Error[] = [];
    const pool = createPool(await own.createDatabase(), { name: 'test' }, (error) => broken.push(error));
    await pool.query('select 1');
    await own.kill();
    // A session ends a moment after its server.
    while (broken.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(pool.query('select 1')).rejects.toThrow(/ECONNREFUSED/);
    await own.restart();
    expect((await pool.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
    await pool.end();
    await own.close();
  });
});
