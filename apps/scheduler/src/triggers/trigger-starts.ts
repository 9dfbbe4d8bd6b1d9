import type { JsonObject, TriggerKind } from '@orderlines/contracts';
import { ExecutorRefused, type ExecutorClient } from '@orderlines/rpc';
import type { Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { Clock } from '../clock.js';
import { startObstacle, type ProcessToStart } from '../starts/start-obstacle.js';

/** Starts that are under way at once. */
const AT_ONCE = 200;
/** While no executor is there a start is tried again after this. */
const AGAIN_MS = 5_000;
/** An executor knows a start that it has made for seven days; long before, one that cannot be made is given up. */
const GIVE_UP_MS = 86_400_000;

interface DueStart extends ProcessToStart {
  readonly id: string;
  readonly kind: TriggerKind;
  readonly trigger: string;
  readonly params: JsonObject;
  readonly eventAt: Date;
  readonly createdAt: Date;
}

interface SettledStart {
  readonly id: string;
  readonly instanceId: string | null;
  readonly reason: string | null;
  readonly message: string | null;
}

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
    const outcomes = await Promise.all(due.map(async (start) => ({ start, settled: await this.start(start) })));
    await this.settle(outcomes.flatMap(({ settled }) => settled ?? []));
    const later = outcomes.filter(({ settled }) => settled === null).map(({ start }) => start.id);
    if (later.length > 0) await this.postpone(later);
    return due.length === AT_ONCE;
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
            p.namespace || '/' || p.name as process, p.removed_at is not null as "isRemoved", t.process_version as "wantedVersion",
            v.id as "versionId", coalesce(v.status = 'published', false) as "isPublished"
          from taken e join schedule.trigger t on t.id = e.trigger_id join definition.process p on p.id = t.process_id
            left join lateral (select id, status from definition.process_version
              where process_id = p.id and (t.process_version is null and status = 'published' or number = t.process_version)
              order by number desc limit 1) v on true`,
      values: [new Date(now), new Date(now + this.leaseMs), AT_ONCE],
    });
    return rows;
  }

  /** What became of a start; null: it is to be tried again. */
  private async start(due: DueStart): Promise<SettledStart | null> {
    const { id, kind, trigger, params, eventAt, createdAt, versionId } = due;
    const [reason = null, message = null] = startObstacle(due) ?? [];
    if (reason !== null) return { id, instanceId: null, reason, message };
    try {
      const { instanceId } = await this.executor.startInstance({
        processVersionId: versionId ?? '',
        paramsJson: JSON.stringify(params),
        actor: `trigger:${trigger}`,
        origin: kind,
        idempotencyKey: triggerStartKey(id),
        logicalTime: eventAt.getTime(),
      });
      return { id, instanceId, reason: null, message: null };
    } catch (error) {
      if (!(error instanceof ExecutorRefused)) throw error;
      if (error.status < 500) return { id, instanceId: null, reason: error.code, message: error.message };
      this.logger.warn({ err: error, evaluation: id }, 'a run could not be started now');
      if (this.clock.now() - createdAt.getTime() < GIVE_UP_MS) return null;
      return { id, instanceId: null, reason: error.code, message: `It could not be started for a day: ${error.message}` };
    }
  }

  private async settle(settled: readonly SettledStart[]): Promise<void> {
    if (settled.length === 0) return;
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
      new Date(this.clock.now() + AGAIN_MS),
    ]);
  }
}
