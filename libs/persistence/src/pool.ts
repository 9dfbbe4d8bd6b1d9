import pg from 'pg';
import { clientConfig, type ConnectionSettings } from './connection-settings.js';
import { SteadyClient } from './steady-client.js';

/** Text of `bigint` columns that count (numbers of runs, seq) is turned into a number: they stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === pg.types.builtins.INT8 && format !== 'binary') return (text: string) => Number(text);
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/**
 * Connections for hand-written SQL: queries of one client are sent without waiting for the answers before them (`pipeline`).
 * A `commit` sent behind a failed statement resolves with the command tag ROLLBACK: look at the tag before you publish.
 * The caller ends the pool; a connection that breaks while idle is dropped and told to `onError`, one that is lent fails its next
 * statement.
 */
export const createPool = (url: string, settings: ConnectionSettings, onError: (error: Error) => void = () => undefined): pg.Pool => {
  const max = settings.max ?? 10;
  const pool = new pg.Pool({ ...clientConfig(url, settings), Client: SteadyClient, max, pipeline: true, types });
  pool.on('error', onError);
  return pool;
};
