import type { RunEvent } from '../../event.js';
import { Batch } from './batch.js';
import { carryOut } from './aftermath.js';
import type { StoredRun } from './database.js';
import type { Executor } from './executor.js';

/**
 * What a timer loop of its own does, beside the batches: it reads the run without its lock, decides, and writes. Only for the
 * simulation in which time-outs do not go through the batch.
 */
export function fireAtOnce(executor: Executor, run: StoredRun, event: RunEvent): void {
  const { world } = executor;
  const batch = new Batch([{ kind: 'event', runId: run.id, event, settle: () => undefined }], world, executor.release);
  world.checks.guard(() => batch.advance());
  executor.after(world.chance.between(1, 10), () => {
    world.checks.guard(() => batch.commit());
    carryOut(executor, batch);
  });
}
