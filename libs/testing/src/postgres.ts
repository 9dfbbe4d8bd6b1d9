import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@orderlines/embedded-stores';
import pg from 'pg';
import { atProcessExit, processWide } from './process-wide.js';
import { removeLeftFolders, temporaryFolder } from './temporary-folder.js';

/** Brings an empty database into the state that tests start from, e.g. `runMigrations`. */
export type PrepareDatabase = (url: string) => Promise<unknown>;

/** A Postgres for tests. */
export interface TestPostgres {
  /**
   * A new database; its url. With `prepare` it is a copy of a template that was prepared once for this server (so the function's
   * name must say what it does: the same name is the same template).
   */
  createDatabase(prepare?: PrepareDatabase): Promise<string>;
  /** Drops the databases made here. */
  close(): Promise<void>;
}

/** A Postgres of the test's own, which may be stopped and killed. */
export interface OwnTestPostgres extends TestPostgres {
  readonly port: number;
  /** SIGKILL to the server. */
  kill(): Promise<void>;
  /** Stops it when it still runs, and starts it on the same port and data. */
  restart(): Promise<void>;
}

/**
 * Postgres for a test file: the server is started once in a jest process and ends with it; databases belong to the caller.
 * Nothing is synced to disk.
 */
export const startPostgres = async (): Promise<TestPostgres> => {
  const shared = await processWide('postgres', startShared);
  return databasesOf(() => shared.server.url, shared.templates);
};

const startShared = async () => {
  await removeLeftFolders();
  const folder = await temporaryFolder('postgres');
  const server = await startEmbeddedPostgres({ dataDir: folder.path, durable: false });
  // The server notices the end of this process by itself; a folder that is gone does not keep it from stopping.
  atProcessExit(() => rmSync(folder.path, { recursive: true, force: true, maxRetries: 5 }));
  return { server, templates: new Map<string, Promise<string>>() };
};

/** A server that the test may kill: data are synced, so that they survive it. */
export const startOwnPostgres = async (): Promise<OwnTestPostgres> => {
  const folder = await temporaryFolder('postgres');
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir: folder.path, durable: true });
  const { port } = server;
  return {
    ...databasesOf(() => server.url, new Map()),
    port,
    kill: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
    },
    restart: async () => {
      await server.close();
      server = await startEmbeddedPostgres({ dataDir: folder.path, durable: true, port });
    },
    close: async () => {
      await server.close();
      await folder.remove();
    },
  };
};

const databasesOf = (serverUrl: () => string, templates: Map<string, Promise<string>>): TestPostgres => {
  const made: string[] = [];
  const create = async (from?: string) => {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await execute(serverUrl(), `create database ${name}${from === undefined ? '' : ` template ${from} strategy wal_log`}`);
    return name;
  };
  const template = async (prepare: PrepareDatabase) => {
    const name = await create();
    await prepare(withDatabase(serverUrl(), name));
    return name;
  };
  return {
    createDatabase: async (prepare) => {
      let from: string | undefined;
      if (prepare !== undefined) {
        const known = templates.get(prepare.name) ?? template(prepare);
        templates.set(prepare.name, known);
        from = await known;
      }
      const name = await create(from);
      made.push(name);
      return withDatabase(serverUrl(), name);
    },
    close: async () => {
      for (const name of made.splice(0)) await execute(serverUrl(), `drop database if exists ${name} with (force)`);
    },
  };
};

const withDatabase = (url: string, name: string) => {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
};

const execute = async (url: string, statement: string) => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};
