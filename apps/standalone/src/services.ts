import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startApiGateway, gatewayDefaults } from '@orderlines/apps/api-gateway';
import { executorDefaults, startExecutor } from '@orderlines/apps/executor';
import { schedulerDefaults, startScheduler } from '@orderlines/apps/scheduler';
import { startWorker, taskEnvironment, workerDefaults } from '@orderlines/apps/worker';
import { parseEnvironment, type Shutdown } from '@orderlines/service-host';
import type { DataFolder } from './data-folder.js';
import { LOCAL_QUEUES, LOCAL_WORKER } from './nats-logins.js';
import type { StandaloneOptions } from './options.js';
import type { Stores } from './stores.js';
import type { Terminal } from './terminal.js';

/** Threads are files of the services' own bundles. */
const bundled = (file: string) => new URL(`../${file}`, import.meta.url);

/** The console, when it was built beside this bundle. */
const builtConsole = (): string | undefined => {
  const folder = fileURLToPath(bundled('console'));
  return existsSync(folder) ? folder : undefined;
};

/** Starts executor, scheduler, worker and gateway in this process; they close in the reverse order, the doors first. */
export async function startServices(
  { host, port, grpcPort, logLevel }: StandaloneOptions,
  { databaseUrl, nats }: Stores,
  { work, secretKey, internalToken }: DataFolder,
  terminal: Terminal,
  shutdown: Shutdown,
): Promise<void> {
  const publicUrl = `http://${host}:${port}`;
  const executor = await terminal.step('executor', () =>
    startExecutor({
      ...executorDefaults,
      databaseUrl,
      natsUrl: nats.executor,
      publicUrl,
      secretKey,
      internalToken,
      logLevel,
      logSinkUrl: bundled('executor/log-sink.js'),
    }),
  );
  shutdown.add('executor', () => executor.close());
  const scheduler = await terminal.step('scheduler', () =>
    startScheduler({ ...schedulerDefaults, databaseUrl, natsUrl: nats.scheduler, internalToken, logLevel }),
  );
  shutdown.add('scheduler', () => scheduler.close());
  const worker = await terminal.step('worker', () =>
    startWorker({
      ...workerDefaults,
      natsUrl: nats.worker,
      name: LOCAL_WORKER,
      queues: LOCAL_QUEUES,
      dataDir: work,
      logLevel,
      ...parseEnvironment(taskEnvironment),
      heartbeatUrl: bundled('worker/heartbeat.js'),
      javascriptChildUrl: bundled('worker/javascript-child.js'),
    }),
  );
  shutdown.add('worker', () => worker.close());
  const gateway = await terminal.step('api-gateway', () =>
    startApiGateway({
      ...gatewayDefaults,
      databaseUrl,
      natsUrl: nats.gateway,
      host,
      port,
      grpcPort,
      logLevel,
      secretKey,
      internalToken,
      definitionReaderUrl: bundled('api-gateway/definition-reader.js'),
      consoleFolder: builtConsole(),
    }),
  );
  shutdown.add('api-gateway', () => gateway.close());
}
