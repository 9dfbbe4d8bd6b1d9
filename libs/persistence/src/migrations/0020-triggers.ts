import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Triggers, what came of their events, what they wait for, and events that somebody published. */
export class Triggers1795550000000 implements MigrationInterface {
  readonly name = 'Triggers1795550000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
create table schedule.trigger (
  id uuid primary key,
  namespace text not null,
  name text not null,
  description text not null default '',
  labels jsonb not null,
  kind text not null check (kind in ('webhook', 'event')),
  process_id uuid not null references definition.process (id) on delete restrict,
  -- null: the latest published version at each start
  process_version int,
  filter text not null,
  params jsonb not null,
  max_per_minute int not null,
  -- what it hears, by its kind: how requests are signed, or types with debounce and absence
  rule jsonb not null,
  -- SHA-256 of the token in the address of a webhook, and its first characters
  token_hash bytea,
  token_hint text,
  enabled boolean not null,
  note text not null default '',
  state_by text not null,
  state_at timestamptz not null default now(),
  -- events before this are none of its
  active_since timestamptz not null default now(),
  -- counts changes, so that nobody decides by older settings
  revision int not null default 1,
  removed_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_by text not null,
  updated_at timestamptz not null default now()
);
create unique index trigger_name on schedule.trigger (namespace, name) where removed_at is null;
create unique index trigger_token on schedule.trigger (token_hash) where removed_at is null;
create index trigger_hears on schedule.trigger (namespace) where kind = 'event' and enabled and removed_at is null;
create index trigger_process on schedule.trigger (process_id) where removed_at is null;

-- What came of an event at a trigger: one row, whoever tells of the event how often.
create table schedule.trigger_evaluation (
  id uuid primary key,
  trigger_id uuid not null references schedule.trigger (id) on delete restrict,
  -- source and id of the event, or the id of the delivery
  event_key text not null,
  event_type text not null,
  event_at timestamptz not null,
  -- the event while nobody has judged it; null from then on
  event jsonb,
  -- its beginning, without secrets
  excerpt text not null,
  outcome text not null check (outcome in
    ('received', 'starting', 'started', 'filtered', 'debounced', 'noted', 'refused', 'failed', 'duplicate')),
  reason text,
  message text,
  -- value of the expression that says which events belong together
  correlation text not null default '',
  -- how many runs that triggers started led to it
  depth int not null default 0,
  -- what its run is started with; null once it has started
  params jsonb,
  -- not before this somebody may (again) start its run
  retry_at timestamptz,
  instance_id uuid,
  created_at timestamptz not null,
  finished_at timestamptz,
  unique (trigger_id, event_key)
);
create index evaluation_received on schedule.trigger_evaluation (id) where outcome = 'received';
create index evaluation_starting on schedule.trigger_evaluation (retry_at) where outcome = 'starting';
create index evaluation_instance on schedule.trigger_evaluation (instance_id) where instance_id is not null;
create index evaluation_list on schedule.trigger_evaluation (trigger_id, id);
create index evaluation_noted on schedule.trigger_evaluation (trigger_id, correlation, event_at) where outcome = 'noted';
create index evaluation_created on schedule.trigger_evaluation (created_at);

-- What a trigger waits for: the end of a quiet time, or that something does not happen.
create table schedule.trigger_timer (
  trigger_id uuid not null references schedule.trigger (id) on delete cascade,
  -- value of the expression that says which events belong together
  key text not null,
  -- when the waiting began
  since timestamptz not null,
  due_at timestamptz not null,
  -- what the start will be given
  events jsonb not null,
  depth int not null default 0,
  primary key (trigger_id, key)
);
create index trigger_timer_due on schedule.trigger_timer (due_at);

-- Events that are to be published, or were: schedulers send them to the stream EVENTS.
create table schedule.event (
  id uuid primary key,
  namespace text not null,
  type text not null,
  source text not null,
  event_id text not null,
  event jsonb not null,
  published_by text not null,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  unique (namespace, source, event_id)
);
create index event_unpublished on schedule.event (id) where published_at is null;
create index event_list on schedule.event (namespace, id);
create index event_created on schedule.event (created_at);
`;
