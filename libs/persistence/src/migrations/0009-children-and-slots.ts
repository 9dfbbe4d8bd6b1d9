import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that other runs have started, and runs that take turns under a key. */
export class ChildrenAndSlots1795440000000 implements MigrationInterface {
  readonly name = 'ChildrenAndSlots1795440000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
-- the run that started this one, and which execution of it; ancestors are ids, the root first
alter table runtime.process_instance
  add column parent_id uuid,
  add column parent_task_instance_id uuid,
  add column parent_waits boolean not null default false,
  add column ancestors jsonb not null default '[]';
create index process_instance_parent on runtime.process_instance (parent_id, id) where parent_id is not null;
-- children that their parent may have to stop (the sweeper)
create index process_instance_child on runtime.process_instance (id)
  where parent_waits and status in ('PENDING', 'RUNNING', 'PAUSED');
create index task_instance_child on runtime.task_instance (process_instance_id, id) where type = 'process' and status = 'WAITING';

-- "concurrency": what the run takes turns under
alter table runtime.process_instance
  add column slot_key text,
  add column slot_limit int,
  add column slot_policy text;
create index process_instance_slot on runtime.process_instance (namespace, slot_key, id)
  where slot_key is not null and status in ('PENDING', 'RUNNING', 'PAUSED');
`;
