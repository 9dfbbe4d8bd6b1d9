create schema access;
create schema definition;
create schema runtime;
create schema schedule;
create schema system;

create table access.api_token (
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  id uuid not null,
  kind text not null default 'api'::text,
  last_used_at timestamp with time zone,
  name text not null,
  revoked_at timestamp with time zone,
  rules jsonb,
  session_id uuid,
  token_hash bytea not null,
  user_id uuid not null
);
create table access.department (
  created_at timestamp with time zone not null default now(),
  description text not null default ''::text,
  id uuid not null,
  name text not null,
  parent_id uuid,
  updated_at timestamp with time zone not null default now()
);
create table access.group_member (
  group_id uuid not null,
  user_id uuid not null
);
create table access.login_failure (
  count integer not null,
  key text not null,
  kind text not null,
  last_at timestamp with time zone not null default now()
);
create table access.login_session (
  address text not null,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  ended_why text,
  ends_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  id uuid not null,
  last_used_at timestamp with time zone not null default now(),
  method text not null,
  user_agent text not null,
  user_id uuid not null
);
create table access.namespace (
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  description text not null default ''::text,
  max_processes integer,
  max_unfinished_runs integer,
  name text not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null
);
create table access.namespace_default_role (
  namespace text not null,
  role_id uuid not null
);
create table access.oidc_attempt (
  browser_hash bytea not null,
  code_verifier text not null,
  created_at timestamp with time zone not null default now(),
  nonce text not null,
  return_to text not null,
  state text not null
);
create table access.oidc_identity (
  created_at timestamp with time zone not null default now(),
  issuer text not null,
  subject text not null,
  user_id uuid not null
);
create table access.permission_rule (
  action text not null,
  conditions jsonb,
  fields text[],
  group_id uuid,
  inverted boolean not null default false,
  "position" integer not null,
  reason text,
  role_id uuid,
  subject text not null
);
create table access.recovery_code (
  code_hash bytea not null,
  used_at timestamp with time zone,
  user_id uuid not null
);
create table access.refresh_token (
  created_at timestamp with time zone not null default now(),
  session_id uuid not null,
  token_hash bytea not null,
  used_at timestamp with time zone
);
create table access.rights_version (
  single boolean not null default true,
  version bigint not null
);
create table access.role (
  built_in boolean not null default false,
  created_at timestamp with time zone not null default now(),
  description text not null default ''::text,
  id uuid not null,
  name text not null,
  updated_at timestamp with time zone not null default now()
);
create table access.role_assignment (
  group_id uuid,
  namespace text,
  role_id uuid not null,
  user_id uuid
);
create table access.second_factor (
  box bytea not null,
  confirmed_at timestamp with time zone,
  key_id text not null,
  last_step bigint not null default 0,
  user_id uuid not null
);
create table access.user_account (
  administrator boolean not null default false,
  approved boolean not null default true,
  created_at timestamp with time zone not null default now(),
  department_id uuid,
  display_name text not null default ''::text,
  email text,
  email_trusted boolean not null default true,
  enabled boolean not null default true,
  id uuid not null,
  kind text not null default 'person'::text,
  locale text not null default 'en'::text,
  must_change_password boolean not null default false,
  password_hash text not null,
  phone text,
  picture text,
  updated_at timestamp with time zone not null default now(),
  user_name text not null
);
create table access.user_group (
  created_at timestamp with time zone not null default now(),
  description text not null default ''::text,
  id uuid not null,
  name text not null,
  owner_id uuid,
  updated_at timestamp with time zone not null default now()
);
create table access.user_picture (
  bytes bytea not null,
  media_type text not null,
  user_id uuid not null
);
create table definition.process (
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  description text not null default ''::text,
  id uuid not null,
  labels jsonb not null default '{}'::jsonb,
  latest_version integer,
  legacy_id text,
  name text not null,
  namespace text not null,
  removed_at timestamp with time zone,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null
);
create table definition.process_draft (
  etag text not null,
  problems jsonb not null default '[]'::jsonb,
  process_id uuid not null,
  source text not null,
  source_format text not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null
);
create table definition.process_version (
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  description text not null default ''::text,
  digest bytea not null,
  document jsonb not null,
  id uuid not null,
  number integer not null,
  process_id uuid not null,
  source text not null,
  source_format text not null,
  status text not null default 'published'::text
);
create table definition.variable (
  description text not null default ''::text,
  name text not null,
  namespace text not null,
  type text not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null,
  value jsonb not null
);
create table runtime.alarm_acknowledgement (
  at timestamp with time zone not null default now(),
  by_user text not null,
  generation integer not null,
  process_instance_id uuid not null,
  remark text not null
);
create table runtime.history (
  at timestamp with time zone not null,
  facts jsonb not null,
  process_instance_id uuid not null,
  seq bigint not null
) partition by range (process_instance_id);
create table runtime.large_value (
  chunk integer not null,
  data bytea not null,
  process_instance_id uuid not null,
  saved_at timestamp with time zone not null default now(),
  sha256 bytea not null
) partition by range (process_instance_id);
create table runtime.log_chunk (
  attempt integer not null,
  chunk integer not null,
  lines jsonb not null,
  process_instance_id uuid not null,
  saved_at timestamp with time zone not null default now(),
  saved_in xid8 not null default pg_current_xact_id(),
  task_instance_id uuid not null
) partition by range (process_instance_id);
create table runtime.operation (
  answer jsonb not null,
  created_at timestamp with time zone not null default now(),
  key text not null,
  process_instance_id uuid,
  request_hash bytea not null
);
create table runtime.parked_event (
  deliveries integer not null,
  error text not null,
  id uuid not null,
  parked_at timestamp with time zone not null default now(),
  payload bytea not null,
  process_instance_id uuid not null,
  subject text not null
);
create table runtime.process_counter (
  last_number bigint not null,
  process_id uuid not null
);
create table runtime.process_instance (
  ancestors jsonb not null default '[]'::jsonb,
  created_at timestamp with time zone not null default now(),
  deadline_at timestamp with time zone,
  error jsonb,
  finished_at timestamp with time zone,
  generation integer not null default 1,
  id uuid not null,
  logical_time timestamp with time zone not null,
  namespace text not null,
  number bigint not null,
  origin text not null,
  outputs jsonb,
  params jsonb not null,
  parent_id uuid,
  parent_task_instance_id uuid,
  parent_waits boolean not null default false,
  phase text not null,
  process_id uuid not null,
  process_name text not null,
  process_version integer not null,
  process_version_id uuid not null,
  seq bigint not null default 0,
  slot_key text,
  slot_limit integer,
  slot_policy text,
  started_at timestamp with time zone,
  started_by text not null,
  state jsonb not null,
  status text not null,
  variables jsonb not null,
  waits_for jsonb
) partition by range (id);
create table runtime.signal (
  attempt integer,
  id uuid not null,
  key text not null,
  name text not null,
  namespace text not null,
  payload jsonb not null,
  process_instance_id uuid,
  sender text not null,
  sender_key text not null,
  sent_at timestamp with time zone not null default now(),
  taken_at timestamp with time zone,
  task_instance_id uuid
);
create table runtime.signal_wait (
  attempt integer not null,
  key text not null,
  met_at timestamp with time zone,
  name text not null,
  namespace text not null,
  process_instance_id uuid not null,
  signal_id uuid,
  task_instance_id uuid not null,
  waiting_since timestamp with time zone not null default now()
);
create table runtime.task_attempt (
  attempt integer not null,
  error jsonb not null,
  finished_at timestamp with time zone not null,
  log_chunks integer,
  process_instance_id uuid not null,
  result jsonb,
  started_at timestamp with time zone,
  task_instance_id uuid not null,
  worker text
) partition by range (process_instance_id);
create table runtime.task_instance (
  attempt integer not null,
  created_at timestamp with time zone not null default now(),
  deadline_at timestamp with time zone,
  dispatch integer not null,
  error jsonb,
  failed boolean not null default false,
  finished_at timestamp with time zone,
  heartbeat_timeout_ms bigint,
  id uuid not null,
  input jsonb,
  item_index integer,
  kind text not null,
  late_result jsonb,
  log_chunks integer,
  node_id text not null,
  parent_id uuid,
  path text not null,
  process_instance_id uuid not null,
  queue text,
  ready_at timestamp with time zone,
  reason text,
  result jsonb,
  reused_from uuid,
  scope integer not null,
  session_id uuid,
  skip_reason text,
  started_at timestamp with time zone,
  status text not null,
  timeout_ms bigint,
  token text,
  type text not null,
  uses text,
  visit integer not null,
  waits_for jsonb,
  worker text,
  workspace text
) partition by range (process_instance_id);
create table runtime.timer (
  due_at timestamp with time zone not null,
  id uuid not null,
  kind text not null,
  process_instance_id uuid not null,
  task_instance_id uuid
);
create table runtime.worker_session (
  busy integer not null,
  draining boolean not null,
  ended_at timestamp with time zone,
  id uuid not null,
  queues text[] not null,
  seen_at timestamp with time zone not null,
  slots integer not null,
  started_at timestamp with time zone not null,
  task_types jsonb not null default '[]'::jsonb,
  version text not null,
  worker text not null
);
create table schedule.backfill (
  begun integer not null default 0,
  created_at timestamp with time zone not null,
  created_by text not null,
  finished_at timestamp with time zone,
  from_at timestamp with time zone not null,
  id uuid not null,
  max_active integer not null,
  reprocess text not null,
  reverse boolean not null,
  schedule_id uuid not null,
  slots timestamp with time zone[] not null,
  state text not null,
  until_at timestamp with time zone not null
);
create table schedule.calendar (
  content jsonb not null,
  description text not null default ''::text,
  name text not null,
  namespace text not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null
);
create table schedule.event (
  created_at timestamp with time zone not null default now(),
  event jsonb not null,
  event_id text not null,
  id uuid not null,
  namespace text not null,
  published_at timestamp with time zone,
  published_by text not null,
  source text not null,
  type text not null
);
create table schedule.schedule (
  callbacks jsonb not null,
  catch_up text not null,
  confirm_groups text[],
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  description text not null default ''::text,
  id uuid not null,
  missed text not null,
  name text not null,
  namespace text not null,
  next_due_at timestamp with time zone,
  next_slot_at timestamp with time zone,
  note text not null default ''::text,
  overlap text not null,
  overlap_limit integer not null,
  params jsonb not null,
  pause_on_failure boolean not null,
  plan jsonb not null,
  process_id uuid not null,
  process_version integer,
  remaining integer,
  revision integer not null default 1,
  state text not null,
  state_at timestamp with time zone not null,
  state_by text not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null
);
create table schedule.slot (
  created_at timestamp with time zone not null,
  decided_by text,
  due_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  id uuid not null,
  instance_id uuid,
  message text,
  params jsonb,
  reason text,
  retry_at timestamp with time zone,
  schedule_id uuid not null,
  series text not null,
  slot_at timestamp with time zone not null,
  slot_until timestamp with time zone,
  started_at timestamp with time zone,
  status text not null,
  stop text,
  tell_at timestamp with time zone
);
create table schedule.trigger (
  active_since timestamp with time zone not null default now(),
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  description text not null default ''::text,
  enabled boolean not null,
  filter text not null,
  id uuid not null,
  kind text not null,
  labels jsonb not null,
  max_per_minute integer not null,
  name text not null,
  namespace text not null,
  note text not null default ''::text,
  params jsonb not null,
  process_id uuid not null,
  process_version integer,
  removed_at timestamp with time zone,
  revision integer not null default 1,
  rule jsonb not null,
  state_at timestamp with time zone not null default now(),
  state_by text not null,
  token_hash bytea,
  token_hint text,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null
);
create table schedule.trigger_evaluation (
  correlation text not null default ''::text,
  created_at timestamp with time zone not null,
  depth integer not null default 0,
  event jsonb,
  event_at timestamp with time zone not null,
  event_key text not null,
  event_type text not null,
  excerpt text not null,
  finished_at timestamp with time zone,
  id uuid not null,
  instance_id uuid,
  message text,
  outcome text not null,
  params jsonb,
  reason text,
  retry_at timestamp with time zone,
  trigger_id uuid not null
);
create table schedule.trigger_timer (
  depth integer not null default 0,
  due_at timestamp with time zone not null,
  events jsonb not null,
  key text not null,
  since timestamp with time zone not null,
  trigger_id uuid not null
);
create table system.api_log (
  address text not null,
  at timestamp with time zone not null,
  door text not null,
  duration_ms double precision not null,
  id uuid not null,
  message text not null,
  method text not null,
  path text not null,
  request_id text not null,
  status integer not null,
  visitor text not null
);
create table system.audit_head (
  hash bytea not null,
  key_id text,
  seq bigint not null,
  signature bytea,
  single boolean not null default true
);
create table system.audit_link (
  hash bytea not null,
  record_id uuid not null,
  seq bigint not null
);
create table system.audit_pending (
  record_id uuid not null
);
create table system.audit_record (
  action text not null,
  actor text not null,
  address text not null,
  after jsonb,
  at timestamp with time zone not null,
  before jsonb,
  digest bytea not null,
  door text not null,
  id uuid not null,
  namespace text not null,
  outcome text not null,
  reason text not null,
  reason_code text not null,
  request_id text not null,
  subject_id text not null,
  subject_kind text not null,
  subject_name text not null
);
create table system.parameter (
  description text not null default ''::text,
  name text not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null default ''::text,
  value jsonb not null,
  version bigint not null default 1
);
create table system.secret (
  box bytea,
  description text not null default ''::text,
  key_id text,
  name text not null,
  namespace text not null,
  reference text,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null
);
create table system.service_node (
  address text,
  host text not null default ''::text,
  id uuid not null,
  role text not null,
  seen_at timestamp with time zone not null,
  started_at timestamp with time zone not null,
  unannounced_since timestamp with time zone,
  version text not null
);

