import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startNats, temporaryFolder, type TestNats } from '@orderlines/testing';
import { startWorker, workerDefaults, type RunningWorker, type WorkerConfig } from '../index.js';
import { TrialExecutor } from './trial-executor.js';

const repository = resolve(process.cwd(), '../..');

/** The built worker in a folder of its own: threads and child processes need files that Node can run. */
export const buildWorker = (): { readonly folder: string; remove(): void } => {
  const folder = mkdtempSync(join(repository, 'tmp', 'worker-'));
  const built = spawnSync(process.execPath, ['tools/build-service.mjs', 'worker', folder], { cwd: repository, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the worker could not be built: ${built.stderr}`);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

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
  const build = buildWorker();
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
    heartbeatUrl: pathToFileURL(join(build.folder, 'heartbeat.js')),
    javascriptChildUrl: pathToFileURL(join(build.folder, 'javascript-child.js')),
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
