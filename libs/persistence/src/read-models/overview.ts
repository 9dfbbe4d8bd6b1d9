import type { AlarmKind, Overview, ProcessStatus, RowLimits, TrendStep } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { ALARM_ACKNOWLEDGED, ALARM_KIND } from './alarm-list.js';
import { RUN_ATTRIBUTES } from './attributes.js';
import { Conditions } from './conditions.js';
import { andOfRunsWithin, andWithin } from './row-limits.js';

/** How many steps a trend has. */
const STEPS = { hour: 24, day: 14, week: 12, month: 12 } as const satisfies Record<TrendStep, number>;
const RANKED = 5;
const TASK_TYPES = 6;

/** What is counted: the runs somebody may see, in steps of a zone's days. */
export interface OverviewRequest {
  readonly step: TrendStep;
  readonly zone: string;
  readonly limits: RowLimits;
}

/** What goes on, in numbers. A zone that Postgres does not know is an error of its. */
export const readOverview = async (pool: Pool, request: OverviewRequest): Promise<Overview> => {
  const [steps, active, waitingForPeople, processes, origins, slowest, failing, alarms, alarming, taskTypes] = await Promise.all([
    readTrend(pool, request),
    readActive(pool, request),
    countApprovals(pool, request),
    countProcesses(pool),
    readOrigins(pool, request),
    readSlowest(pool, request),
    readFailing(pool, request),
    readAlarms(pool, request),
    readAlarming(pool, request),
    readTaskTypes(pool, request),
  ]);
  return {
    at: new Date().toISOString(),
    today: await readToday(pool, request),
    active,
    waitingForPeople,
    processes,
    trend: steps,
    origins,
    slowest,
    failing,
    alarms,
    alarming,
    taskTypes,
  };
};

/** Conditions on runs `i` of somebody, begun since a moment; their ids are in the order of their start. */
const runsSince = ({ zone, limits }: OverviewRequest, step: TrendStep, stepsBack: number) => {
  const where = new Conditions();
  const begin = `(date_trunc('${step}', now() at time zone ${where.value(zone)}::text) - interval '${stepsBack} ${step}') at time zone ${where.value(zone)}::text`;
  where.and(`i.created_at >= ${begin}`);
  andWithin(where, limits, RUN_ATTRIBUTES);
  return where;
};

type Counts = Partial<Record<ProcessStatus, number>>;
const toCounts = (rows: readonly { readonly status: ProcessStatus; readonly count: number }[]): Counts =>
  Object.fromEntries(rows.map(({ status, count }) => [status, count]));

const readToday = async (pool: Pool, request: OverviewRequest): Promise<Counts> => {
  const where = runsSince(request, 'day', 0);
  const { rows } = await pool.query<{ status: ProcessStatus; count: number }>(
    `select i.status, count(*)::int as count from runtime.process_instance i${where} group by 1`,
    where.values,
  );
  return toCounts(rows);
};

const readActive = async (pool: Pool, { limits }: OverviewRequest): Promise<Counts> => {
  const where = new Conditions();
  where.and(`i.status in ('PENDING', 'RUNNING', 'PAUSED')`);
  andWithin(where, limits, RUN_ATTRIBUTES);
  const { rows } = await pool.query<{ status: ProcessStatus; count: number }>(
    `select i.status, count(*)::int as count from runtime.process_instance i${where} group by 1`,
    where.values,
  );
  return toCounts(rows);
};

const readTrend = async (pool: Pool, request: OverviewRequest): Promise<Overview['trend']> => {
  const { step, zone } = request;
  const where = runsSince(request, step, STEPS[step] - 1);
  const name = where.value(zone);
  const { rows } = await pool.query<{ begin: Date; status: ProcessStatus | null; count: number }>(
    `with counted as (
       select date_trunc('${step}', i.created_at at time zone ${name}::text) as begin, i.status, count(*)::int as count
         from runtime.process_instance i${where} group by 1, 2)
     select s.begin at time zone ${name}::text as begin, c.status, coalesce(c.count, 0) as count
       from generate_series(date_trunc('${step}', now() at time zone ${name}::text) - interval '${STEPS[step] - 1} ${step}',
         date_trunc('${step}', now() at time zone ${name}::text), interval '1 ${step}') as s (begin)
       left join counted c on c.begin = s.begin order by s.begin`,
    where.values,
  );
  const trend = new Map<string, Counts>();
  for (const { begin, status, count } of rows) {
    const from = begin.toISOString();
    trend.set(from, { ...trend.get(from), ...(status && { [status]: count }) });
  }
  return [...trend].map(([from, counts]) => ({ from, counts }));
};

