import { startNats, startOwnPostgres, type OwnTestPostgres, type TestNats } from '@orderlines/testing';
import { Platform, type PlatformSettings } from './platform.js';

/** A platform with stores of its own, which a test may kill and restart. */
export interface WholeSystem {
  readonly platform: Platform;
  readonly postgres: OwnTestPostgres;
  readonly nats: TestNats;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

/** Starts Postgres, NATS and the services for one test file. */
export const startWholeSystem = async (settings: Omit<PlatformSettings, 'databaseUrl' | 'natsUrl'> = {}): Promise<WholeSystem> => {
  const [postgres, nats] = await Promise.all([startOwnPostgres(), startNats()]);
  try {
    const databaseUrl = await postgres.createDatabase();
    const platform = await Platform.start({ ...settings, databaseUrl, natsUrl: nats.url });
    return {
      platform,
      postgres,
      nats,
      databaseUrl,
      close: async () => {
        await platform.close();
        await Promise.all([nats.close(), postgres.close()]);
      },
    };
  } catch (error) {
    await Promise.all([nats.close(), postgres.close()]);
    throw error;
  }
};
