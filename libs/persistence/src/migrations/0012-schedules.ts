import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schedules, their calendars, and the ledger of their slots. */
export class Schedules1795470000000 implements MigrationInterface {
  readonly name = 'Schedules1795470000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
create schema schedule;

-- Days on which schedules do not fire.
create table schedule.calendar (
  namespace text not null,
  name text not null,
  description text not null default '',
  content jsonb not null,
  updated_by text not null,
  updated_at timestamptz not null default now(),
  primary key (namespace, name)
);

create table schedule.schedule (
  id uuid primary key,
  namespace text not null,
  name text not null,
  description text not null default '',
  process_id uuid not null references definition.process (id) on delete restrict,
  -- null: the latest published version at each start
  process_version int,
  plan jsonb not null,
  params jsonb not null,
  overlap text not null check (overlap in ('skip', 'buffer_one', 'buffer_all', 'cancel_other', 'terminate_other', 'allow_all', 'allow')),
  overlap_limit int not null,
  missed text not null check (missed in ('none', 'last', 'all')),
  catch_up text not null,
  -- groups of which somebody must confirm each slot; null: nobody has to
  confirm_groups text[],
  callbacks jsonb not null,
  pause_on_failure boolean not null,
  -- starts that are left; null: no end of them
  remaining int,
  state text not null check (state in ('active', 'paused', 'ended', 'removed')),
  note text not null default '',
  state_by text not null,
  state_at timestamptz not null,
  -- the first slot that the ledger does not have, and when it fires; null: there is none
  next_slot_at timestamptz,
  next_due_at timestamptz,
  -- counts changes, so that nobody fires by an older plan
  revision int not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_by text not null,
  updated_at timestamptz not null default now()
);
create unique index schedule_name on schedule.schedule (namespace, name) where state <> 'removed';
create index schedule_due on schedule.schedule (next_due_at) where state = 'active' and next_due_at is not null;
create index schedule_process on schedule.schedule (process_id) where state <> 'removed';

create table schedule.backfill (
  id uuid primary key,
  schedule_id uuid not null references schedule.schedule (id) on delete restrict,
  from_at timestamptz not null,
  until_at timestamptz not null,
  reprocess text not null check (reprocess in ('none', 'failed', 'completed')),
  max_active int not null,
  reverse boolean not null,
  -- what it runs, in this order, and how many of them it has come to
  slots timestamptz[] not null,
  begun int not null default 0,
  state text not null check (state in ('running', 'done', 'cancelled')),
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index backfill_running on schedule.backfill (id) where state = 'running';
create index backfill_schedule on schedule.backfill (schedule_id, created_at);

-- The fire ledger: one row a slot, written once it is due, with what became of it and why.
create table schedule.slot (
  id uuid primary key,
  schedule_id uuid not null references schedule.schedule (id) on delete restrict,
  -- 'schedule', 'backfill:<id>' or 'manual:<id>'
  series text not null,
  slot_at timestamptz not null,
  -- not null: the row stands for all slots before this one, too
  slot_until timestamptz,
  due_at timestamptz not null,
  status text not null check (status in
    ('confirming', 'confirmed', 'waiting', 'starting', 'running', 'succeeded', 'failed', 'stopped', 'skipped', 'refused')),
  reason text,
  message text,
  -- what its run is started with; null once it has started, or will not
  params jsonb,
  instance_id uuid,
  -- not before this somebody may (again) start its run
  retry_at timestamptz,
  -- how its run is to be stopped for a later slot: 'stop' or 'force'
  stop text check (stop in ('stop', 'force')),
  -- not before this the callbacks are to be told; null: they know, or there are none
  tell_at timestamptz,
  decided_by text,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  unique (schedule_id, series, slot_at)
);
create index slot_starting on schedule.slot (retry_at) where status = 'starting';
create index slot_running on schedule.slot (instance_id) where status = 'running';
create index slot_open on schedule.slot (schedule_id, slot_at) where status in ('confirming', 'confirmed', 'waiting', 'starting', 'running');
create index slot_confirmed on schedule.slot (id) where status = 'confirmed';
create index slot_confirming on schedule.slot (due_at) where status = 'confirming';
create index slot_waiting on schedule.slot (schedule_id, slot_at) where status = 'waiting';
create index slot_to_stop on schedule.slot (id) where stop is not null;
create index slot_to_tell on schedule.slot (tell_at) where tell_at is not null;
create index slot_instance on schedule.slot (instance_id) where instance_id is not null;
create index slot_ledger on schedule.slot (schedule_id, slot_at, id);
create index slot_created on schedule.slot (created_at);

update runtime.process_instance set origin = case origin when 'cli' then 'manual' when 'restart' then 'rerun' else 'api' end
  where origin in ('cli', 'http', 'grpc', 'restart');
`;
