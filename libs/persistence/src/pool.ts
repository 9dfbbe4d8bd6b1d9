import pg from 'pg';
import { clientConfig, type ConnectionSettings } from './connection-settings.js';

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
 * The caller ends the pool; a connection that breaks while idle is dropped and told to `onError`.
 */
export const createPool = (url: string, settings: ConnectionSettings, onError: (error: Error) => void = () => undefined): pg.Pool => {
  const pool = new pg.Pool({ ...clientConfig(url, settings), max: settings.max ?? 10, pipeline: true, types });
  pool.on('error', onError);
  return pool;
};
