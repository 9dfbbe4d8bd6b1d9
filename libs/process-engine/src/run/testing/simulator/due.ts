import { isTerminalProcess } from '@orderlines/contracts';
import type { RunEvent } from '../../event.js';
import { openRows, type StoredRun } from './database.js';
import type { Executor } from './executor.js';
import { fireAtOnce } from './unsafe.js';
import { LEASE_MS } from './lease.js';

/** A worker that holds a run's folder may be away for so long. */
const WORKSPACE_GRACE_MS = 120_000;

/** Lets what is due into batches. What an unread result could make void waits for it; so does what an outage could have caused. */
export function readClocks(executor: Executor): void {
  const { world } = executor;
  const { now } = world;
  for (const run of world.database.openRuns) {
    for (const { id, kind, dueAt } of run.store.timers.values())
      if (dueAt <= now && (kind !== 'teardown' || mayFire(executor, dueAt, run.store.run?.startedAt ?? 0)))
        fire(executor, run, { kind: 'timer', timerId: id });
    for (const row of openRows(run.store)) {
      if (row.deadlineAt === null || row.deadlineAt > now) continue;
      const madeAt = (row.status === 'PENDING' ? row.readyAt : row.startedAt) ?? row.createdAt;
      if (!mayFire(executor, row.deadlineAt, madeAt) || signalIsOnItsWay(executor, row.id, row.attempt)) continue;
      const reason = row.status === 'PENDING' ? 'timeout.queue' : 'timeout.run';
      fire(executor, run, { kind: 'deadline', taskInstanceId: row.id, attempt: row.attempt, reason });
    }
    const { run: state } = run.store;
    const { deadlineAt } = state ?? {};
    if (!state || isTerminalProcess(state.status) || !deadlineAt || deadlineAt > now) continue;
    if (mayFire(executor, deadlineAt, state.startedAt ?? 0)) fire(executor, run, { kind: 'process-deadline' });
  }
}

/** Finds attempts whose session is over or has been silent for longer than the lease, and folders whose worker stays away. */
export function readLeases(executor: Executor): void {
  const { world } = executor;
  const { now, database } = world;
  for (const run of database.openRuns) {
    for (const { status, session, token, id: taskInstanceId, attempt, dispatch, startedAt, worker, workspace, readyAt } of openRows(
      run.store,
    )) {
      if (status === 'RUNNING' && session !== null) {
        const known = database.sessions.get(session);
        const overAt = known?.endedAt ?? (known?.seenAt ?? startedAt ?? 0) + LEASE_MS;
        if (overAt >= now || !(executor.isSettled || known?.endedAt) || isOlderInRuns(executor, overAt)) continue;
        const message = `Worker ${worker} is gone.`;
        fire(executor, run, { kind: 'lost', taskInstanceId, attempt, dispatch, token: token ?? '', message });
      }
      if (status !== 'PENDING' || worker === null || workspace === null || (readyAt ?? now) > now - WORKSPACE_GRACE_MS) continue;
      const isThere = [...database.sessions.values()].some((known) => known.worker === worker && known.seenAt > now - WORKSPACE_GRACE_MS);
      if (!isThere && executor.isSettled) fire(executor, run, { kind: 'workspace-lost', worker });
    }
  }
}

function mayFire(executor: Executor, dueAt: number, madeAt: number): boolean {
  if (!executor.world.safeguards.has('time-outs through the batch')) return true;
  return !isOlderInRuns(executor, dueAt) && (executor.isSettled || madeAt >= executor.connectedSince);
}

function isOlderInRuns({ world }: Executor, dueAt: number): boolean {
  const { oldest } = world.runs;
  return oldest !== null && oldest <= dueAt;
}

/** A signal that came in time is on its way. */
const signalIsOnItsWay = ({ world }: Executor, taskInstanceId: string, attempt: number): boolean =>
  [...world.database.signals.values()].some(({ meets }) => meets?.taskInstanceId === taskInstanceId && meets.attempt === attempt);

function fire(executor: Executor, run: StoredRun, event: RunEvent): void {
  if (!executor.world.safeguards.has('time-outs through the batch')) return fireAtOnce(executor, run, event);
  executor.submit({ kind: 'event', runId: run.id, event, settle: () => undefined });
}
