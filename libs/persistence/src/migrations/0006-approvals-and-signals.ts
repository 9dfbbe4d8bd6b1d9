import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Approvals can be found; signals and the waits for them have tables in which the two meet. */
export class ApprovalsAndSignals1795410000000 implements MigrationInterface {
  readonly name = 'ApprovalsAndSignals1795410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
create index task_instance_approval on runtime.task_instance (status, process_instance_id, id) where type = 'approval';

-- Something that happened elsewhere, for one wait. Its id is in the order of sending.
create table runtime.signal (
  id uuid primary key,
  namespace text not null,
  name text not null,
  key text not null,
  payload jsonb not null,
  sender text not null,
  -- the sender's operation id: the same signal sent again is the same row
  sender_key text not null unique,
  sent_at timestamptz not null default now(),
  -- the wait it is meant for, from the moment at which the two met
  process_instance_id uuid,
  task_instance_id uuid,
  attempt int,
  taken_at timestamptz
);
create index signal_free on runtime.signal (namespace, name, key, id) where process_instance_id is null;
create index signal_sent on runtime.signal (sent_at);

-- An execution that waits for a signal; gone when it waits no longer.
create table runtime.signal_wait (
  process_instance_id uuid not null,
  task_instance_id uuid not null,
  attempt int not null,
  namespace text not null,
  name text not null,
  key text not null,
  waiting_since timestamptz not null default now(),
  -- the signal that is on its way to it
  signal_id uuid,
  met_at timestamptz,
  primary key (process_instance_id, task_instance_id, attempt)
);
create index signal_wait_open on runtime.signal_wait (namespace, name, key, waiting_since, task_instance_id) where signal_id is null;
create index signal_wait_met on runtime.signal_wait (met_at) where signal_id is not null;
`;
