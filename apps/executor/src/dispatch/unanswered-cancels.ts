import type { FailureReason } from '@orderlines/contracts';
import type { Pool } from 'pg';
import type { Settings } from '../settings.js';
import type { Announcer } from './announcer.js';
import type { OutboxPredicate } from './sweeper.js';

/** `cancel`: an attempt is RUNNING and its row says why it is to be stopped. Heartbeats' answers say the same. */
export class UnansweredCancels implements OutboxPredicate {
  readonly name = 'cancel';

  constructor(
    private readonly pool: Pool,
    private readonly announcer: Announcer,
    private readonly settings: Settings,
  ) {}

  async repeat(): Promise<void> {
    const { graceMs } = this.settings.current();
    const { rows } = await this.pool.query<{ taskInstanceId: string; attempt: number; worker: string; reason: FailureReason }>({
      name: 'unanswered-cancels',
      text: `select id as "taskInstanceId", attempt, worker, reason from runtime.task_instance
        where status = 'RUNNING' and session_id is not null and reason is not null and worker is not null limit 1000`,
    });
    for (const { worker, ...cancel } of rows) this.announcer.cancel({ ...cancel, graceMs }, worker);
  }
}
