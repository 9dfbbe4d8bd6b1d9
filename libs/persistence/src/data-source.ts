import { DataSource, type DataSourceOptions } from 'typeorm';
import { clientConfig } from './connection-settings.js';
import { ENTITIES } from './entities/index.js';
import { MIGRATIONS } from './migrations/index.js';
import { SteadyClient } from './steady-client.js';

/** TypeORM's settings for the CRUD tables; the schema comes from migrations alone. */
export const dataSourceOptions = (url: string, name = 'orderlines'): DataSourceOptions => {
  const { application_name, options, ...extra } = clientConfig(url, { name });
  return {
    type: 'postgres',
    url,
    applicationName: application_name,
    entities: [...ENTITIES],
    migrations: [...MIGRATIONS],
    migrationsTableName: 'schema_migration',
    synchronize: false,
    migrationsRun: false,
    logging: false,
    extra: { ...extra, options, max: 10, Client: SteadyClient },
  };
};

/** A data source that is not connected yet: call `initialize()`, and `destroy()` in the end. */
export const createDataSource = (url: string, name?: string): DataSource => new DataSource(dataSourceOptions(url, name));
