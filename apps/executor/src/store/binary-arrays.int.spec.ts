import { startPostgres, type TestPostgres } from '@orderlines/testing';
import pg from 'pg';
import { binaryArray } from './binary-arrays.js';

describe('arrays in binary form', () => {
  let postgres: TestPostgres;
  let client: pg.Client;

  beforeAll(async () => {
    postgres = await startPostgres();
    client = new pg.Client(await postgres.createDatabase());
    await client.connect();
  }, 60_000);

  afterAll(async () => {
    await client.end();
    await postgres.close();
  });

  const read = async (type: string, parameter: Buffer) =>
    (await client.query<{ value: unknown }>(`select value::text from unnest($1::${type}) as value`, [parameter])).rows.map(
      ({ value }) => value,
    );

  it('arrive as what they were, null included', async () => {
    const id = '01920000-0000-7000-8000-00000000abcd';
    expect(await read('uuid[]', binaryArray('uuid', [id, null]))).toEqual([id, null]);
    expect(await read('text[]', binaryArray('text', ['a "quoted" \\ {text}, €😀', '', null]))).toEqual([
      'a "quoted" \\ {text}, €😀',
      '',
      null,
    ]);
    expect(await read('int[]', binaryArray('int', [-1, 2_147_483_647, null]))).toEqual(['-1', '2147483647', null]);
    expect(await read('bigint[]', binaryArray('bigint', [9_007_199_254_740_991, null]))).toEqual(['9007199254740991', null]);
    expect(await read('boolean[]', binaryArray('boolean', [true, false, null]))).toEqual(['true', 'false', null]);
    expect(await read('float8[]', binaryArray('time', [1_700_000_000_000.5, null]))).toEqual(['1700000000000.5', null]);
    expect(await read('bytea[]', binaryArray('bytea', [Buffer.from([0, 255]), null]))).toEqual(['\\x00ff', null]);
    expect(await read('uuid[]', binaryArray('uuid', []))).toEqual([]);
  });

  it('refuse what is no UUID, instead of writing another one', () => {
    expect(() => binaryArray('uuid', ['not a uuid'])).toThrow('is not a UUID');
  });
});
