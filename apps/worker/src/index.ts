import { createLogger, Shutdown, startHealthServer } from '@orderlines/service-host';
import { standardTasks } from '@orderlines/task-library';
import type { WorkerConfig } from './config.js';
import { RecordedGroups } from './folders/process-groups.js';
import { WorkerFolders } from './folders/worker-folders.js';
import { createWorkerMetrics } from './metrics.js';
import { TaskTypes } from './task-types.js';
import { WorkerSession } from './worker.js';

export { taskEnvironment, workerDefaults, workerEnvironment, type WorkerConfig } from './config.js';

/** A running worker. */
export interface RunningWorker {
  /** Port of the health and metrics door. */
  readonly healthPort: number;
  /** Takes no more work, lets running tasks end within `drainMs`, stops the rest. */
  close(): Promise<void>;
}

/** Starts a worker; resolves when it is connected to NATS. `stopping` gives up the waiting for that. */
export const startWorker = async (config: WorkerConfig, stopping: AbortSignal = new AbortController().signal): Promise<RunningWorker> => {
  const logger = createLogger('worker', config.logLevel).child({ worker: config.name });
  const shutdown = new Shutdown(logger, config.drainMs + 30_000);
  const folders = new WorkerFolders(config.dataDir, config.name);
  const groups = new RecordedGroups(folders.groups);
  const types = new TaskTypes(
    standardTasks({
      path: config.path,
      javascriptChild: config.javascriptChildUrl ?? new URL('./javascript-child.js', import.meta.url),
      processGroups: groups,
      addresses: config.addresses,
      ...(config.smtp === undefined ? {} : { smtp: config.smtp }),
    }),
  );
  shutdown.add('task types', () => types.close());
  const metrics = createWorkerMetrics(() => session.occupiedSlots);
  const session: WorkerSession = new WorkerSession(config, { folders, groups, types, metrics, logger });
  try {
    const health = await startHealthServer({
      host: config.host,
      port: config.healthPort,
      checks: { work: () => session.problem },
      metrics: metrics.registry,
    });
    shutdown.add('health', () => health.close());
    await session.start(shutdown, stopping);
    logger.info({ session: session.id, queues: config.queues, slots: config.slots, healthPort: health.port }, 'worker is running');
    return { healthPort: health.port, close: () => shutdown.close() };
  } catch (error) {
    await shutdown.close();
    throw error;
  }
};
