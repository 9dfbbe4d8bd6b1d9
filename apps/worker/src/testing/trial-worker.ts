import { buildService, startNats, temporaryFolder, type TestNats } from '@orderlines/testing';
import { startWorker, workerDefaults, type RunningWorker, type WorkerConfig } from '../index.js';
import { TrialExecutor } from './trial-executor.js';

/** NATS, an executor's side of the wire, and the settings of a worker, for one test file. */
export interface WorkerTrial {
  readonly nats: TestNats;
  readonly executor: TrialExecutor;
  readonly config: WorkerConfig;
  /** Folder of the built worker. */
  readonly built: string;
  startWorker(more?: Partial<WorkerConfig>): Promise<RunningWorker>;
  close(): Promise<void>;
}

export const startWorkerTrial = async (name: string): Promise<WorkerTrial> => {
  const build = buildService('worker');
  const [nats, data] = await Promise.all([startNats(), temporaryFolder('worker')]);
  const executor = await TrialExecutor.start(nats.url, name);
  const config: WorkerConfig = {
    ...workerDefaults,
    name,
    natsUrl: nats.url,
    dataDir: data.path,
    logLevel: 'silent',
    drainMs: 1_000,
    heartbeatMs: 500,
    heartbeatUrl: build.entry('heartbeat'),
    javascriptChildUrl: build.entry('javascript-child'),
  };
  return {
    nats,
    executor,
    config,
    built: build.folder,
    startWorker: (more = {}) => startWorker({ ...config, ...more }),
    close: async () => {
      await executor.close();
      await nats.close();
      await data.remove();
      build.remove();
    },
  };
};
