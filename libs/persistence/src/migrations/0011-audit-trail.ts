import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit trail, and who changed system parameters when. */
export class AuditTrail1795460000000 implements MigrationInterface {
  readonly name = 'AuditTrail1795460000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
create table system.audit_record (
  -- UUIDv7: the moment it was made
  id uuid primary key,
  at timestamptz not null,
  -- user name, service:<name>, or anonymous
  actor text not null,
  -- http, grpc, command, service
  door text not null,
  address text not null,
  request_id text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  subject_name text not null,
  namespace text not null,
  outcome text not null check (outcome in ('done', 'refused')),
  -- why it was refused: code and sentence
  reason_code text not null,
  reason text not null,
  before jsonb,
  after jsonb,
  -- SHA-256 of all of the above
  digest bytea not null
);
create index audit_record_subject on system.audit_record (subject_kind, subject_id, id);
create index audit_record_actor on system.audit_record (actor, id);

-- Records that are not linked yet.
create table system.audit_pending (record_id uuid primary key);

-- The chain: each link holds the hash of the one before it, its number, and its record's digest.
create table system.audit_link (
  seq bigint primary key,
  record_id uuid not null unique,
  hash bytea not null
);

-- The end of the chain, signed with the key of secrets; its row is the lock of whoever links.
create table system.audit_head (
  single boolean primary key default true check (single),
  seq bigint not null,
  hash bytea not null,
  key_id text,
  signature bytea
);
insert into system.audit_head (seq, hash) values (0, ''::bytea);

create function system.audit_await_link() returns trigger language plpgsql as $$
begin
  insert into system.audit_pending (record_id) values (new.id);
  return null;
end $$;
create trigger audit_await_link after insert on system.audit_record for each row execute function system.audit_await_link();

create function system.audit_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is only added to: % of %.% is refused', tg_op, tg_table_schema, tg_table_name using errcode = '42501';
end $$;
create trigger audit_append_only before update or delete or truncate on system.audit_record
  for each statement execute function system.audit_refuse_change();
create trigger audit_append_only before update or delete or truncate on system.audit_link
  for each statement execute function system.audit_refuse_change();

-- Defaults stand in the registry of parameters; rows are what people have changed.
delete from system.parameter;
alter table system.parameter
  add column version bigint not null default 1,
  add column updated_by text not null default '',
  add column updated_at timestamptz not null default now();
create sequence system.parameter_version;
`;