alter table access.api_token add constraint api_token_kind_check CHECK ((kind = ANY (ARRAY['session'::text, 'login'::text, 'api'::text])));
alter table access.api_token add constraint api_token_pkey PRIMARY KEY (id);
alter table access.api_token add constraint api_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES access.login_session(id) ON DELETE CASCADE;
alter table access.api_token add constraint api_token_token_hash_key UNIQUE (token_hash);
alter table access.api_token add constraint api_token_user_id_fkey FOREIGN KEY (user_id) REFERENCES access.user_account(id) ON DELETE RESTRICT;
alter table access.department add constraint department_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES access.department(id) ON DELETE RESTRICT;
alter table access.department add constraint department_pkey PRIMARY KEY (id);
alter table access.group_member add constraint group_member_group_id_fkey FOREIGN KEY (group_id) REFERENCES access.user_group(id) ON DELETE CASCADE;
alter table access.group_member add constraint group_member_pkey PRIMARY KEY (group_id, user_id);
alter table access.group_member add constraint group_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES access.user_account(id) ON DELETE CASCADE;
alter table access.login_failure add constraint login_failure_kind_check CHECK ((kind = ANY (ARRAY['account'::text, 'address'::text])));
alter table access.login_failure add constraint login_failure_pkey PRIMARY KEY (kind, key);
alter table access.login_session add constraint login_session_ended_why_check CHECK ((ended_why = ANY (ARRAY['logout'::text, 'revoked'::text, 'reuse'::text, 'password'::text, 'disabled'::text, 'surplus'::text])));
alter table access.login_session add constraint login_session_method_check CHECK ((method = ANY (ARRAY['password'::text, 'oidc'::text])));
alter table access.login_session add constraint login_session_pkey PRIMARY KEY (id);
alter table access.login_session add constraint login_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES access.user_account(id) ON DELETE CASCADE;
alter table access.namespace add constraint namespace_max_processes_check CHECK ((max_processes >= 0));
alter table access.namespace add constraint namespace_max_unfinished_runs_check CHECK ((max_unfinished_runs >= 0));
alter table access.namespace add constraint namespace_pkey PRIMARY KEY (name);
alter table access.namespace_default_role add constraint namespace_default_role_namespace_fkey FOREIGN KEY (namespace) REFERENCES access.namespace(name) ON DELETE CASCADE;
alter table access.namespace_default_role add constraint namespace_default_role_pkey PRIMARY KEY (namespace, role_id);
alter table access.namespace_default_role add constraint namespace_default_role_role_id_fkey FOREIGN KEY (role_id) REFERENCES access.role(id) ON DELETE CASCADE;
alter table access.oidc_attempt add constraint oidc_attempt_pkey PRIMARY KEY (browser_hash);
alter table access.oidc_identity add constraint oidc_identity_pkey PRIMARY KEY (issuer, subject);
alter table access.oidc_identity add constraint oidc_identity_user_id_fkey FOREIGN KEY (user_id) REFERENCES access.user_account(id) ON DELETE CASCADE;
alter table access.permission_rule add constraint permission_rule_check CHECK ((num_nonnulls(role_id, group_id) = 1));
alter table access.permission_rule add constraint permission_rule_group_id_fkey FOREIGN KEY (group_id) REFERENCES access.user_group(id) ON DELETE CASCADE;
alter table access.permission_rule add constraint permission_rule_role_id_fkey FOREIGN KEY (role_id) REFERENCES access.role(id) ON DELETE CASCADE;
alter table access.permission_rule add constraint permission_rule_role_id_group_id_position_key UNIQUE NULLS NOT DISTINCT (role_id, group_id, "position");
alter table access.recovery_code add constraint recovery_code_pkey PRIMARY KEY (user_id, code_hash);
alter table access.recovery_code add constraint recovery_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES access.second_factor(user_id) ON DELETE CASCADE;
alter table access.refresh_token add constraint refresh_token_pkey PRIMARY KEY (token_hash);
alter table access.refresh_token add constraint refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES access.login_session(id) ON DELETE CASCADE;
alter table access.rights_version add constraint rights_version_pkey PRIMARY KEY (single);
alter table access.rights_version add constraint rights_version_single_check CHECK (single);
alter table access.role add constraint role_pkey PRIMARY KEY (id);
alter table access.role_assignment add constraint role_assignment_check CHECK ((num_nonnulls(user_id, group_id) = 1));
alter table access.role_assignment add constraint role_assignment_group_id_fkey FOREIGN KEY (group_id) REFERENCES access.user_group(id) ON DELETE CASCADE;
alter table access.role_assignment add constraint role_assignment_namespace_fkey FOREIGN KEY (namespace) REFERENCES access.namespace(name) ON DELETE CASCADE;
alter table access.role_assignment add constraint role_assignment_role_id_fkey FOREIGN KEY (role_id) REFERENCES access.role(id) ON DELETE CASCADE;
alter table access.role_assignment add constraint role_assignment_role_id_user_id_group_id_namespace_key UNIQUE NULLS NOT DISTINCT (role_id, user_id, group_id, namespace);
alter table access.role_assignment add constraint role_assignment_user_id_fkey FOREIGN KEY (user_id) REFERENCES access.user_account(id) ON DELETE CASCADE;
alter table access.second_factor add constraint second_factor_pkey PRIMARY KEY (user_id);
alter table access.second_factor add constraint second_factor_user_id_fkey FOREIGN KEY (user_id) REFERENCES access.user_account(id) ON DELETE CASCADE;
alter table access.user_account add constraint user_account_department_id_fkey FOREIGN KEY (department_id) REFERENCES access.department(id) ON DELETE RESTRICT;
alter table access.user_account add constraint user_account_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'service'::text])));
alter table access.user_account add constraint user_account_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'zh'::text])));
alter table access.user_account add constraint user_account_pkey PRIMARY KEY (id);
alter table access.user_group add constraint user_group_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES access.user_account(id) ON DELETE SET NULL;
alter table access.user_group add constraint user_group_pkey PRIMARY KEY (id);
alter table access.user_picture add constraint user_picture_pkey PRIMARY KEY (user_id);
alter table access.user_picture add constraint user_picture_user_id_fkey FOREIGN KEY (user_id) REFERENCES access.user_account(id) ON DELETE CASCADE;
alter table definition.process add constraint process_pkey PRIMARY KEY (id);
alter table definition.process_draft add constraint process_draft_pkey PRIMARY KEY (process_id);
alter table definition.process_draft add constraint process_draft_process_id_fkey FOREIGN KEY (process_id) REFERENCES definition.process(id) ON DELETE RESTRICT;
alter table definition.process_draft add constraint process_draft_source_format_check CHECK ((source_format = ANY (ARRAY['yaml'::text, 'json'::text, 'legacy-yaml'::text, 'legacy-json'::text])));
alter table definition.process_version add constraint process_version_number_check CHECK ((number > 0));
alter table definition.process_version add constraint process_version_pkey PRIMARY KEY (id);
alter table definition.process_version add constraint process_version_process_id_fkey FOREIGN KEY (process_id) REFERENCES definition.process(id) ON DELETE RESTRICT;
alter table definition.process_version add constraint process_version_process_id_number_key UNIQUE (process_id, number);
alter table definition.process_version add constraint process_version_source_format_check CHECK ((source_format = ANY (ARRAY['yaml'::text, 'json'::text, 'legacy-yaml'::text, 'legacy-json'::text])));
alter table definition.process_version add constraint process_version_status_check CHECK ((status = ANY (ARRAY['published'::text, 'offline'::text])));
alter table definition.variable add constraint variable_pkey PRIMARY KEY (namespace, name);
alter table definition.variable add constraint variable_type_check CHECK ((type = ANY (ARRAY['string'::text, 'number'::text, 'boolean'::text, 'json'::text, 'list'::text])));
alter table runtime.alarm_acknowledgement add constraint alarm_acknowledgement_pkey PRIMARY KEY (process_instance_id);
alter table runtime.history add constraint history_pkey PRIMARY KEY (process_instance_id, seq);
alter table runtime.large_value add constraint large_value_pkey PRIMARY KEY (process_instance_id, sha256, chunk);
alter table runtime.log_chunk add constraint log_chunk_pkey PRIMARY KEY (process_instance_id, task_instance_id, attempt, chunk);
alter table runtime.operation add constraint operation_pkey PRIMARY KEY (key);
alter table runtime.parked_event add constraint parked_event_pkey PRIMARY KEY (id);
alter table runtime.process_counter add constraint process_counter_pkey PRIMARY KEY (process_id);
alter table runtime.process_instance add constraint process_instance_phase_check CHECK ((phase = ANY (ARRAY['queued'::text, 'setup'::text, 'body'::text, 'stopping'::text, 'teardown'::text, 'done'::text])));
alter table runtime.process_instance add constraint process_instance_pkey PRIMARY KEY (id);
alter table runtime.process_instance add constraint process_instance_process_version_id_fkey FOREIGN KEY (process_version_id) REFERENCES definition.process_version(id) ON DELETE RESTRICT;
alter table runtime.process_instance add constraint process_instance_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'PAUSED'::text, 'SUCCESS'::text, 'FAILURE'::text, 'STOP'::text])));
alter table runtime.signal add constraint signal_pkey PRIMARY KEY (id);
alter table runtime.signal add constraint signal_sender_key_key UNIQUE (sender_key);
alter table runtime.signal_wait add constraint signal_wait_pkey PRIMARY KEY (process_instance_id, task_instance_id, attempt);
alter table runtime.task_attempt add constraint task_attempt_pkey PRIMARY KEY (process_instance_id, task_instance_id, attempt);
alter table runtime.task_instance add constraint task_instance_kind_check CHECK ((kind = ANY (ARRAY['node'::text, 'callback'::text, 'item'::text])));
alter table runtime.task_instance add constraint task_instance_pkey PRIMARY KEY (process_instance_id, id);
alter table runtime.task_instance add constraint task_instance_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'WAITING'::text, 'RETRY'::text, 'SUCCESS'::text, 'FAILURE'::text, 'SKIP'::text, 'STOP'::text])));
alter table runtime.timer add constraint timer_pkey PRIMARY KEY (process_instance_id, id);
alter table runtime.worker_session add constraint worker_session_pkey PRIMARY KEY (id);
alter table schedule.backfill add constraint backfill_pkey PRIMARY KEY (id);
alter table schedule.backfill add constraint backfill_reprocess_check CHECK ((reprocess = ANY (ARRAY['none'::text, 'failed'::text, 'completed'::text])));
alter table schedule.backfill add constraint backfill_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedule.schedule(id) ON DELETE RESTRICT;
alter table schedule.backfill add constraint backfill_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'cancelled'::text])));
alter table schedule.calendar add constraint calendar_pkey PRIMARY KEY (namespace, name);
alter table schedule.event add constraint event_namespace_source_event_id_key UNIQUE (namespace, source, event_id);
alter table schedule.event add constraint event_pkey PRIMARY KEY (id);
alter table schedule.schedule add constraint schedule_missed_check CHECK ((missed = ANY (ARRAY['none'::text, 'last'::text, 'all'::text])));
alter table schedule.schedule add constraint schedule_overlap_check CHECK ((overlap = ANY (ARRAY['skip'::text, 'buffer_one'::text, 'buffer_all'::text, 'cancel_other'::text, 'terminate_other'::text, 'allow_all'::text, 'allow'::text])));
alter table schedule.schedule add constraint schedule_pkey PRIMARY KEY (id);
alter table schedule.schedule add constraint schedule_process_id_fkey FOREIGN KEY (process_id) REFERENCES definition.process(id) ON DELETE RESTRICT;
alter table schedule.schedule add constraint schedule_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'ended'::text, 'removed'::text])));
alter table schedule.slot add constraint slot_pkey PRIMARY KEY (id);
alter table schedule.slot add constraint slot_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedule.schedule(id) ON DELETE RESTRICT;
alter table schedule.slot add constraint slot_schedule_id_series_slot_at_key UNIQUE (schedule_id, series, slot_at);
alter table schedule.slot add constraint slot_status_check CHECK ((status = ANY (ARRAY['confirming'::text, 'confirmed'::text, 'waiting'::text, 'starting'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'stopped'::text, 'skipped'::text, 'refused'::text])));
alter table schedule.slot add constraint slot_stop_check CHECK ((stop = ANY (ARRAY['stop'::text, 'force'::text])));
alter table schedule.trigger add constraint trigger_kind_check CHECK ((kind = ANY (ARRAY['webhook'::text, 'event'::text])));
alter table schedule.trigger add constraint trigger_pkey PRIMARY KEY (id);
alter table schedule.trigger add constraint trigger_process_id_fkey FOREIGN KEY (process_id) REFERENCES definition.process(id) ON DELETE RESTRICT;
alter table schedule.trigger_evaluation add constraint trigger_evaluation_outcome_check CHECK ((outcome = ANY (ARRAY['received'::text, 'starting'::text, 'started'::text, 'filtered'::text, 'debounced'::text, 'noted'::text, 'refused'::text, 'failed'::text, 'duplicate'::text])));
alter table schedule.trigger_evaluation add constraint trigger_evaluation_pkey PRIMARY KEY (id);
alter table schedule.trigger_evaluation add constraint trigger_evaluation_trigger_id_event_key_key UNIQUE (trigger_id, event_key);
alter table schedule.trigger_evaluation add constraint trigger_evaluation_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES schedule.trigger(id) ON DELETE RESTRICT;
alter table schedule.trigger_timer add constraint trigger_timer_pkey PRIMARY KEY (trigger_id, key);
alter table schedule.trigger_timer add constraint trigger_timer_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES schedule.trigger(id) ON DELETE CASCADE;
alter table system.api_log add constraint api_log_pkey PRIMARY KEY (id);
alter table system.audit_head add constraint audit_head_pkey PRIMARY KEY (single);
alter table system.audit_head add constraint audit_head_single_check CHECK (single);
alter table system.audit_link add constraint audit_link_pkey PRIMARY KEY (seq);
alter table system.audit_link add constraint audit_link_record_id_key UNIQUE (record_id);
alter table system.audit_pending add constraint audit_pending_pkey PRIMARY KEY (record_id);
alter table system.audit_record add constraint audit_record_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text])));
alter table system.audit_record add constraint audit_record_pkey PRIMARY KEY (id);
alter table system.parameter add constraint parameter_pkey PRIMARY KEY (name);
alter table system.secret add constraint secret_is_somewhere CHECK ((((reference IS NULL) = (box IS NOT NULL)) AND ((box IS NULL) = (key_id IS NULL))));
alter table system.secret add constraint secret_pkey PRIMARY KEY (namespace, name);
alter table system.service_node add constraint service_node_pkey PRIMARY KEY (id);

