import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first schema. SQL stands in TypeScript so that a bundled service carries it along. */
export class Init1795370000000 implements MigrationInterface {
  readonly name = 'Init1795370000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
-- People and their tokens -------------------------------------------------------------------------------------------
create schema access;

create table access.user_account (
  id uuid primary key,
  user_name text not null,
  email text,
  phone text,
  display_name text not null default '',
  -- argon2id: parameters, salt and hash in PHC notation
  password_hash text not null,
  administrator boolean not null default false,
  enabled boolean not null default true,
  locale text not null default 'en' check (locale in ('en', 'zh')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index user_account_user_name on access.user_account (lower(user_name));
create unique index user_account_email on access.user_account (lower(email)) where email is not null;
create unique index user_account_phone on access.user_account (phone) where phone is not null;

create table access.api_token (
  id uuid primary key,
  user_id uuid not null references access.user_account (id) on delete restrict,
  name text not null,
  -- SHA-256 of the token; the token itself is shown once
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_token_user on access.api_token (user_id);

-- Definitions -------------------------------------------------------------------------------------------------------
create schema definition;

create table definition.process (
  id uuid primary key,
  namespace text not null,
  name text not null,
  -- "process_id" of an imported file of the older format
  legacy_id text,
  description text not null default '',
  labels jsonb not null default '{}',
  latest_version int,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_by text not null,
  updated_at timestamptz not null default now(),
  -- a removed process frees its name (reference E35)
  removed_at timestamptz
);
create unique index process_name on definition.process (namespace, name) where removed_at is null;
create unique index process_legacy_id on definition.process (namespace, legacy_id) where removed_at is null and legacy_id is not null;

create table definition.process_version (
  id uuid primary key,
  process_id uuid not null references definition.process (id) on delete restrict,
  number int not null check (number > 0),
  status text not null default 'published' check (status in ('published', 'offline')),
  -- the checked document; a run never changes version
  document jsonb not null,
  source text not null,
  source_format text not null check (source_format in ('yaml', 'json', 'legacy-yaml', 'legacy-json')),
  -- SHA-256 of the canonical document: the same content again answers with the same version
  digest bytea not null,
  description text not null default '',
  created_by text not null,
  created_at timestamptz not null default now(),
  unique (process_id, number)
);

create table definition.process_draft (
  process_id uuid primary key references definition.process (id) on delete restrict,
  source text not null,
  source_format text not null check (source_format in ('yaml', 'json', 'legacy-yaml', 'legacy-json')),
  -- what is wrong with it now, as shown; empty when it could be published
  problems jsonb not null default '[]',
  etag text not null,
  updated_by text not null,
  updated_at timestamptz not null default now()
);

-- Runs --------------------------------------------------------------------------------------------------------------
-- Partitioned by range of the run's UUIDv7 (its start): keys begin with it, no foreign keys among these tables.
create schema runtime;

create table runtime.process_instance (
  id uuid not null,
  namespace text not null,
  process_id uuid not null,
  -- a version that has run cannot be deleted
  process_version_id uuid not null references definition.process_version (id) on delete restrict,
  process_name text not null,
  process_version int not null,
  number bigint not null,
  status text not null check (status in ('PENDING', 'RUNNING', 'PAUSED', 'SUCCESS', 'FAILURE', 'STOP')),
  phase text not null check (phase in ('queued', 'setup', 'body', 'stopping', 'teardown', 'done')),
  generation int not null default 1,
  -- version of the row, gapless: number of its newest history row
  seq bigint not null default 0,
  started_by text not null,
  origin text not null,
  logical_time timestamptz not null,
  params jsonb not null,
  variables jsonb not null,
  outputs jsonb,
  error jsonb,
  state jsonb not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  deadline_at timestamptz,
  primary key (id)
) partition by range (id);
create index process_instance_active on runtime.process_instance (id) where status in ('PENDING', 'RUNNING', 'PAUSED');
create index process_instance_status on runtime.process_instance (status, id);
create index process_instance_process on runtime.process_instance (process_id, id);
create index process_instance_process_status on runtime.process_instance (process_id, status, id);
create index process_instance_namespace on runtime.process_instance (namespace, id);
-- due process time-outs, and runs that ended lately (the sweeper of facts)
create index process_instance_deadline on runtime.process_instance (deadline_at)
  where deadline_at is not null and status in ('PENDING', 'RUNNING', 'PAUSED');
create index process_instance_finished on runtime.process_instance (finished_at) where finished_at is not null;

create table runtime.task_instance (
  process_instance_id uuid not null,
  id uuid not null,
  node_id text not null,
  kind text not null check (kind in ('node', 'callback')),
  type text not null,
  uses text,
  path text not null,
  scope int not null,
  parent_id uuid,
  visit int not null,
  item_index int,
  status text not null check (status in ('PENDING', 'RUNNING', 'WAITING', 'RETRY', 'SUCCESS', 'FAILURE', 'SKIP', 'STOP')),
  reason text,
  skip_reason text,
  failed boolean not null default false,
  attempt int not null,
  dispatch int not null,
  queue text,
  worker text,
  session_id uuid,
  token text,
  input jsonb,
  -- what the task message says: limit of an attempt, and the shared folder ("workspace: run")
  timeout_ms bigint,
  workspace text,
  result jsonb,
  error jsonb,
  log_chunks int,
  created_at timestamptz not null default now(),
  ready_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  deadline_at timestamptz,
  primary key (process_instance_id, id)
) partition by range (process_instance_id);
create index task_instance_pending on runtime.task_instance (queue, ready_at) where status = 'PENDING';
create index task_instance_running on runtime.task_instance (session_id) where status = 'RUNNING';
-- due deadlines: queueTimeout, the backstop of a running task, a container's own time-out
create index task_instance_deadline on runtime.task_instance (deadline_at)
  where deadline_at is not null and status in ('PENDING', 'RUNNING', 'WAITING', 'RETRY');

-- what people look for among many runs; a task that succeeds never touches it
create index task_instance_trouble on runtime.task_instance (status, process_instance_id, id)
  where status in ('WAITING', 'RETRY', 'FAILURE', 'STOP');

create table runtime.task_attempt (
  process_instance_id uuid not null,
  task_instance_id uuid not null,
  attempt int not null,
  worker text,
  error jsonb not null,
  result jsonb,
  log_chunks int,
  started_at timestamptz,
  finished_at timestamptz not null,
  primary key (process_instance_id, task_instance_id, attempt)
) partition by range (process_instance_id);

create table runtime.history (
  process_instance_id uuid not null,
  seq bigint not null,
  at timestamptz not null,
  facts jsonb not null,
  primary key (process_instance_id, seq)
) partition by range (process_instance_id);

create table runtime.log_chunk (
  process_instance_id uuid not null,
  task_instance_id uuid not null,
  attempt int not null,
  chunk int not null,
  -- [{ at, level, text }]
  lines jsonb not null,
  -- readers follow a run in this order, and never past a transaction that is still open: nothing appears behind their cursor
  saved_in xid8 not null default pg_current_xact_id(),
  saved_at timestamptz not null default now(),
  primary key (process_instance_id, task_instance_id, attempt, chunk)
) partition by range (process_instance_id);

create index log_chunk_saved on runtime.log_chunk (process_instance_id, saved_in);

create table runtime.timer (
  process_instance_id uuid not null,
  id uuid not null,
  kind text not null,
  task_instance_id uuid,
  due_at timestamptz not null,
  primary key (process_instance_id, id)
);
create index timer_due on runtime.timer (due_at);

create table runtime.process_counter (
  process_id uuid primary key,
  last_number bigint not null
);

-- Answers of changing requests, kept longer than anyone repeats them.
create table runtime.operation (
  key text primary key,
  request_hash bytea not null,
  process_instance_id uuid,
  answer jsonb not null,
  created_at timestamptz not null default now()
);
create index operation_created on runtime.operation (created_at);

create table runtime.worker_session (
  id uuid primary key,
  worker text not null,
  version text not null,
  queues text[] not null,
  slots int not null,
  busy int not null,
  draining boolean not null,
  task_types jsonb not null default '[]',
  started_at timestamptz not null,
  seen_at timestamptz not null
);
create index worker_session_seen on runtime.worker_session (seen_at);

-- Events that could not be applied: held with their run's later events until a person decides.
create table runtime.parked_event (
  id uuid primary key,
  process_instance_id uuid not null,
  subject text not null,
  payload bytea not null,
  error text not null,
  deliveries int not null,
  parked_at timestamptz not null default now()
);
create index parked_event_instance on runtime.parked_event (process_instance_id);

-- Partitions: one a month, from the month before now to three months ahead, and a default that should stay empty.
create function runtime.uuid_v7_floor(moment timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

-- Months whose rows lie in the default partition already are left there: a warning, not a platform that stands still.
create function runtime.ensure_partitions(months_ahead int default 3) returns void language plpgsql set timezone = 'UTC' as $$
declare
  parent text;
  partition text;
  month timestamptz;
begin
  foreach parent in array array['process_instance', 'task_instance', 'task_attempt', 'history', 'log_chunk'] loop
    for month in select generate_series(date_trunc('month', now()) - interval '1 month',
                                        date_trunc('month', now()) + make_interval(months => months_ahead), interval '1 month') loop
      partition := parent || '_' || to_char(month, 'YYYYMM');
      continue when to_regclass('runtime.' || partition) is not null;
      begin
        execute format('create table if not exists runtime.%I partition of runtime.%I for values from (%L) to (%L)',
          partition, parent, runtime.uuid_v7_floor(month), runtime.uuid_v7_floor(month + interval '1 month'));
      exception when check_violation then
        raise warning 'runtime.% cannot be made: its rows lie in the default partition', partition;
      end;
    end loop;
    continue when to_regclass('runtime.' || parent || '_default') is not null;
    execute format('create table if not exists runtime.%I partition of runtime.%I default', parent || '_default', parent);
  end loop;
end $$;
select runtime.ensure_partitions();

-- The platform itself -----------------------------------------------------------------------------------------------
create schema system;

-- Services that are up: how the gateway finds executors, and what an upgrade waits for.
create table system.service_node (
  id uuid primary key,
  role text not null,
  -- host:port of its gRPC door, when it has one
  address text,
  version text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null
);
create index service_node_role on system.service_node (role, seen_at);

create table system.parameter (
  name text primary key,
  value jsonb not null,
  description text not null default ''
);
insert into system.parameter (name, value, description) values
  ('task_timeout', '"1h"', 'Limit of a task that has none of its own'),
  ('process_timeout', '"24h"', 'Limit of a process that has none of its own'),
  ('grace', '"10s"', 'From TERM to KILL when a task is stopped'),
  ('teardown_timeout', '"10m"', 'Limit of a teardown from its start'),
  ('callback_timeout', '"5m"', 'Limit of each callback');
`;
