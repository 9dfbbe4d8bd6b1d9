import { startPostgres } from '@orderlines/testing';
import type { DataSource } from 'typeorm';
import { createDataSource, runMigrations } from '../index.js';

/** A connected data source on a migrated database of its own, for tests. */
export const startDataSource = async (): Promise<{ source: DataSource; url: string; close: () => Promise<void> }> => {
  const postgres = await startPostgres();
  const url = await postgres.createDatabase(runMigrations);
  const source = await createDataSource(url, 'test').initialize();
  return {
    source,
    url,
    close: async () => {
      await source.destroy();
      await postgres.close();
    },
  };
};
