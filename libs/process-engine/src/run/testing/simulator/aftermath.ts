import { isTerminalProcess } from '@orderlines/contracts';
import type { TaskInstanceRow } from '../../changes.js';
import type { Applied, Batch } from './batch.js';
import type { Executor } from './executor.js';
import type { TaskMessage } from './items.js';
import { nameOf } from './release-window.js';
import { tellTurns } from './slots.js';

/** Publishes what a batch has led to. Whatever of it a crash prevents, the sweepers make again from the rows. */
export function carryOut(executor: Executor, batch: Batch): void {
  for (const applied of batch.applied) {
    const { stored, transition } = applied;
    for (const id of transition.changes.dispatch) publishTask(executor, stored.id, batch.row(stored.id, id));
    for (const cancel of transition.changes.cancel) executor.world.cancel(cancel.session, cancel);
    for (const { taskInstanceId, instanceId } of transition.changes.children)
      publishLink(executor, { runId: instanceId, parentId: stored.id, taskInstanceId });
    if (isNewsForParent(applied)) {
      const { runId: parentId, taskInstanceId } = stored.parent as NonNullable<typeof stored.parent>;
      publishLink(executor, { runId: stored.id, parentId, taskInstanceId });
    }
  }
  deliverSignals(executor);
  if (batch.applied.some(hasMovedUnderKey)) tellTurns(executor);
}

/** A run has come to its key, has begun, or has left. */
const hasMovedUnderKey = ({ before, transition: { run } }: Applied): boolean => run.slot !== null && before?.phase !== run.phase;

/** Puts a PENDING task into TASKS, or keeps it until there is room. */
export function publishTask({ world, published, window }: Executor, runId: string, row: TaskInstanceRow | undefined): void {
  if (row?.status !== 'PENDING') return;
  const { id: taskInstanceId, attempt, dispatch, worker } = row;
  const message: TaskMessage = { runId, taskInstanceId, attempt, dispatch, worker };
  published.set(nameOf(message), world.now);
  window.add(message);
}

/** Asks that a run and the one that asked for it be looked at. */
export function publishLink(
  executor: Executor,
  link: { readonly runId: string; readonly parentId: string; readonly taskInstanceId: string },
): void {
  const { world } = executor;
  const seq = [link.runId, link.parentId].map((id) => world.database.runs.get(id)?.store.history.length ?? 0).join('.');
  world.runs.publish(`${link.runId} ${link.taskInstanceId} ${seq}`, { kind: 'link', ...link });
}

function isNewsForParent({ stored, before, transition }: Applied): boolean {
  if (!stored.parent) return false;
  if (!stored.parent.waits) return before === null;
  return isTerminalProcess(transition.run.status) && !(before && isTerminalProcess(before.status));
}

/** Tells runs which signal is theirs. */
export function deliverSignals(executor: Executor): void {
  for (const { id: signalId, meets, isTaken, payload } of executor.world.database.signals.values()) {
    if (!meets || isTaken) continue;
    const { runId, taskInstanceId, attempt } = meets;
    executor.submit({
      kind: 'event',
      runId,
      event: { kind: 'signal', taskInstanceId, attempt, signalId, payload },
      settle: () => undefined,
    });
  }
}
