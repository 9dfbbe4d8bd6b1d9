import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startNatsServer, type NatsServer } from '@orderlines/embedded-stores';
import { temporaryFolder } from './temporary-folder.js';

/** A nats-server with JetStream of the test's own. */
export interface TestNats {
  readonly url: string;
  /** Where it keeps what it stores. */
  readonly folder: string;
  /** SIGKILL to the server. */
  kill(): Promise<void>;
  /** Stops it when it still runs, and starts it on the same port and data. */
  restart(): Promise<void>;
  /** Like {@link restart}, with all streams gone. */
  wipe(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

/** Starts a nats-server in a folder of its own (ORDERLINES_NATS_SERVER, else from the path); `configuration` adds users and the like. */
export const startNats = async (configuration?: string): Promise<TestNats> => {
  const folder = await temporaryFolder('nats');
  let server: NatsServer = await startNatsServer({ storeDir: folder.path, configuration });
  const { port } = server;
  const start = async () => {
    server = await startNatsServer({ storeDir: folder.path, port, configuration });
  };
  return {
    url: server.url,
    folder: folder.path,
    kill: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
    },
    restart: async () => {
      await server.close();
      await start();
    },
    wipe: async () => {
      await server.close();
      await rm(join(folder.path, 'jetstream'), { recursive: true, force: true });
      await start();
    },
    close: async () => {
      await server.close();
      await folder.remove();
    },
  };
};
