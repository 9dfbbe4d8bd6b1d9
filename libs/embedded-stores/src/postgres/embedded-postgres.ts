import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { hasErrorCode } from '../process/error-code.js';
import { lockFolder } from '../process/folder-lock.js';
import { assertPortFree, freePort } from '../process/free-port.js';
import { SupervisedServer, type ServerExit } from '../process/supervised-server.js';
import { commandLine, endForeignProcess } from '../process/system-process.js';
import { StoreError } from '../store-error.js';
import { CLUSTER_USER, ensureCluster, type Cluster } from './cluster.js';
import { postgresPrograms } from './postgres-programs.js';
import { serverUser } from './server-user.js';

/** A Postgres that this process runs. */
export interface EmbeddedPostgres {
  /** Of the database `orderlines`. */
  readonly url: string;
  readonly port: number;
  /** Process id of the server. */
  readonly pid: number;
  /** Settles when the server has ended, also when nobody asked it to. */
  readonly exited: Promise<ServerExit>;
  /** Ends sessions, stops the server and frees the data folder. */
  close(): Promise<void>;
}

/** How an embedded Postgres is started. */
export interface EmbeddedPostgresOptions {
  /** Absolute path; made when it is missing. One server at a time. */
  readonly dataDir: string;
  /** On 127.0.0.1; absent: any free one. */
  readonly port?: number;
  /** False: nothing is synced to disk, for throw-away data. */
  readonly durable: boolean;
}

const DATABASE = 'orderlines';
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

/** Starts Postgres on a data folder; throws {@link StoreError} with a code when that cannot be done. */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const lock = await lockFolder(options.dataDir);
  try {
    if (options.port !== undefined) await assertPortFree(options.port, 'Postgres');
    const user = serverUser();
    const programs = await postgresPrograms(user);
    const cluster = await ensureCluster({ dataDir: options.dataDir, programs, user, durable: options.durable });
    await endOrphan(cluster);
    const port = options.port ?? (await freePort());
    const server = SupervisedServer.start({
      title: 'Postgres',
      program: programs.postgres,
      args: ['-D', cluster.directory, '-p', String(port), ...settings(options.durable)],
      logFile: join(options.dataDir, 'postgres.log'),
      user,
      stopSignal: 'INT',
      stopLimitMs: STOP_LIMIT_MS,
    });
    try {
      await server.waitUntilReady(() => accepts(cluster, port), START_LIMIT_MS);
      await ensureDatabase(url(cluster, port, 'postgres'));
    } catch (error) {
      await server.stop();
      throw error;
    }
    return {
      url: url(cluster, port, DATABASE),
      port,
      pid: (await postmasterPid(cluster)) ?? 0,
      exited: server.exited,
      close: async () => {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
};

const url = (cluster: Cluster, port: number, database: string) =>
  `postgres://${CLUSTER_USER}:${cluster.password}@127.0.0.1:${port}/${database}`;

const settings = (durable: boolean) => {
  const wanted = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    // The hot path's statements take milliseconds: compiling them costs more than it gives.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(wanted).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
};

const withClient = async <T>(connectionString: string, use: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** A wrong password would be refused for ever; everything else is a server that is not up yet. */
const accepts = async (cluster: Cluster, port: number) => {
  try {
    return await withClient(url(cluster, port, 'postgres'), async (client) => (await client.query('select 1')).rowCount === 1);
  } catch (error) {
    if (!hasErrorCode(error, '28P01')) return false;
    const message = `The stored password does not open ${cluster.directory}: the data folder was put together from two.`;
    throw new StoreError('store.data-broken', `${message} Restore it from a backup, or choose another data folder.`, { cause: error });
  }
};

const ensureDatabase = (connectionString: string) =>
  withClient(connectionString, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  });

const postmasterPid = async (cluster: Cluster) => {
  const text = await readFile(join(cluster.directory, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
};

/** A server whose owner is gone (its folder lock says so): usually it is stopping already, else it is stopped now. */
const endOrphan = async (cluster: Cluster) => {
  const pid = await postmasterPid(cluster);
  if (pid === undefined) return;
  if (commandLine(pid)?.includes(cluster.directory) !== true) {
    // The number belongs to another program by now; Postgres alone would take that for a running server.
    await rm(join(cluster.directory, 'postmaster.pid'), { force: true });
    return;
  }
  if (!(await endForeignProcess(pid, 'SIGINT', STOP_LIMIT_MS))) {
    throw new StoreError('store.in-use', `A Postgres (process ${pid}) still runs on ${cluster.directory} and cannot be stopped.`);
  }
};
