import { startEmbeddedPostgres, startNatsServer } from '@orderlines/embedded-stores';
import { natsUrlOf, natsVariables, renderServerConfig } from '@orderlines/messaging';
import { parseEnvironment } from '@orderlines/service-host';
import { z } from 'zod';
import type { DataFolder } from './data-folder.js';
import { natsLogins, withLogin, type NatsUrls } from './nats-logins.js';
import type { Terminal } from './terminal.js';

/** Postgres and NATS of this standalone. */
export interface Stores {
  readonly databaseUrl: string;
  /** One address a service, each with its own NATS user. */
  readonly nats: NatsUrls;
  /** Settles with a sentence when a store has ended although nobody asked it to. */
  readonly broken: Promise<string>;
  close(): Promise<void>;
}

const namedNats = (): string | undefined =>
  process.env['ORDERLINES_NATS_URL'] ? natsUrlOf(parseEnvironment(z.object(natsVariables))) : undefined;

/** Starts Postgres, and nats-server unless `ORDERLINES_NATS_URL` names one. */
export async function startStores(data: DataFolder, terminal: Terminal, natsUrl = namedNats()): Promise<Stores> {
  const postgres = await terminal.step('Postgres', () => startEmbeddedPostgres({ dataDir: data.postgres, durable: true }));
  if (natsUrl) {
    const nats = { platform: natsUrl, gateway: natsUrl, executor: natsUrl, scheduler: natsUrl, worker: natsUrl };
    return { databaseUrl: postgres.url, nats, broken: postgres.exited.then(() => ended('Postgres', data)), close: postgres.close };
  }
  try {
    const logins = natsLogins(data.secret);
    const configuration = renderServerConfig(Object.values(logins));
    const nats = await terminal.step('nats-server', () => startNatsServer({ storeDir: data.nats, configuration }));
    return {
      databaseUrl: postgres.url,
      nats: withLogin(nats.url, logins),
      broken: Promise.race([postgres.exited.then(() => ended('Postgres', data)), nats.exited.then(() => ended('nats-server', data))]),
      close: async () => {
        await nats.close();
        await postgres.close();
      },
    };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

const ended = (title: string, data: DataFolder): string => `${title} has ended unexpectedly; its log is in ${data.path}`;
