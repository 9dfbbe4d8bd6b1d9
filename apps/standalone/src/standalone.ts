import { ensureAdministrator, issueToken } from '@orderlines/auth';
import { createDataSource, runMigrations } from '@orderlines/persistence';
import { type Logger, Shutdown } from '@orderlines/service-host';
import { openDataFolder } from './data-folder.js';
import { chosenPort } from './free-port.js';
import type { StandaloneOptions } from './options.js';
import { startServices } from './services.js';
import { startStores, type Stores } from './stores.js';
import type { Terminal } from './terminal.js';

/** A running standalone. */
export interface Standalone {
  /** Address of the HTTP door; absent when only the stores run. */
  readonly url?: string;
  /** Address of the gRPC door; absent when only the stores run. */
  readonly grpcAddress?: string;
  readonly stores: Stores;
  /** What services that are started beside its stores show each other. */
  readonly internalToken: string;
  /** Password of the administrator, at the first start only and when it was generated. */
  readonly generatedPassword?: string;
  /** A token of the administrator that lasts an hour, for what standalone itself asks of the server. */
  issueToken(): Promise<string>;
  close(): Promise<void>;
}

const TOKEN_LASTS_MS = 3_600_000;

/** Starts the stores, brings the database up to date, makes the first administrator and starts all services in this process. */
export async function startStandalone(options: StandaloneOptions, terminal: Terminal, logger: Logger): Promise<Standalone> {
  const shutdown = new Shutdown(logger, 60_000);
  try {
    const data = await openDataFolder(options.dataDir);
    const stores = await startStores(data, terminal);
    shutdown.add('stores', stores.close);
    await terminal.step('database', () => runMigrations(stores.databaseUrl));
    const source = await createDataSource(stores.databaseUrl, 'standalone').initialize();
    shutdown.add('database connection', () => source.destroy());
    const administrator = await ensureAdministrator(source.manager, process.env['ORDERLINES_ADMIN_PASSWORD']);
    const { host } = options;
    const [port, grpcPort] = [await chosenPort(host, options.port), await chosenPort(host, options.grpcPort)];
    if (!options.storesOnly) await startServices({ ...options, port, grpcPort }, stores, data, terminal, shutdown);
    return {
      ...(options.storesOnly ? {} : { url: `http://${host}:${port}`, grpcAddress: `${host}:${grpcPort}` }),
      stores,
      internalToken: data.internalToken,
      ...(administrator?.generatedPassword ? { generatedPassword: administrator.generatedPassword } : {}),
      issueToken: async () => {
        const [admin] = await source.query<{ id: string }[]>(
          `select id from access.user_account where administrator and enabled order by created_at limit 1`,
        );
        if (!admin) throw new Error('there is no enabled administrator who could run the sample');
        return (await issueToken(source.manager, admin.id, 'standalone', TOKEN_LASTS_MS)).token;
      },
      close: () => shutdown.close(),
    };
  } catch (error) {
    await shutdown.close();
    throw error;
  }
}
