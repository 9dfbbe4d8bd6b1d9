import { ALARM_LEVEL_OF, type AlarmKind, type AlarmView, type Failure } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { RUN_ATTRIBUTES } from './attributes.js';
import { Conditions } from './conditions.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from './page.js';
import { HAS_RAISED } from './raised-tasks.js';
import { andWithin, type Limited } from './row-limits.js';

/** Which alarms. */
export interface AlarmFilter extends Limited {
  readonly instanceId?: string;
  readonly state?: 'open' | 'acknowledged';
  readonly kind?: AlarmKind;
  readonly namespace?: string;
  /** Any part of the name of the process. */
  readonly process?: string;
}

/** What kind of alarm a run `i` is, as text of a query. */
export const ALARM_KIND = `case when i.status = 'STOP' then 'STOP' when i.error ->> 'reason' like 'timeout.%' then 'TIMEOUT' else 'FAILURE' end`;

/** Acknowledgements of a run `i` that mean its last end. */
export const ALARM_ACKNOWLEDGED = `left join runtime.alarm_acknowledgement a on a.process_instance_id = i.id and a.generation = i.generation`;

interface AlarmRow {
  readonly id: string;
  readonly number: number;
  readonly namespace: string;
  readonly process_id: string;
  readonly process_name: string;
  readonly kind: AlarmKind;
  readonly node: string | null;
  readonly error: Failure | null;
  readonly started_by: string;
  readonly finished_at: Date;
  readonly by_user: string | null;
  readonly at: Date | null;
  readonly remark: string | null;
}

/** Runs that ended badly, newer ones first. Throws `InvalidCursor`. */
export const listAlarms = async (pool: Pool, filter: AlarmFilter, page: PageRequest): Promise<Page<AlarmView>> => {
  const where = new Conditions();
  where.and(`i.status in ('FAILURE', 'STOP') and i.finished_at is not null`);
  where.equal('i.id', filter.instanceId);
  where.equal('i.namespace', filter.namespace);
  where.equal(ALARM_KIND, filter.kind);
  if (filter.process !== undefined) where.and(`strpos(lower(i.process_name), lower(${where.value(filter.process)})) > 0`);
  if (filter.state !== undefined) where.and(`a.at is ${filter.state === 'open' ? 'null' : 'not null'}`);
  andWithin(where, filter.limits, RUN_ATTRIBUTES);
  if (page.cursor !== undefined) where.and(`i.id < ${where.value(decodeCursor(page.cursor, [UUID])[0])}`);
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<AlarmRow>(
    `select i.id, i.number, i.namespace, i.process_id, i.process_name, ${ALARM_KIND} as kind, i.error, i.started_by, i.finished_at,
       a.by_user, a.at, a.remark,
       (select t.path from runtime.task_instance t
         where t.process_instance_id = i.id and t.status = 'FAILURE' and ${HAS_RAISED} order by t.id desc limit 1) as node
     from runtime.process_instance i ${ALARM_ACKNOWLEDGED}${where} order by i.id desc limit ${limit}`,
    where.values,
  );
  return toPage(rows, page.limit, toAlarm, (row) => [row.id]);
};

const toAlarm = (row: AlarmRow): AlarmView => ({
  instanceId: row.id,
  number: row.number,
  namespace: row.namespace,
  processId: row.process_id,
  process: row.process_name,
  kind: row.kind,
  level: ALARM_LEVEL_OF[row.kind],
  node: row.node,
  reason: row.error?.reason ?? null,
  message: row.error?.message ?? null,
  startedBy: row.started_by,
  at: row.finished_at.toISOString(),
  state: row.at === null ? 'open' : 'acknowledged',
  acknowledgedBy: row.by_user,
  acknowledgedAt: row.at?.toISOString() ?? null,
  remark: row.remark,
});