CREATE INDEX api_token_session ON access.api_token USING btree (session_id) WHERE (session_id IS NOT NULL);
CREATE INDEX api_token_user ON access.api_token USING btree (user_id);
CREATE UNIQUE INDEX department_name ON access.department USING btree (COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), lower(name));
CREATE INDEX group_member_user ON access.group_member USING btree (user_id);
CREATE INDEX login_failure_last ON access.login_failure USING btree (last_at);
CREATE INDEX login_session_user ON access.login_session USING btree (user_id);
CREATE INDEX oidc_identity_user ON access.oidc_identity USING btree (user_id);
CREATE INDEX refresh_token_session ON access.refresh_token USING btree (session_id);
CREATE UNIQUE INDEX role_name ON access.role USING btree (lower(name));
CREATE INDEX role_assignment_group ON access.role_assignment USING btree (group_id);
CREATE INDEX role_assignment_user ON access.role_assignment USING btree (user_id);
CREATE UNIQUE INDEX user_account_email ON access.user_account USING btree (lower(email)) WHERE (email IS NOT NULL);
CREATE UNIQUE INDEX user_account_phone ON access.user_account USING btree (phone) WHERE (phone IS NOT NULL);
CREATE UNIQUE INDEX user_account_user_name ON access.user_account USING btree (lower(user_name));
CREATE UNIQUE INDEX user_group_name ON access.user_group USING btree (lower(name));
CREATE UNIQUE INDEX process_legacy_id ON definition.process USING btree (namespace, legacy_id) WHERE ((removed_at IS NULL) AND (legacy_id IS NOT NULL));
CREATE UNIQUE INDEX process_name ON definition.process USING btree (namespace, name) WHERE (removed_at IS NULL);
CREATE INDEX log_chunk_saved ON ONLY runtime.log_chunk USING btree (process_instance_id, saved_in);
CREATE INDEX operation_created ON runtime.operation USING btree (created_at);
CREATE INDEX parked_event_instance ON runtime.parked_event USING btree (process_instance_id);
CREATE INDEX process_instance_active ON ONLY runtime.process_instance USING btree (id) WHERE (status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'PAUSED'::text]));
CREATE INDEX process_instance_child ON ONLY runtime.process_instance USING btree (id) WHERE (parent_waits AND (status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'PAUSED'::text])));
CREATE INDEX process_instance_deadline ON ONLY runtime.process_instance USING btree (deadline_at) WHERE ((deadline_at IS NOT NULL) AND (status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'PAUSED'::text])));
CREATE INDEX process_instance_finished ON ONLY runtime.process_instance USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX process_instance_holder ON ONLY runtime.process_instance USING btree (namespace, slot_key, id) WHERE ((slot_key IS NOT NULL) AND (status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'PAUSED'::text])) AND (phase <> 'queued'::text));
CREATE INDEX process_instance_namespace ON ONLY runtime.process_instance USING btree (namespace, id);
CREATE INDEX process_instance_parent ON ONLY runtime.process_instance USING btree (parent_id, id) WHERE (parent_id IS NOT NULL);
CREATE INDEX process_instance_process ON ONLY runtime.process_instance USING btree (process_id, id);
CREATE INDEX process_instance_process_status ON ONLY runtime.process_instance USING btree (process_id, status, id);
CREATE INDEX process_instance_queued ON ONLY runtime.process_instance USING btree (namespace, slot_key, slot_policy, id) WHERE ((slot_key IS NOT NULL) AND (status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'PAUSED'::text])) AND (phase = 'queued'::text));
CREATE INDEX process_instance_status ON ONLY runtime.process_instance USING btree (status, id);
CREATE INDEX signal_free ON runtime.signal USING btree (namespace, name, key, id) WHERE (process_instance_id IS NULL);
CREATE INDEX signal_sent ON runtime.signal USING btree (sent_at);
CREATE INDEX signal_wait_met ON runtime.signal_wait USING btree (met_at) WHERE (signal_id IS NOT NULL);
CREATE INDEX signal_wait_open ON runtime.signal_wait USING btree (namespace, name, key, waiting_since, task_instance_id) WHERE (signal_id IS NULL);
CREATE INDEX task_instance_approval ON ONLY runtime.task_instance USING btree (status, process_instance_id, id) WHERE (type = 'approval'::text);
CREATE INDEX task_instance_child ON ONLY runtime.task_instance USING btree (process_instance_id, id) WHERE ((type = 'process'::text) AND (status = 'WAITING'::text));
CREATE INDEX task_instance_deadline ON ONLY runtime.task_instance USING btree (deadline_at) WHERE ((deadline_at IS NOT NULL) AND (status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'WAITING'::text, 'RETRY'::text])));
CREATE INDEX task_instance_pending ON ONLY runtime.task_instance USING btree (queue, ready_at) WHERE (status = 'PENDING'::text);
CREATE INDEX task_instance_running ON ONLY runtime.task_instance USING btree (session_id) WHERE (status = 'RUNNING'::text);
CREATE INDEX task_instance_trouble ON ONLY runtime.task_instance USING btree (status, process_instance_id, id) WHERE (status = ANY (ARRAY['WAITING'::text, 'RETRY'::text, 'FAILURE'::text, 'STOP'::text]));
CREATE INDEX timer_due ON runtime.timer USING btree (due_at);
CREATE INDEX worker_session_seen ON runtime.worker_session USING btree (seen_at);
CREATE INDEX worker_session_worker ON runtime.worker_session USING btree (worker);
CREATE INDEX backfill_running ON schedule.backfill USING btree (id) WHERE (state = 'running'::text);
CREATE INDEX backfill_schedule ON schedule.backfill USING btree (schedule_id, created_at);
CREATE INDEX event_created ON schedule.event USING btree (created_at);
CREATE INDEX event_list ON schedule.event USING btree (namespace, id);
CREATE INDEX event_unpublished ON schedule.event USING btree (id) WHERE (published_at IS NULL);
CREATE INDEX schedule_due ON schedule.schedule USING btree (next_due_at) WHERE ((state = 'active'::text) AND (next_due_at IS NOT NULL));
CREATE UNIQUE INDEX schedule_name ON schedule.schedule USING btree (namespace, name) WHERE (state <> 'removed'::text);
CREATE INDEX schedule_process ON schedule.schedule USING btree (process_id) WHERE (state <> 'removed'::text);
CREATE INDEX slot_confirmed ON schedule.slot USING btree (id) WHERE (status = 'confirmed'::text);
CREATE INDEX slot_confirming ON schedule.slot USING btree (due_at) WHERE (status = 'confirming'::text);
CREATE INDEX slot_created ON schedule.slot USING btree (created_at);
CREATE INDEX slot_instance ON schedule.slot USING btree (instance_id) WHERE (instance_id IS NOT NULL);
CREATE INDEX slot_ledger ON schedule.slot USING btree (schedule_id, slot_at, id);
CREATE INDEX slot_open ON schedule.slot USING btree (schedule_id, slot_at) WHERE (status = ANY (ARRAY['confirming'::text, 'confirmed'::text, 'waiting'::text, 'starting'::text, 'running'::text]));
CREATE INDEX slot_running ON schedule.slot USING btree (instance_id) WHERE (status = 'running'::text);
CREATE INDEX slot_starting ON schedule.slot USING btree (retry_at) WHERE (status = 'starting'::text);
CREATE INDEX slot_to_stop ON schedule.slot USING btree (id) WHERE (stop IS NOT NULL);
CREATE INDEX slot_to_tell ON schedule.slot USING btree (tell_at) WHERE (tell_at IS NOT NULL);
CREATE INDEX slot_waiting ON schedule.slot USING btree (schedule_id, slot_at) WHERE (status = 'waiting'::text);
CREATE INDEX trigger_hears ON schedule.trigger USING btree (namespace) WHERE ((kind = 'event'::text) AND enabled AND (removed_at IS NULL));
CREATE UNIQUE INDEX trigger_name ON schedule.trigger USING btree (namespace, name) WHERE (removed_at IS NULL);
CREATE INDEX trigger_process ON schedule.trigger USING btree (process_id) WHERE (removed_at IS NULL);
CREATE UNIQUE INDEX trigger_token ON schedule.trigger USING btree (token_hash) WHERE (removed_at IS NULL);
CREATE INDEX evaluation_created ON schedule.trigger_evaluation USING btree (created_at);
CREATE INDEX evaluation_instance ON schedule.trigger_evaluation USING btree (instance_id) WHERE (instance_id IS NOT NULL);
CREATE INDEX evaluation_list ON schedule.trigger_evaluation USING btree (trigger_id, id);
CREATE INDEX evaluation_noted ON schedule.trigger_evaluation USING btree (trigger_id, correlation, event_at) WHERE (outcome = 'noted'::text);
CREATE INDEX evaluation_received ON schedule.trigger_evaluation USING btree (id) WHERE (outcome = 'received'::text);
CREATE INDEX evaluation_starting ON schedule.trigger_evaluation USING btree (retry_at) WHERE (outcome = 'starting'::text);
CREATE INDEX trigger_timer_due ON schedule.trigger_timer USING btree (due_at);
CREATE INDEX api_log_at ON system.api_log USING btree (at);
CREATE INDEX api_log_visitor ON system.api_log USING btree (visitor, id);
CREATE INDEX audit_record_actor ON system.audit_record USING btree (actor, id);
CREATE INDEX audit_record_subject ON system.audit_record USING btree (subject_kind, subject_id, id);
CREATE INDEX service_node_role ON system.service_node USING btree (role, seen_at);

