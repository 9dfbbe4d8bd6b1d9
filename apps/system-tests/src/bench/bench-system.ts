import { startEmbeddedPostgres, startNatsServer, type EmbeddedPostgres, type NatsServer } from '@orderlines/embedded-stores';
import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { join } from 'node:path';
import pg from 'pg';
import { Platform } from '../harness/platform.js';
import { processorSeconds, residentMegabytes } from './processor-time.js';

/** What one measured stretch of work cost. */
export interface Cost {
  /** By process; empty where the system does not tell. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  readonly rows: number;
  readonly walBytes: number;
}

/** A platform with durable stores of its own for measuring; nothing else is in it. */
export class BenchSystem {
  private constructor(
    private readonly folder: TemporaryFolder,
    private readonly postgres: EmbeddedPostgres,
    private readonly nats: NatsServer,
    readonly platform: Platform,
    readonly database: pg.Client,
  ) {}

  /** Starts Postgres (every commit synced), NATS, gateway, executor and worker. */
  static async start(): Promise<BenchSystem> {
    const folder = await temporaryFolder('bench');
    const postgres = await startEmbeddedPostgres({ dataDir: join(folder.path, 'postgres'), durable: true });
    const nats = await startNatsServer({ storeDir: join(folder.path, 'nats') });
    const platform = await Platform.start({
      databaseUrl: postgres.url,
      natsUrl: nats.url,
      workerEnvironment: { ORDERLINES_WORKER_SLOTS: '256' },
    });
    const database = new pg.Client({ connectionString: postgres.url });
    await database.connect();
    return new BenchSystem(folder, postgres, nats, platform, database);
  }

  /** The same Postgres, for a peer: a database of its own. */
  async peerDatabase(name: string): Promise<string> {
    await this.database.query(`create database ${pg.escapeIdentifier(name)}`);
    const url = new URL(this.postgres.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** Does work and gives what it cost Postgres, NATS, gateway, executor and worker together. */
  async costOf(work: () => Promise<void>): Promise<Cost> {
    const before = await this.meters();
    await work();
    const cpuSeconds = this.processorSeconds();
    const after = await this.meters();
    return {
      cpuSeconds: Object.fromEntries(Object.entries(cpuSeconds).map(([name, seconds]) => [name, seconds - (before.cpuSeconds[name] ?? 0)])),
      rows: after.rows - before.rows,
      walBytes: after.walBytes - before.walBytes,
    };
  }

  /** Memory of gateway, executor and worker in MB. */
  get servicesMegabytes(): number | undefined {
    const memory = Object.values(this.megabytesByService);
    return memory.length === 0 ? undefined : memory.reduce((sum, value) => sum + value, 0);
  }

  /** Memory in MB of each; empty where the system does not tell. */
  get megabytesByService(): Readonly<Record<string, number>> {
    const { gateway, executor, worker } = this.platform;
    return Object.fromEntries(
      Object.entries({ gateway, executor, worker }).flatMap(([name, { pid }]) => residentMegabytes(pid).map((size) => [name, size])),
    );
  }

  /** Ends everything and removes the data. */
  async close(): Promise<void> {
    await this.database.end().catch(() => undefined);
    await this.platform.close();
    await this.nats.close();
    await this.postgres.close();
    await this.folder.remove();
  }

  private processorSeconds(): Record<string, number> {
    const { gateway, executor, worker } = this.platform;
    const ids = { postgres: this.postgres.pid, nats: this.nats.pid, gateway: gateway.pid, executor: executor.pid, worker: worker.pid };
    return Object.fromEntries(Object.entries(ids).flatMap(([name, id]) => processorSeconds(id).map((seconds) => [name, seconds])));
  }

  private async meters(): Promise<Cost> {
    const cpuSeconds = this.processorSeconds();
    // Sessions report their row counts at most once a second, and only when they are between transactions.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await this.database.query('select pg_stat_clear_snapshot()');
    const { rows } = await this.database.query<{ rows: string; wal: string }>(
      `select (select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_user_tables) as rows,
              pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as wal`,
    );
    return { cpuSeconds, rows: Number(rows[0]?.rows), walBytes: Number(rows[0]?.wal) };
  }
}
