import pg from 'pg';
import { freePort } from '../harness/free-port.js';
import type { ServiceProcess } from '../harness/service-process.js';
import { startWholeSystem, type WholeSystem } from '../harness/stores.js';

/** A system with two schedulers that a test kills, and its database to count in. */
export interface TwoSchedulers {
  readonly system: WholeSystem;
  readonly database: pg.Client;
  /** Kills one of them, the other one the next time, and starts it again. */
  killOne(): Promise<void>;
  close(): Promise<void>;
}

/** Starts all of it. */
export const startTwoSchedulers = async (): Promise<TwoSchedulers> => {
  const system = await startWholeSystem();
  const database = new pg.Client({ connectionString: system.databaseUrl });
  await database.connect();
  const { platform } = system;
  const schedulers = [platform.makeScheduler('scheduler-1', await freePort()), platform.makeScheduler('scheduler-2', await freePort())];
  await Promise.all(schedulers.map((scheduler) => scheduler.start()));
  let killed = 0;
  return {
    system,
    database,
    killOne: async () => {
      const victim = schedulers[killed++ % schedulers.length] as ServiceProcess;
      await victim.kill();
      victim.launch();
    },
    close: async () => {
      await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
      await database.end();
      await system.close();
    },
  };
};
