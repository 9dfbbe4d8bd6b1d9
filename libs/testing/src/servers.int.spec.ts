import { connect } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import pg from 'pg';
import { startNats, startOwnPostgres, startPostgres } from './index.js';

const query = async (url: string, text: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

let prepared = 0;
const makeSampleTable = async (url: string) => {
  prepared += 1;
  await query(url, 'create table sample as select 7 as value');
};

describe('Postgres for tests', () => {
  it('gives every caller a database of its own, prepared only once', async () => {
    const postgres = await startPostgres();
    const [first, second] = [await postgres.createDatabase(makeSampleTable), await postgres.createDatabase(makeSampleTable)];
    await query(first, 'delete from sample');
    expect(await query(second, 'select value from sample')).toEqual([{ value: 7 }]);
    expect(prepared).toBe(1);
    await postgres.close();
    await expect(query(first, 'select 1')).rejects.toThrow(/does not exist/);
  });

  it('is one server for all callers of a process', async () => {
    const [one, other] = [await startPostgres(), await startPostgres()];
    const [first, second] = [await one.createDatabase(), await other.createDatabase()];
    expect(new URL(first).port).toBe(new URL(second).port);
    await Promise.all([one.close(), other.close()]);
  });

  it('keeps what was committed when a server of the test is killed', async () => {
    const postgres = await startOwnPostgres();
    const url = await postgres.createDatabase(makeSampleTable);
    await postgres.kill();
    await expect(query(url, 'select 1')).rejects.toThrow();
    await postgres.restart();
    expect(await query(url, 'select value from sample')).toEqual([{ value: 7 }]);
    await postgres.close();
  });
});

describe('NATS for tests', () => {
  it('keeps streams over a kill and loses them in a wipe', async () => {
    const nats = await startNats();
    const messagesAfter = async (what: () => Promise<void>) => {
      await what();
      const connection = await connect({ servers: nats.url });
      const manager = await jetstreamManager(connection);
      const count = await manager.streams.info('SAMPLE').then(
        (info) => info.state.messages,
        () => 'no stream' as const,
      );
      await connection.close();
      return count;
    };
    const connection = await connect({ servers: nats.url });
    await (await jetstreamManager(connection)).streams.add({ name: 'SAMPLE', subjects: ['sample'] });
    await jetstream(connection).publish('sample', 'x');
    await connection.close();
    await nats.kill();
    expect(await messagesAfter(() => nats.restart())).toBe(1);
    expect(await messagesAfter(() => nats.wipe())).toBe('no stream');
    await nats.close();
  });
});
