import { isTerminalProcess } from '@orderlines/contracts';
import { deliverSignals, publishLink, publishTask } from './aftermath.js';
import { openRows, type StoredRun } from './database.js';
import type { Executor } from './executor.js';
import { nameOf } from './release-window.js';
import { tellTurns } from './slots.js';

const SWEEP_MS = 5_000;
/** Whoever committed it has published what is older, or will not. */
const WAITED_MS = 1_000;
/** Published this long ago and still PENDING, a task is published again. */
const PUBLISHED_AGAIN_AFTER_MS = 30_000;

/** What a row says has to be published, by name: the same predicates as the executor's table. */
const PREDICATES: Readonly<Record<string, (executor: Executor) => void>> = {
  dispatch: sweepTasks,
  cancel: sweepCancels,
  'child and parent': sweepLinks,
  signal: deliverSignals,
  slot: tellTurns,
};

/** Asks every predicate over and over. */
export function startSweeper(executor: Executor): void {
  if (!executor.world.safeguards.has('sweeper')) return;
  executor.every(SWEEP_MS, () => {
    for (const sweep of Object.values(PREDICATES)) sweep(executor);
  });
}

function sweepTasks(executor: Executor): void {
  const { world, published } = executor;
  for (const { id: runId, store } of world.database.openRuns) {
    for (const row of openRows(store)) {
      if (row.status !== 'PENDING' || (row.readyAt ?? row.createdAt) > world.now - WAITED_MS) continue;
      const at = published.get(nameOf({ ...row, taskInstanceId: row.id })) ?? -Infinity;
      if (at > world.now - PUBLISHED_AGAIN_AFTER_MS && at >= world.tasks.madeAt) continue;
      publishTask(executor, runId, row);
    }
  }
}

function sweepCancels({ world }: Executor): void {
  for (const { store } of world.database.openRuns) {
    for (const { status, session, reason, id: taskInstanceId, attempt } of openRows(store))
      if (status === 'RUNNING' && session !== null && reason !== null) world.cancel(session, { taskInstanceId, attempt });
  }
}

function sweepLinks(executor: Executor): void {
  const { database } = executor.world;
  for (const parent of database.openRuns) {
    for (const { type, status, waitsFor, id: taskInstanceId } of openRows(parent.store)) {
      if (type !== 'process' || status !== 'WAITING' || waitsFor?.kind !== 'child') continue;
      publishLink(executor, { runId: waitsFor.instanceId, parentId: parent.id, taskInstanceId });
    }
  }
  for (const child of database.openRuns)
    if (child.parent && isGivenUp(executor, child))
      publishLink(executor, { runId: child.id, parentId: child.parent.runId, taskInstanceId: child.parent.taskInstanceId });
}

/** The run goes on although its parent waits for it no longer. */
function isGivenUp({ world }: Executor, { id, parent, store }: StoredRun): boolean {
  if (!parent?.waits || !store.run || isTerminalProcess(store.run.status)) return false;
  const row = world.database.row(parent);
  return row?.status !== 'WAITING' || (row.waitsFor?.kind === 'child' && row.waitsFor.instanceId !== id);
}
