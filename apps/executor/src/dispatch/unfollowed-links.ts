import type { Pool } from 'pg';
import type { Statement } from '../store/batch-session.js';
import type { Link, LinkMessages } from './link-messages.js';
import type { OutboxPredicate } from './sweeper.js';

/** Rows read at a time. */
const LIMIT = 1_000;
const NOT_PARKED = `not exists (select from runtime.parked_event e where e.process_instance_id in (p.id, c.id))`;

/** A `process` node waits: its run has to begin, has ended, or does not do what the parent does. */
export const WAITING: Statement = {
  name: 'waiting-for-child',
  text: `select p.id as "parentId", t.id as "taskInstanceId", (t.waits_for->>'instanceId')::uuid as "instanceId", p.seq::float8 as seq
  from runtime.task_instance t
  join runtime.process_instance p on p.id = t.process_instance_id
  left join runtime.process_instance c on c.id = (t.waits_for->>'instanceId')::uuid
  where t.type = 'process' and t.status = 'WAITING' and t.waits_for->>'kind' = 'child' and ${NOT_PARKED}
    and case
      when c.id is null then t.reason is not null or p.status = 'RUNNING'
      when c.phase = 'done' or not c.parent_waits then true
      when t.reason is not null then c.phase in ('queued', 'setup', 'body')
      when c.phase in ('stopping', 'teardown') then false
      when p.status = 'PAUSED' then c.status = 'RUNNING'
      else c.status = 'PAUSED' and c.waits_for->>'by' = 'run ' || p.id
    end
  limit ${LIMIT}`,
};

/** A run goes on although its parent has given it up. */
export const GIVEN_UP: Statement = {
  name: 'given-up-child',
  text: `select p.id as "parentId", c.parent_task_instance_id as "taskInstanceId", c.id as "instanceId", p.seq::float8 as seq
  from runtime.process_instance c
  join runtime.process_instance p on p.id = c.parent_id
  left join runtime.task_instance t on t.process_instance_id = c.parent_id and t.id = c.parent_task_instance_id
  where c.parent_waits and c.status in ('PENDING', 'RUNNING', 'PAUSED') and ${NOT_PARKED}
    and (t.status <> 'WAITING' or t.waits_for->>'instanceId' is distinct from c.id::text)
    and (c.phase in ('queued', 'setup', 'body') or p.error->>'code' = 'stop.forced')
  limit ${LIMIT}`,
};

/** `child` and `parent`: between a run and the one that asked for it, something is not done yet. */
export class UnfollowedLinks implements OutboxPredicate {
  readonly name = 'child and parent';

  constructor(
    private readonly pool: Pool,
    private readonly links: LinkMessages,
  ) {}

  async repeat(): Promise<void> {
    const found = await Promise.all([this.pool.query<Omit<Link, 'from'>>(WAITING), this.pool.query<Omit<Link, 'from'>>(GIVEN_UP)]);
    await Promise.all(found.flatMap(({ rows }) => rows.map((link) => this.links.tell({ ...link, from: 'parent' }))));
  }
}
