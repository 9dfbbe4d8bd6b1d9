import { WORKERS } from '@orderlines/messaging';
import { repeat, type Logger, type Repetition } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { BatchItem } from '../instance/batch-item.js';
import { readExpiredAttempts, readLostWorkspaces, type ExpiredAttempt } from './attempts.sql.js';
import type { ConnectionAge } from './connection-age.js';
import { lostItem } from './lost-item.js';
import { forgetSessions } from './sessions.sql.js';

const LOOK_EVERY_MS = 5_000;
/** Looked again so soon while a loss waits for older words in RUNS. */
const LOOK_AGAIN_MS = 200;
/** A worker that holds a run's folder may be away for so long. */
const WORKSPACE_GRACE_MS = 120_000;

/**
 * Finds attempts whose session is over, or whose worker has been silent for longer than the lease: judged only by an executor that could
 * have heard it.
 */
export class LeasesInput {
  private repetition: Repetition | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly age: ConnectionAge,
    /** Epoch milliseconds of the oldest message in RUNS, or null when it is empty. */
    private readonly oldestInput: () => Promise<number | null>,
    private readonly submit: (item: BatchItem) => void,
    private readonly logger: Logger,
    private readonly leaseMs: number = WORKERS.leaseMs,
  ) {}

  start(): void {
    this.repetition = repeat({
      everyMs: Math.min(LOOK_EVERY_MS, this.leaseMs / 2),
      round: () => this.judge(),
      failed: (error) => this.logger.warn({ err: error }, 'could not judge leases'),
    });
  }

  /** Looks now: a session has ended. */
  lookNow(): void {
    this.repetition?.wake();
  }

  async stop(): Promise<void> {
    await this.repetition?.stop();
  }

  private async judge(): Promise<number | void> {
    if (this.age.connectedMs === 0) return;
    const again = await this.judgeAttempts();
    if (this.age.settled) await this.judgeWorkspaces();
    if (again) return LOOK_AGAIN_MS;
  }

  /** True: some are lost as soon as what their workers said before has been read. */
  private async judgeAttempts(): Promise<boolean> {
    const attempts = await readExpiredAttempts(this.pool, this.leaseMs);
    const expired = attempts.filter(({ isOver }) => isOver || this.age.settled);
    if (expired.length === 0) return false;
    const oldest = await this.oldestInput();
    const lost = expired.filter(({ dueAt }) => oldest === null || oldest > dueAt);
    for (const attempt of lost) this.submit(lostItem(attempt, this.lossOf(attempt)));
    return lost.length < expired.length;
  }

  private lossOf({ worker, isOver }: ExpiredAttempt): string {
    const name = worker ?? 'unknown';
    return isOver
      ? `Worker ${name} was ended while it ran this.`
      : `Worker ${name} was not heard of for ${Math.round(this.leaseMs / 1000)} s.`;
  }

  private async judgeWorkspaces(): Promise<void> {
    const [workspaces] = await Promise.all([
      readLostWorkspaces(this.pool, Math.max(WORKSPACE_GRACE_MS, this.leaseMs)),
      forgetSessions(this.pool),
    ]);
    for (const { instanceId, worker } of workspaces) {
      const event = { kind: 'workspace-lost', worker } as const;
      this.submit({ kind: 'event', instanceId, event, bytes: 100, alone: false, waitsUntil: null, settle: () => undefined });
    }
  }
}