const readOrigins = async (pool: Pool, request: OverviewRequest): Promise<Overview['origins']> => {
  const where = runsSince(request, request.step, STEPS[request.step] - 1);
  const { rows } = await pool.query<{ origin: string; runs: number }>(
    `select i.origin, count(*)::int as runs from runtime.process_instance i${where} group by 1 order by 2 desc, 1`,
    where.values,
  );
  return rows;
};

const PROCESS = `i.process_id as "processId", max(i.namespace) as namespace, max(i.process_name) as process, count(*)::int as runs`;

const readSlowest = async (pool: Pool, request: OverviewRequest): Promise<Overview['slowest']> => {
  const where = runsSince(request, request.step, STEPS[request.step] - 1);
  where.and(`i.status = 'SUCCESS'`);
  const took = `extract(epoch from i.finished_at - i.started_at)::float8 * 1000`;
  const { rows } = await pool.query<Overview['slowest'][number]>(
    `select ${PROCESS}, avg(${took}) as "averageMs", max(${took}) as "longestMs"
       from runtime.process_instance i${where} group by 1 order by 5 desc limit ${RANKED}`,
    where.values,
  );
  return rows;
};

const readFailing = async (pool: Pool, request: OverviewRequest): Promise<Overview['failing']> => {
  const where = runsSince(request, request.step, STEPS[request.step] - 1);
  const { rows } = await pool.query<Overview['failing'][number]>(
    `select ${PROCESS}, (count(*) filter (where i.status = 'FAILURE'))::int as failed from runtime.process_instance i${where}
      group by 1 having count(*) filter (where i.status = 'FAILURE') > 0 order by 5 desc, 4 desc limit ${RANKED}`,
    where.values,
  );
  return rows;
};

const IS_OPEN_ALARM = `i.status in ('FAILURE', 'STOP') and a.at is null`;

const readAlarms = async (pool: Pool, request: OverviewRequest): Promise<Overview['alarms']> => {
  const where = runsSince(request, request.step, STEPS[request.step] - 1);
  where.and(IS_OPEN_ALARM);
  const { rows } = await pool.query<{ kind: AlarmKind; count: number }>(
    `select ${ALARM_KIND} as kind, count(*)::int as count from runtime.process_instance i ${ALARM_ACKNOWLEDGED}${where} group by 1`,
    where.values,
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
};

const readAlarming = async (pool: Pool, request: OverviewRequest): Promise<Overview['alarming']> => {
  const where = runsSince(request, request.step, STEPS[request.step] - 1);
  const { rows } = await pool.query<Overview['alarming'][number]>(
    `select ${PROCESS}, (count(*) filter (where ${IS_OPEN_ALARM}))::int as alarms
       from runtime.process_instance i ${ALARM_ACKNOWLEDGED}${where}
      group by 1 having count(*) filter (where ${IS_OPEN_ALARM}) > 0 order by 5 desc, 4 desc limit ${RANKED}`,
    where.values,
  );
  return rows;
};

const readTaskTypes = async (pool: Pool, request: OverviewRequest): Promise<Overview['taskTypes']> => {
  const where = runsSince(request, 'day', 0);
  const { rows } = await pool.query<{ type: string; executions: number }>(
    `select coalesce(t.uses, t.type) as type, count(*)::int as executions
       from runtime.process_instance i join runtime.task_instance t on t.process_instance_id = i.id and t.kind = 'node'${where}
      group by 1 order by 2 desc, 1 limit ${TASK_TYPES}`,
    where.values,
  );
  return rows;
};

const countApprovals = async (pool: Pool, { limits }: OverviewRequest): Promise<number> => {
  const where = new Conditions();
  where.and(`t.type = 'approval' and t.status = 'WAITING'`);
  andOfRunsWithin(where, limits, 't.process_instance_id');
  const { rows } = await pool.query<{ count: number }>(`select count(*)::int as count from runtime.task_instance t${where}`, where.values);
  return rows[0]?.count ?? 0;
};

const countProcesses = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from definition.process where removed_at is null');
  return rows[0]?.count ?? 0;
};
