import type { Json, JsonObject } from '@orderlines/contracts';
import { excerptOf } from '@orderlines/persistence/postgres';
import type { Pool, PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { Verdict } from './verdict.js';
import { TRIGGER_COLUMNS, type StoredTrigger } from './hearing.sql.js';

/** An evaluation as it is to be written. */
export interface EvaluationWrite {
  readonly triggerId: string;
  /** The same key of the same trigger is the same evaluation. */
  readonly key: string;
  readonly type: string;
  readonly at: Date;
  readonly event: Json;
  readonly correlation: string;
  readonly depth: number;
  readonly verdict: Verdict;
}

/** Writes evaluations; gives the positions of those that nobody has written before. */
export const insertEvaluations = async (
  client: PoolClient,
  writes: readonly EvaluationWrite[],
  now: number,
): Promise<ReadonlySet<number>> => {
  if (writes.length === 0) return new Set();
  const rows = writes.map(({ triggerId, key, type, at, event, correlation, depth, verdict }) => ({
    id: uuidV7({ msecs: now }),
    trigger_id: triggerId,
    event_key: key,
    event_type: type,
    event_at: at.toISOString(),
    excerpt: excerptOf(event),
    outcome: verdict.outcome,
    reason: verdict.reason ?? null,
    message: verdict.message ?? null,
    correlation,
    depth,
    params: verdict.params ?? null,
  }));
  const { rows: inserted } = await client.query<{ id: string }>({
    name: 'insert-evaluations',
    text: `insert into schedule.trigger_evaluation (id, trigger_id, event_key, event_type, event_at, excerpt, outcome, reason, message,
        correlation, depth, params, retry_at, created_at, finished_at)
      select n.id, n.trigger_id, n.event_key, n.event_type, n.event_at, n.excerpt, n.outcome, n.reason, n.message, n.correlation, n.depth,
        n.params, case when n.outcome = 'starting' then $2::timestamptz end, $2, case when n.outcome <> 'starting' then $2::timestamptz end
      from jsonb_to_recordset($1::jsonb) as n (id uuid, trigger_id uuid, event_key text, event_type text, event_at timestamptz, excerpt text,
        outcome text, reason text, message text, correlation text, depth int, params jsonb)
      on conflict (trigger_id, event_key) do nothing returning id`,
    values: [JSON.stringify(rows), new Date(now)],
  });
  const known = new Set(inserted.map(({ id }) => id));
  return new Set(rows.flatMap(({ id }, position) => (known.has(id) ? [position] : [])));
};

/** A request of a webhook that nobody has judged. */
export interface ReceivedRequest {
  readonly evaluationId: string;
  readonly event: JsonObject;
  readonly trigger: StoredTrigger;
  /** False: it was disabled or removed meanwhile. */
  readonly isEnabled: boolean;
}

/** Takes requests that nobody has judged, the oldest first, until the transaction ends. */
export const takeReceived = async (client: PoolClient, limit: number): Promise<ReceivedRequest[]> => {
  const { rows } = await client.query<StoredTrigger & { evaluationId: string; event: JsonObject; isEnabled: boolean }>({
    name: 'take-received',
    text: `select e.id as "evaluationId", e.event, t.enabled as "isEnabled", ${TRIGGER_COLUMNS}
      from schedule.trigger_evaluation e join schedule.trigger t on t.id = e.trigger_id
      where e.outcome = 'received' order by e.id limit $1 for update of e skip locked`,
    values: [limit],
  });
  return rows.map(({ evaluationId, event, isEnabled, ...trigger }) => ({ evaluationId, event, isEnabled, trigger }));
};

/** Writes what came of requests of webhooks; their events are not kept. */
export const settleReceived = async (
  client: PoolClient,
  settled: readonly { readonly id: string; readonly verdict: Verdict }[],
  now: number,
): Promise<void> => {
  if (settled.length === 0) return;
  await client.query({
    name: 'settle-received',
    text: `update schedule.trigger_evaluation e set event = null, outcome = n.outcome, reason = n.reason, message = n.message,
        params = n.params, retry_at = case when n.outcome = 'starting' then $2::timestamptz end,
        finished_at = case when n.outcome <> 'starting' then $2::timestamptz end
      from jsonb_to_recordset($1::jsonb) as n (id uuid, outcome text, reason text, message text, params jsonb) where e.id = n.id`,
    values: [JSON.stringify(settled.map(({ id, verdict }) => ({ id, ...verdict }))), new Date(now)],
  });
};

/** Whether what has to follow an event has been noted already, though it came first here. */
export const hasFollowed = async (client: PoolClient, triggerId: string, key: string, after: Date): Promise<boolean> => {
  const { rowCount } = await client.query({
    name: 'has-followed',
    text: `select from schedule.trigger_evaluation
      where trigger_id = $1 and outcome = 'noted' and reason = 'expected' and correlation = $2 and event_at >= $3 limit 1`,
    values: [triggerId, key, after],
  });
  return rowCount === 1;
};

/** How long it is told what came of an event; longer than the stream of events keeps one, so that none is taken for a new one. */
const KEPT_DAYS = 30;
const ROWS_AT_ONCE = 10_000;

/** Forgets evaluations and published events that are long past, a bounded number at a time; gives whether there may be more. */
export const forgetEvaluations = async (pool: Pool, now: number): Promise<boolean> => {
  const before = new Date(now - KEPT_DAYS * 86_400_000);
  const { rowCount } = await pool.query(
    `delete from schedule.trigger_evaluation where id in (select id from schedule.trigger_evaluation
      where created_at < $1 and finished_at is not null order by created_at limit $2 for update skip locked)`,
    [before, ROWS_AT_ONCE],
  );
  const { rowCount: events } = await pool.query(
    `delete from schedule.event where id in (select id from schedule.event
      where created_at < $1 and published_at is not null order by created_at limit $2 for update skip locked)`,
    [before, ROWS_AT_ONCE],
  );
  return rowCount === ROWS_AT_ONCE || events === ROWS_AT_ONCE;
};