CREATE OR REPLACE FUNCTION access.raise_rights_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update access.rights_version set version = version + 1;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION runtime.ensure_partitions(months_ahead integer DEFAULT 3)
 RETURNS void
 LANGUAGE plpgsql
 SET "TimeZone" TO 'UTC'
AS $function$
declare
  parent text;
  partition text;
  room text;
  month timestamptz;
begin
  for parent in select c.relname from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
                where c.relnamespace = 'runtime'::regnamespace order by c.relname loop
    room := case parent when 'process_instance' then ' with (fillfactor = 60)' else '' end;
    for month in select generate_series(date_trunc('month', now()) - interval '1 month',
                                        date_trunc('month', now()) + make_interval(months => months_ahead), interval '1 month') loop
      partition := parent || '_' || to_char(month, 'YYYYMM');
      continue when to_regclass('runtime.' || partition) is not null;
      begin
        execute format('create table if not exists runtime.%I partition of runtime.%I for values from (%L) to (%L)',
          partition, parent, runtime.uuid_v7_floor(month), runtime.uuid_v7_floor(month + interval '1 month')) || room;
      exception when check_violation then
        raise warning 'runtime.% cannot be made: its rows lie in the default partition', partition;
      end;
    end loop;
    continue when to_regclass('runtime.' || parent || '_default') is not null;
    execute format('create table if not exists runtime.%I partition of runtime.%I default', parent || '_default', parent) || room;
  end loop;
end $function$
;
CREATE OR REPLACE FUNCTION runtime.uuid_v7_floor(moment timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$function$
;
CREATE OR REPLACE FUNCTION system.audit_await_link()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into system.audit_pending (record_id) values (new.id);
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION system.audit_refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the audit trail is only added to: % of %.% is refused', tg_op, tg_table_schema, tg_table_name using errcode = '42501';
end $function$
;
