import type { AttemptName } from './items.js';
import { openRows, type StoredSession } from './database.js';
import type { Executor } from './executor.js';
import { LEASE_MS } from './lease.js';

/** An attempt that a worker holds, or whose result nobody has confirmed. */
export interface Held extends AttemptName {
  readonly token: string;
  readonly isFinished: boolean;
}

/** A worker's sign of life. */
export interface Heartbeat {
  readonly worker: string;
  readonly session: string;
  readonly held: readonly Held[];
  /** Sessions of the worker that ended before. */
  readonly succeeds: readonly string[];
}

/** What a worker hears of its attempts, by their tokens. */
export interface HeartbeatAnswer {
  readonly isRefused: boolean;
  readonly cancel: readonly string[];
  readonly confirmed: readonly string[];
  readonly unknown: readonly string[];
}

/** An attempt claimed longer ago than this is named by its live worker, or the worker does not have it. */
const NAMED_AFTER_MS = 15_000;

/** Answers a sign of life; an attempt that its live worker does not name is lost. */
export function answerHeartbeat(executor: Executor, beat: Heartbeat): HeartbeatAnswer {
  const { world } = executor;
  const isRefused = !noteSession(executor, beat);
  const named = new Set(beat.held.map(({ token }) => token));
  for (const run of world.database.openRuns) {
    for (const { status, session, startedAt, token, id: taskInstanceId, attempt, dispatch } of openRows(run.store)) {
      if (status !== 'RUNNING' || session !== beat.session || token === null || named.has(token)) continue;
      if ((startedAt ?? 0) >= world.now - NAMED_AFTER_MS) continue;
      const message = `Worker ${beat.worker} no longer knows it.`;
      executor.submit({
        kind: 'event',
        runId: run.id,
        event: { kind: 'lost', taskInstanceId, attempt, dispatch, token, message },
        settle: () => undefined,
      });
    }
  }
  const verdicts = beat.held.map((held) => ({ held, verdict: judge(executor, held) }));
  const of = (wanted: string): string[] => verdicts.filter(({ verdict }) => verdict === wanted).map(({ held }) => held.token);
  return { isRefused, cancel: of('cancel'), confirmed: of('confirmed'), unknown: of('unknown') };
}

function noteSession({ world }: Executor, { worker, session, succeeds }: Heartbeat): boolean {
  const { sessions } = world.database;
  for (const id of succeeds) {
    const earlier = sessions.get(id);
    if (earlier) earlier.endedAt ??= world.now;
  }
  const lives = ({ endedAt, seenAt }: StoredSession): boolean => endedAt === null && seenAt > world.now - LEASE_MS;
  if ([...sessions].some(([id, other]) => id !== session && other.worker === worker && lives(other))) return false;
  sessions.set(session, { worker, seenAt: world.now, endedAt: null });
  return true;
}

function judge({ world }: Executor, held: Held): 'goes-on' | 'cancel' | 'confirmed' | 'unknown' {
  const row = world.database.row(held);
  if (!row) return 'unknown';
  const isCurrent = row.token === held.token && row.attempt === held.attempt && row.dispatch === held.dispatch;
  const isRunning = isCurrent && row.status === 'RUNNING';
  if (held.isFinished) return isRunning ? 'goes-on' : 'confirmed';
  if (isRunning) return row.reason === null ? 'goes-on' : 'cancel';
  return isCurrent ? 'cancel' : 'unknown';
}
