import type { BenchSystem } from './bench-system.js';

/** Days over which the old runs began; their months' partitions exist. */
const DAYS = 25;
const AT_A_TIME = 100_000;

/** Puts finished runs into the tables as retention would find them: each with one task and its history. */
export const fillWithOldRuns = async ({ database }: BenchSystem, process: string, runs: number): Promise<void> => {
  for (let from = 0; from < runs; from += AT_A_TIME) {
    await database.query(RUNS_SQL, [process, from, Math.min(from + AT_A_TIME, runs), runs, DAYS]);
  }
  await database.query('analyze runtime.process_instance, runtime.task_instance, runtime.history');
};

/** A UUIDv7 of a moment: its milliseconds, then a number that tells runs of one moment apart. */
const RUNS_SQL = `
with made as (
  select i, at, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex(i), 15, '0'))::uuid as id
  from generate_series($2::int, $3::int - 1) as i, lateral (select now() - make_interval(days => $5) * (1 - i::float8 / $4)) as moments (at)
), runs as (
  insert into runtime.process_instance (id, namespace, process_id, process_version_id, process_name, process_version, number, status, phase, seq,
    started_by, origin, logical_time, params, variables, state, created_at, started_at, finished_at)
  select m.id, p.namespace, p.id, v.id, p.name, 1, 1000000 + m.i, case when m.i % 20 = 0 then 'FAILURE' else 'SUCCESS' end, 'done', 3,
    'admin', 'schedule', m.at, '{}', '{}', '{"format":1}', m.at, m.at, m.at + interval '3 seconds'
  from made m, definition.process p join definition.process_version v on v.process_id = p.id and v.number = 1 where p.id = $1
), tasks as (
  insert into runtime.task_instance (process_instance_id, id, node_id, kind, type, uses, path, scope, visit, status, attempt, dispatch, result,
    created_at, started_at, finished_at)
  select id, id, 'step_1', 'node', 'task', 'math', 'step_1', 0, 1, case when i % 20 = 0 then 'FAILURE' else 'SUCCESS' end, 1, 1,
    '{"add_value":1}', at, at, at + interval '2 seconds' from made
)
insert into runtime.history (process_instance_id, seq, at, facts)
select id, seq, at, '[]' from made, generate_series(1, 3) as seq`;
