import type { CallingProcess, ReferringSchedule, ReferringTrigger } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import type { Process } from '../entities/index.js';

/** A process as others refer to it. */
export type Referred = Pick<Process, 'id' | 'namespace' | 'name'>;

/** Who refers to a process. */
export interface References {
  readonly schedules: ReferringSchedule[];
  readonly triggers: ReferringTrigger[];
  readonly callers: CallingProcess[];
  readonly unfinishedRuns: number;
}

/** References told of each kind; a process with more is not easier to judge. */
const MAX_REFERENCES = 500;

/** Schedules, triggers, published versions of other processes, and unfinished runs of a process. */
export const findReferences = async (manager: EntityManager, process: Referred): Promise<References> => ({
  // One after another: inside a transaction there is one connection.
  schedules: await schedulesOf(manager, process),
  triggers: await triggersOf(manager, process),
  callers: await callersOf(manager, process),
  unfinishedRuns: await countUnfinishedRuns(manager, process.id),
});

const schedulesOf = (manager: EntityManager, { id, namespace, name }: Referred): Promise<ReferringSchedule[]> =>
  manager.query(
    `select namespace, name, process_version as version, state, process_id <> $1 as callback
      from schedule.schedule
      where state <> 'removed' and (process_id = $1 or exists (
        select from jsonb_array_elements(callbacks) one
        where one->>'process' in ($1::text, $2 || '/' || $3) or (namespace = $2 and one->>'process' = $3)))
      order by namespace, name limit ${MAX_REFERENCES}`,
    [id, namespace, name],
  );

const triggersOf = (manager: EntityManager, { id }: Referred): Promise<ReferringTrigger[]> =>
  manager.query(
    `select namespace, name, process_version as version, enabled from schedule.trigger
      where process_id = $1 and removed_at is null order by namespace, name limit ${MAX_REFERENCES}`,
    [id],
  );

/** Versions that may still be started are looked at, not only the latest ones. */
const callersOf = (manager: EntityManager, { id, namespace, name }: Referred): Promise<CallingProcess[]> =>
  manager.query(
    `select p.namespace, p.name, max(v.number) as version,
        coalesce(array_agg(distinct pin::int order by pin::int) filter (where pin is not null), '{}') as pins
      from definition.process p
      join definition.process_version v on v.process_id = p.id and v.status = 'published'
      left join lateral jsonb_path_query(v.document, '$.** ? (@.type == "process") ? (@.process == $full || @.process == $short).version ? (@.type() == "number")',
        jsonb_build_object('full', $2::text || '/' || $3::text, 'short', case when p.namespace = $2 then $3::text end)) pin on true
      where p.removed_at is null and p.id <> $1 and jsonb_path_exists(v.document,
        '$.** ? (@.type == "process") ? (@.process == $full || @.process == $short)',
        jsonb_build_object('full', $2::text || '/' || $3::text, 'short', case when p.namespace = $2 then $3::text end))
      group by p.namespace, p.name order by p.namespace, p.name limit ${MAX_REFERENCES}`,
    [id, namespace, name],
  );

const countUnfinishedRuns = async (manager: EntityManager, processId: string): Promise<number> => {
  const [row] = await manager.query<{ count: number }[]>(
    `select count(*)::int as count from runtime.process_instance where process_id = $1 and status in ('PENDING', 'RUNNING', 'PAUSED')`,
    [processId],
  );
  return row?.count ?? 0;
};
