import type { EvaluationOutcome, TriggerDetail, TriggerKind, TriggerView } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from '../read-models/conditions.js';
import { ANY_TEXT, decodeCursor, toPage, UUID, type Page, type PageRequest } from '../read-models/page.js';
import { andWithin, type Limited } from '../read-models/row-limits.js';
import { TRIGGER_ATTRIBUTES, TRIGGER_COLUMNS, toTriggerView, type TriggerRow } from './trigger-row.js';

/** Which triggers; removed ones are never listed. */
export interface TriggerFilter extends Limited {
  readonly namespace?: string | undefined;
  /** Any part of the name, whatever its case. */
  readonly name?: string | undefined;
  readonly processId?: string | undefined;
  readonly kind?: TriggerKind | undefined;
  readonly enabled?: boolean | undefined;
}

/** Triggers by namespace and name. Throws `InvalidCursor`. */
export const listTriggers = async (pool: Pool, filter: TriggerFilter, page: PageRequest): Promise<Page<TriggerView>> => {
  const where = new Conditions();
  where.and('t.removed_at is null');
  where.equal('t.namespace', filter.namespace);
  where.equal('t.process_id', filter.processId);
  where.equal('t.kind', filter.kind);
  where.equal('t.enabled', filter.enabled);
  if (filter.name !== undefined) where.and(`strpos(lower(t.name), lower(${where.value(filter.name)})) > 0`);
  andWithin(where, filter.limits, TRIGGER_ATTRIBUTES);
  if (page.cursor !== undefined) {
    const [namespace, name, id] = decodeCursor(page.cursor, [ANY_TEXT, ANY_TEXT, UUID]).map((part) => where.value(part));
    where.and(`(t.namespace, t.name, t.id) > (${namespace}, ${name}, ${id}::uuid)`);
  }
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<TriggerRow>(
    `select ${TRIGGER_COLUMNS} from schedule.trigger t join definition.process p on p.id = t.process_id${where}
      order by t.namespace, t.name, t.id limit ${limit}`,
    where.values,
  );
  return toPage(rows, page.limit, toTriggerView, (row) => [row.namespace, row.name, row.id]);
};

/** How many evaluations of a trigger are kept, by what came of them. */
export const countEvaluations = async (pool: Pool, triggerId: string): Promise<Partial<Record<EvaluationOutcome, number>>> => {
  const { rows } = await pool.query<{ outcome: EvaluationOutcome; count: number }>(
    'select outcome, count(*)::int as count from schedule.trigger_evaluation where trigger_id = $1 group by outcome',
    [triggerId],
  );
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
};

const SHOWN_TIMERS = 100;

/** What a trigger waits for, the next first. */
export const listTimers = async (pool: Pool, triggerId: string): Promise<TriggerDetail['timers']> => {
  const { rows } = await pool.query<{ key: string; due_at: Date; events: number }>(
    `select key, due_at, jsonb_array_length(events) as events from schedule.trigger_timer where trigger_id = $1
      order by due_at limit ${SHOWN_TIMERS}`,
    [triggerId],
  );
  return rows.map(({ key, due_at, events }) => ({ key, dueAt: due_at.toISOString(), events }));
};
