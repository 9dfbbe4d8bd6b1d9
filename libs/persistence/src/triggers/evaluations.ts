import type { EvaluationOutcome, EvaluationView, JsonObject } from '@orderlines/contracts';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { Conditions } from '../read-models/conditions.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from '../read-models/page.js';
import { excerptOf } from './excerpt.js';

/** A request of a webhook that was taken. */
export interface Delivery {
  readonly triggerId: string;
  /** Its sender's id of it, or a new one. */
  readonly key: string;
  readonly type: string;
  readonly event: JsonObject;
}

/** Stores a request until a scheduler judges it; one that is known starts nothing, and only that it came again is noted. */
export const insertDelivery = async (
  manager: EntityManager,
  { triggerId, key, type, event }: Delivery,
): Promise<{ readonly evaluation: string; readonly duplicate: boolean }> => {
  const id = uuidV7();
  const excerpt = excerptOf(event);
  const inserted = await manager.query<{ id: string }[]>(
    `insert into schedule.trigger_evaluation (id, trigger_id, event_key, event_type, event_at, event, excerpt, outcome, created_at)
      values ($1, $2, $3, $4, now(), $5, $6, 'received', now()) on conflict (trigger_id, event_key) do nothing returning id`,
    [id, triggerId, key, type, JSON.stringify(event), excerpt],
  );
  if (inserted.length > 0) return { evaluation: id, duplicate: false };
  const [known] = await manager.query<{ id: string }[]>(
    'select id from schedule.trigger_evaluation where trigger_id = $1 and event_key = $2',
    [triggerId, key],
  );
  const first = known?.id ?? id;
  await manager.query(
    `insert into schedule.trigger_evaluation (id, trigger_id, event_key, event_type, event_at, excerpt, outcome, reason, message, created_at,
        finished_at)
      values ($1, $2, $3, $4, now(), $5, 'duplicate', 'delivery.known', $6, now(), now())`,
    [id, triggerId, `${key}#${id}`, type, excerpt, `delivered before: evaluation ${first}`],
  );
  return { evaluation: first, duplicate: true };
};

/** Notes that requests were refused, in one row a minute and reason: whoever sends many cannot fill the store. */
export const noteRefusedDelivery = async (
  manager: EntityManager,
  triggerId: string,
  { reason, message }: { readonly reason: string; readonly message: string },
): Promise<void> => {
  await manager.query(
    `insert into schedule.trigger_evaluation (id, trigger_id, event_key, event_type, event_at, excerpt, outcome, reason, message, created_at,
        finished_at)
      values ($1, $2, $3 || date_trunc('minute', now())::text, 'webhook', now(), '', 'refused', $3, $4, now(), now())
      on conflict (trigger_id, event_key) do nothing`,
    [uuidV7(), triggerId, reason, message],
  );
};

/** Requests of a webhook that were taken within the last minute. */
export const deliveriesOfMinute = async (manager: EntityManager, triggerId: string): Promise<number> => {
  const [row] = await manager.query<{ count: number }[]>(
    `select count(*)::int as count from schedule.trigger_evaluation
      where trigger_id = $1 and id > $2 and created_at > now() - interval '1 minute' and outcome <> 'refused'`,
    [triggerId, uuidV7({ msecs: Date.now() - 120_000 })],
  );
  return row?.count ?? 0;
};

interface EvaluationRow {
  id: string;
  trigger_id: string;
  event_key: string;
  event_type: string;
  event_at: Date;
  outcome: EvaluationOutcome;
  reason: string | null;
  message: string | null;
  excerpt: string;
  depth: number;
  instance_id: string | null;
  created_at: Date;
  finished_at: Date | null;
}

const toEvaluationView = (row: EvaluationRow): EvaluationView => ({
  id: row.id,
  triggerId: row.trigger_id,
  eventId: row.event_key,
  eventType: row.event_type,
  eventAt: row.event_at.toISOString(),
  outcome: row.outcome,
  reason: row.reason,
  message: row.message,
  excerpt: row.excerpt,
  depth: row.depth,
  instanceId: row.instance_id,
  createdAt: row.created_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
});

/** Which evaluations of a trigger. */
export interface EvaluationFilter {
  readonly triggerId: string;
  readonly outcome?: EvaluationOutcome | undefined;
  readonly instanceId?: string | undefined;
}

/** What a trigger decided, newest first. Throws `InvalidCursor`. */
export const listEvaluations = async (pool: Pool, filter: EvaluationFilter, page: PageRequest): Promise<Page<EvaluationView>> => {
  const where = new Conditions();
  where.equal('e.trigger_id', filter.triggerId);
  where.equal('e.outcome', filter.outcome);
  where.equal('e.instance_id', filter.instanceId);
  if (page.cursor !== undefined) where.and(`e.id < ${where.value(decodeCursor(page.cursor, [UUID])[0])}::uuid`);
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<EvaluationRow>(
    `select e.id, e.trigger_id, e.event_key, e.event_type, e.event_at, e.outcome, e.reason, e.message, e.excerpt, e.depth, e.instance_id,
        e.created_at, e.finished_at
      from schedule.trigger_evaluation e${where} order by e.id desc limit ${limit}`,
    where.values,
  );
  return toPage(rows, page.limit, toEvaluationView, (row) => [row.id]);
};
