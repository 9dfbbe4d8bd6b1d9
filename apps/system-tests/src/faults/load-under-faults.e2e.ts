import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { inParallel, startInstance } from '../harness/load.js';
import { build, readRun } from '../harness/runs.js';
import type { ServiceProcess } from '../harness/service-process.js';
import { startWholeSystem, type WholeSystem } from '../harness/stores.js';
import { WORKSPACE } from '../harness/workspace.js';

const PROCESSES = join(WORKSPACE, 'apps/system-tests/src/processes');
const RUNS = 300;
/**
 * What adds one to the counter of a run: once, left, right_1 and right_2, three items, three nodes of the dag, the run it starts, the
 * approval nobody answers, and three times short.
 */
const COUNTED = 15;
/** Between two faults: enough that work is in every stage again. */
const BETWEEN_MS = 4_000;
/** Twice the lease, and what is left of the work itself. */
const SETTLED_WITHIN_MS = 2 * 30_000 + 60_000;
const TEST_LIMIT_MS = 400_000;

describe('three hundred runs on two executors and three workers', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  let process: string;
  let second: ServiceProcess;
  let workers: ServiceProcess[];

  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('side-effects');
    await build(system.platform, join(PROCESSES, 'counted-child.yaml'));
    process = (await build(system.platform, join(PROCESSES, 'side-effects.yaml'))).id;
    second = await system.platform.makeExecutor('executor-2', await freePort()).start();
    const more = [system.platform.makeWorker('worker-2', await freePort()), system.platform.makeWorker('worker-3', await freePort())];
    workers = [system.platform.worker, ...(await Promise.all(more.map((worker) => worker.start())))];
  });

  afterAll(async () => {
    await Promise.all([second, ...(workers ?? []).slice(1)].map((service) => service?.stop()));
    await system?.close();
    await folder?.remove();
  });

  /** Starts the runs, does to the system what is wanted while they are in flight, and waits until all have ended. */
  const underFaults = async (name: string, faults: readonly (() => Promise<void>)[]): Promise<{ runs: string[]; file: string }> => {
    const file = join(folder.path, name);
    const runs: string[] = [];
    const starting = inParallel(RUNS, 8, async () => {
      runs.push(await started(file));
    });
    const faulty = (async () => {
      for (const fault of faults) {
        await pause(BETWEEN_MS);
        await fault();
      }
    })();
    // Whichever fails first is told, and with it a service that did not outlive the fault of another.
    await Promise.all([starting, faulty]).catch((error: unknown) => {
      for (const service of [system.platform.gateway, system.platform.executor, second, ...workers]) service.expectRunning();
      throw error;
    });
    await eventually('all runs have ended', async () => (await openRuns(runs)) === 0, { limitMs: SETTLED_WITHIN_MS, everyMs: 500 });
    return { runs, file };
  };

  /** A start that was refused while a service was away is asked for again, as any client would. */
  const started = (file: string): Promise<string> =>
    eventually('a start is accepted', () => startInstance(system.platform, process, { file }), {
      limitMs: 60_000,
      everyMs: 300,
    });

  const openRuns = async (runs: readonly string[]): Promise<number> => {
    const open = await Promise.all(
      ['PENDING', 'RUNNING', 'PAUSED'].map(async (status) => {
        const answer = await system.platform.fetch(`instances?process=${process}&status=${status}&limit=500`);
        return ((await answer.json()) as { items: { id: string }[] }).items.filter(({ id }) => runs.includes(id)).length;
      }),
    );
    return open.reduce((sum, count) => sum + count, 0);
  };

  const expectNothingTwice = async ({ runs, file }: { runs: string[]; file: string }): Promise<void> => {
    const ended = await Promise.all(runs.map((id) => readRun(system.platform, id)));
    // A lost `prepare` may not be repeated: that run ends as a failure that says so, and nothing else does.
    const failures = ended.filter(({ status }) => status !== 'SUCCESS');
    expect(failures.filter(({ status, reason }) => status !== 'FAILURE' || reason !== 'infra')).toEqual([]);
    const miscounted = ended.filter(({ status, outputs }) => status === 'SUCCESS' && outputs?.['counted'] !== COUNTED);
    expect(miscounted.map(({ id, outputs }) => [id, outputs])).toEqual([]);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const starts = lines.filter((line) => !line.endsWith(' any'));
    expect(starts.filter((line, index) => starts.indexOf(line) !== index)).toEqual([]);
  };

  const killAndStart = async (service: ServiceProcess): Promise<void> => {
    await service.kill();
    await service.start();
  };

  const freezeFor = async (service: ServiceProcess, milliseconds: number): Promise<void> => {
    service.freeze();
    await pause(milliseconds);
    service.thaw();
    await service.ready();
  };

  it(
    'all end, and nothing happens twice, while executors, workers and the gateway are killed and frozen',
    async () => {
      const { executor, gateway, worker } = system.platform;
      await expectNothingTwice(
        await underFaults('services', [
          () => killAndStart(executor),
          () => killAndStart(worker),
          () => freezeFor(second, 8_000),
          () => killAndStart(gateway),
          () => freezeFor(gateway, 5_000),
          () => freezeFor(workers[1] as ServiceProcess, 35_000),
        ]),
      );
    },
    TEST_LIMIT_MS,
  );

  it(
    'all end, and nothing happens twice, while Postgres and NATS are restarted, and NATS loses what it stored',
    async () => {
      await expectNothingTwice(
        await underFaults('stores', [
          async () => {
            await system.postgres.kill();
            await system.postgres.restart();
          },
          async () => {
            await system.nats.kill();
            await system.nats.restart();
          },
          () => system.nats.wipe(),
        ]),
      );
    },
    TEST_LIMIT_MS,
  );
});
