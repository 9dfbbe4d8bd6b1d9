import { createServer, type AddressInfo } from 'node:net';

/** The port itself, or one that nobody listens on now when it is 0: runs tell their address before its door is open. */
export const chosenPort = (host: string, port: number): Promise<number> =>
  port !== 0
    ? Promise.resolve(port)
    : new Promise((resolve, reject) => {
        const server = createServer()
          .once('error', reject)
          .listen(0, host, () => {
            const { port: free } = server.address() as AddressInfo;
            server.close(() => resolve(free));
          });
      });
