import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { describeError } from './orderlines-error.js';

/** Looks at one thing a service cannot work without: null when all is well, else a sentence that says what is missing. */
export type HealthCheck = () => Promise<string | null> | string | null;

/** What `/health/ready` answers. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly reason?: string }>>;
}

/** The health and metrics door of a service. */
export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A check that has said nothing for this long counts as failed. */
const CHECK_LIMIT_MS = 2_000;

/** Asks all checks at once. */
export const readiness = async (checks: Readonly<Record<string, HealthCheck>>): Promise<Readiness> => {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const reason = await limited(check);
      return [name, reason === null ? { ok: true } : { ok: false, reason }] as const;
    }),
  );
  return { ready: results.every(([, result]) => result.ok), checks: Object.fromEntries(results) };
};

const limited = async (check: HealthCheck): Promise<string | null> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_LIMIT_MS} ms`), CHECK_LIMIT_MS);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), limit]);
  } catch (error) {
    return describeError(error);
  } finally {
    clearTimeout(timer);
  }
};

/** Serves `/health/live`, `/health/ready` and `/metrics`; port 0 lets the system choose. */
export const startHealthServer = async (options: {
  readonly host: string;
  readonly port: number;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  readonly metrics: Registry;
}): Promise<HealthServer> => {
  const doors: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/health/live': async (response) => sendJson(response, 200, { live: true }),
    '/health/ready': async (response) => {
      const state = await readiness(options.checks);
      sendJson(response, state.ready ? 200 : 503, state);
    },
    '/metrics': async (response) => {
      const text = await options.metrics.metrics();
      response.writeHead(200, { 'content-type': options.metrics.contentType }).end(text);
    },
  };
  const server = createServer((request, response) => {
    const door = doors[request.url?.split('?')[0] ?? ''];
    if (door === undefined) return sendJson(response, 404, { message: `There are only ${Object.keys(doors).join(', ')} here` });
    door(response).catch((error: unknown) => sendJson(response, 500, { message: describeError(error) }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
