import { createServer, type AddressInfo } from 'node:net';
import { StoreError } from '../store-error.js';

const listenOnce = (port: number) =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: found } = server.address() as AddressInfo;
      server.close(() => resolve(found));
    });
  });

/** A port of 127.0.0.1 nobody listens on right now. */
export const freePort = (): Promise<number> => listenOnce(0);

/** Throws {@link StoreError} `store.port-taken` when somebody listens on the port. */
export const assertPortFree = async (port: number, wantedBy: string): Promise<void> => {
  try {
    await listenOnce(port);
  } catch (error) {
    throw new StoreError(
      'store.port-taken',
      `${wantedBy} cannot listen on 127.0.0.1:${port}: another program does (or may not be told to). Stop it or choose another port.`,
      { cause: error },
    );
  }
};
