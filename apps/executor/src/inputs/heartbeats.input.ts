import { HeartbeatRequest, WORKERS, type HeartbeatReply, type HeldAttempt } from '@orderlines/messaging';
import { describeError, type Logger } from '@orderlines/service-host';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import type { BatchItem } from '../instance/batch-item.js';
import type { Settings } from '../settings.js';
import { readClaimedAttempts, readEndedWorkspaces, readHeldAttempts, type AttemptState } from './attempts.sql.js';
import { lostItem } from './lost-item.js';
import { endSessions, noteSession, type Noted } from './sessions.sql.js';

/**
 * A claim is answered at most so long after its commit, and asked for again when the answer was lost: an attempt
 * claimed longer ago than this is named by its live worker, or the worker does not have it.
 */
const NAMED_AFTER_MS = 15_000;

/** Answers signs of life: what to stop, what is stored, what nobody knows. An attempt that its live worker does not name is lost. */
export class HeartbeatsInput {
  private subscription: Subscription | undefined;

  constructor(
    private readonly nats: NatsConnection,
    private readonly pool: Pool,
    private readonly settings: Settings,
    private readonly submit: (item: BatchItem) => void,
    /** Told when a session is over. */
    private readonly sessionEnded: () => void,
    private readonly leaseMs: number,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.subscription = this.nats.subscribe(WORKERS.allHeartbeats, {
      queue: WORKERS.group,
      callback: (error, message) => {
        if (error === null) void this.receive(message);
        else this.logger.error({ err: error }, 'the subscription to heartbeats failed');
      },
    });
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }

  /** A heartbeat that cannot be answered is repeated by its worker five seconds later. */
  private async receive(message: Msg): Promise<void> {
    try {
      const beat = HeartbeatRequest.parse(message.json());
      if (beat.worker !== WORKERS.workerOf(message.subject)) throw new Error(`it names another worker, ${beat.worker}`);
      message.respond(JSON.stringify(await this.answer(beat)));
    } catch (error) {
      this.logger.warn({ subject: message.subject, error: describeError(error) }, 'a heartbeat could not be answered');
    }
  }

  private async answer(beat: HeartbeatRequest): Promise<HeartbeatReply> {
    const session = await this.note(beat);
    const { graceMs } = this.settings.current();
    const [states, claimed, endedWorkspaces] = await Promise.all([
      readHeldAttempts(this.pool, beat.held),
      beat.heldIsComplete === false ? [] : readClaimedAttempts(this.pool, beat.session, NAMED_AFTER_MS),
      readEndedWorkspaces(this.pool, beat.workspaces ?? []),
    ]);
    const named = new Set(beat.held.map(({ taskInstanceId, token }) => `${taskInstanceId} ${token}`));
    for (const attempt of claimed.filter(({ id, token }) => !named.has(`${id} ${token}`))) {
      this.submit(lostItem(attempt, `Worker ${beat.worker} lives and no longer knows this attempt.`));
    }
    const byId = new Map(states.map((state) => [state.id, state]));
    const verdicts = beat.held.map((held) => ({ held, verdict: judge(held, byId.get(held.taskInstanceId)) }));
    const of = (wanted: Verdict['kind']) => verdicts.filter(({ verdict }) => verdict.kind === wanted);
    const name = ({ held: { taskInstanceId, attempt, dispatch } }: { held: HeldAttempt }) => ({ taskInstanceId, attempt, dispatch });
    return {
      format: 1,
      cancel: verdicts.flatMap(({ held, verdict }) =>
        verdict.kind === 'cancel' ? [{ taskInstanceId: held.taskInstanceId, attempt: held.attempt, reason: verdict.reason, graceMs }] : [],
      ),
      confirmed: of('confirmed').map(name),
      unknown: of('unknown').map(name),
      wantsTaskTypes: session.kind === 'noted' && !session.hasTaskTypes,
      endedWorkspaces,
      ...(session.kind === 'refused' ? { refused: refusalOf(beat, session) } : {}),
    };
  }

  /** The sessions before it are over first: they must not stand in its way. */
  private async note(beat: HeartbeatRequest): Promise<Noted> {
    const succeeded = beat.succeeds === undefined ? 0 : await endSessions(this.pool, beat.worker, beat.succeeds);
    const session = await noteSession(this.pool, beat, this.leaseMs);
    if (succeeded > 0 || beat.isOver === true) this.sessionEnded();
    return session;
  }
}

const refusalOf = ({ worker }: HeartbeatRequest, { rival, silentMs }: Extract<Noted, { kind: 'refused' }>): string =>
  `another worker named "${worker}" (session ${rival}) was heard of ${Math.round(silentMs / 1_000)} s ago: give one of them another ` +
  `ORDERLINES_WORKER_NAME; if the other has ended, this one works as soon as its lease is out`;

type Verdict = { readonly kind: 'goes-on' | 'confirmed' | 'unknown' } | { readonly kind: 'cancel'; readonly reason: string };

/** What a worker is told about an attempt it holds. */
const judge = (held: HeldAttempt, state: AttemptState | undefined): Verdict => {
  if (state === undefined) return { kind: 'unknown' };
  const current = state.token === held.token && state.attempt === held.attempt && state.dispatch === held.dispatch;
  const running = current && state.status === 'RUNNING';
  if (held.state === 'finished') return { kind: running ? 'goes-on' : 'confirmed' };
  if (running) return state.reason === null ? { kind: 'goes-on' } : { kind: 'cancel', reason: state.reason };
  // It ended without the worker's word (time-out, forced stop): TERM, then KILL. Anything else belongs to somebody else.
  return current ? { kind: 'cancel', reason: state.reason ?? 'stopped' } : { kind: 'unknown' };
};
