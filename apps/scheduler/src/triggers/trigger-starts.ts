import type { JsonObject, TriggerKind } from '@orderlines/contracts';
import type { ExecutorClient } from '@orderlines/rpc';
import type { Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { Clock } from '../clock.js';
import { processToStart } from '../starts/process-to-start.js';
import { attemptAll, attemptStart, START_AGAIN_MS, STARTS_AT_ONCE, type HeldStart, type SettledStart } from '../starts/start-attempt.js';

interface DueStart extends HeldStart {
  readonly kind: TriggerKind;
  readonly trigger: string;
  readonly params: JsonObject;
  readonly eventAt: Date;
  readonly createdAt: Date;
}

const PROCESS = processToStart('t');

/** The key of an evaluation's start: whoever repeats it, the evaluation has one run. */
export const triggerStartKey = (evaluationId: string): string => `trigger:${evaluationId}`;

/** Starts the runs of evaluations. One is held while its run is being started; one whose holder died is taken up by another scheduler. */
export class TriggerStarts {
  constructor(
    private readonly pool: Pool,
    private readonly executor: ExecutorClient,
    private readonly leaseMs: number,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Starts what is to be started and nobody holds; gives whether there may be more. */
  async startAll(): Promise<boolean> {
    const due = await this.take();
    if (due.length === 0) return false;
    const { settled, later } = await attemptAll(due, (start) => this.start(start));
    if (settled.length > 0) await this.settle(settled);
    if (later.length > 0) await this.postpone(later);
    return due.length === STARTS_AT_ONCE;
  }

  private async take(): Promise<DueStart[]> {
    const now = this.clock.now();
    const { rows } = await this.pool.query<DueStart>({
      name: 'take-trigger-starts',
      text: `with taken as (
          update schedule.trigger_evaluation e set retry_at = $2
            from (select id from schedule.trigger_evaluation where outcome = 'starting' and retry_at <= $1 order by retry_at limit $3
              for update skip locked) due
            where e.id = due.id returning e.*)
        select e.id, t.kind, t.namespace || '/' || t.name as trigger, e.params, e.event_at as "eventAt", e.created_at as "createdAt",
            ${PROCESS.columns}
          from taken e join schedule.trigger t on t.id = e.trigger_id ${PROCESS.joins}`,
      values: [new Date(now), new Date(now + this.leaseMs), STARTS_AT_ONCE],
    });
    return rows;
  }

  private start(due: DueStart): Promise<SettledStart | null> {
    const { id, kind, trigger, params, eventAt, createdAt } = due;
    const request = {
      paramsJson: JSON.stringify(params),
      actor: `trigger:${trigger}`,
      origin: kind,
      idempotencyKey: triggerStartKey(id),
      logicalTime: eventAt.getTime(),
    };
    const waitedMs = () => this.clock.now() - createdAt.getTime();
    return attemptStart(due, { request, waitedMs }, this.executor, this.logger);
  }

  private async settle(settled: readonly SettledStart[]): Promise<void> {
    await this.pool.query({
      name: 'settle-trigger-starts',
      text: `update schedule.trigger_evaluation e set params = null, retry_at = null, instance_id = u."instanceId", reason = u.reason,
          message = u.message, outcome = case when u."instanceId" is null then 'refused' else 'started' end, finished_at = $2
        from jsonb_to_recordset($1::jsonb) as u (id uuid, "instanceId" uuid, reason text, message text)
        where e.id = u.id and e.outcome = 'starting'`,
      values: [JSON.stringify(settled), new Date(this.clock.now())],
    });
  }

  private async postpone(ids: readonly string[]): Promise<void> {
    await this.pool.query(`update schedule.trigger_evaluation set retry_at = $2 where id = any($1::uuid[]) and outcome = 'starting'`, [
      ids,
      new Date(this.clock.now() + START_AGAIN_MS),
    ]);
  }
}
