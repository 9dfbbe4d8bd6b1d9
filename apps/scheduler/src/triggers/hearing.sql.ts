import type { EventRule, JsonObject, TriggerKind, WebhookSignature } from '@orderlines/contracts';
import type { Pool, PoolClient } from 'pg';

/** A trigger as its row says it. */
export interface StoredTrigger {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly kind: TriggerKind;
  readonly filter: string;
  readonly params: JsonObject;
  readonly rule: EventRule | { readonly signature: WebhookSignature };
  readonly revision: number;
  readonly maxPerMinute: number;
  /** Events before this are none of its. */
  readonly activeSince: Date;
}

/** Columns of a trigger `t`. */
export const TRIGGER_COLUMNS = `t.id, t.namespace, t.name, t.kind, t.filter, t.params, t.rule, t.revision,
  t.max_per_minute as "maxPerMinute", t.active_since as "activeSince"`;

/** Triggers that hear events of these namespaces. */
export const readHearing = async (client: PoolClient, namespaces: readonly string[]): Promise<StoredTrigger[]> => {
  const { rows } = await client.query<StoredTrigger>({
    name: 'read-hearing-triggers',
    text: `select ${TRIGGER_COLUMNS} from schedule.trigger t
      where t.kind = 'event' and t.enabled and t.removed_at is null and t.namespace = any($1::text[]) order by t.id`,
    values: [namespaces],
  });
  return rows;
};

/** Since when some trigger hears events; null: none does. */
export const readHearingSince = async (pool: Pool): Promise<Date | null> => {
  const { rows } = await pool.query<{ since: Date | null }>({
    name: 'read-hearing-since',
    text: `select min(active_since) as since from schedule.trigger where kind = 'event' and enabled and removed_at is null`,
  });
  return rows[0]?.since ?? null;
};

/** Holds triggers until the transaction ends, in one order for all: what they wait for is changed by one scheduler at a time. */
export const holdTriggers = async (client: PoolClient, ids: readonly string[]): Promise<void> => {
  await client.query({
    name: 'hold-triggers',
    text: 'select from schedule.trigger where id = any($1::uuid[]) order by id for no key update',
    values: [ids],
  });
};

/** Starts of the last minute by trigger. */
export const readStartsOfMinute = async (client: PoolClient, ids: readonly string[], now: number): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await client.query<{ id: string; starts: number }>({
    name: 'starts-of-minute',
    text: `select trigger_id as id, count(*)::int as starts from schedule.trigger_evaluation
      where trigger_id = any($1::uuid[]) and created_at > $2 and outcome in ('starting', 'started') group by trigger_id`,
    values: [ids, new Date(now - 60_000)],
  });
  return new Map(rows.map(({ id, starts }) => [id, starts]));
};

/** How many runs that triggers started led to each of these runs, its parents' included; a run that is not there has none behind it. */
export const readDepths = async (client: PoolClient, instanceIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  if (instanceIds.length === 0) return new Map();
  const { rows } = await client.query<{ id: string; depth: number }>({
    name: 'read-trigger-depths',
    // A run may end before the row of its start is settled: the executor's answer is known all the same.
    text: `with recursive line as (
        select i.id as leaf, i.id, i.parent_id from runtime.process_instance i where i.id = any($1::uuid[])
        union all
        select l.leaf, p.id, p.parent_id from line l join runtime.process_instance p on p.id = l.parent_id),
      started as (
        select e.instance_id as id, e.depth from schedule.trigger_evaluation e where e.instance_id in (select id from line)
        union all
        select o.process_instance_id, e.depth from schedule.trigger_evaluation e join runtime.operation o on o.key = 'trigger:' || e.id
          where e.outcome = 'starting' and o.process_instance_id in (select id from line))
      select l.leaf as id, max(s.depth)::int + 1 as depth from line l join started s on s.id = l.id group by l.leaf`,
    values: [instanceIds],
  });
  return new Map(rows.map(({ id, depth }) => [id, depth]));
};
