import { WORKERS } from '@orderlines/messaging';
import { pause, type Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { BatchItem } from '../instance/batch-item.js';
import { forgetSessions, readExpiredAttempts, readLostWorkspaces } from './attempts.sql.js';
import type { ConnectionAge } from './connection-age.js';
import { lostItem } from './lost-item.js';

const LOOK_EVERY_MS = 5_000;
/** A worker that holds a run's folder may be away for so long. */
const WORKSPACE_GRACE_MS = 120_000;

/** Finds attempts whose worker has been silent for longer than the lease: judged only by an executor that could have heard it. */
export class LeasesInput {
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;

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
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const every = Math.min(LOOK_EVERY_MS, this.leaseMs / 2);
    while (!this.stopping.signal.aborted) {
      await pause(every, this.stopping.signal);
      if (!this.age.settled || this.stopping.signal.aborted) continue;
      await this.look().catch((error: unknown) => this.logger.warn({ err: error }, 'could not judge leases'));
    }
  }

  private async look(): Promise<void> {
    const [expired, workspaces] = await Promise.all([
      readExpiredAttempts(this.pool, this.leaseMs),
      readLostWorkspaces(this.pool, Math.max(WORKSPACE_GRACE_MS, this.leaseMs)),
      forgetSessions(this.pool),
    ]);
    if (expired.length > 0) {
      const oldest = await this.oldestInput();
      for (const attempt of expired.filter(({ dueAt }) => oldest === null || oldest > dueAt)) {
        this.submit(lostItem(attempt, `Worker ${attempt.worker ?? 'unknown'} was not heard of for ${Math.round(this.leaseMs / 1000)} s.`));
      }
    }
    for (const { instanceId, worker } of workspaces) {
      const event = { kind: 'workspace-lost', worker } as const;
      this.submit({ kind: 'event', instanceId, event, bytes: 100, alone: false, waitsUntil: null, settle: () => undefined });
    }
  }
}
