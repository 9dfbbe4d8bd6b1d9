import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log of requests, and variables of namespaces. */
export class ApiLogAndVariables1795510000000 implements MigrationInterface {
  readonly name = 'ApiLogAndVariables1795510000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
create table system.api_log (
  -- UUIDv7: the moment of the answer
  id uuid primary key,
  at timestamptz not null,
  door text not null,
  method text not null,
  path text not null,
  status integer not null,
  duration_ms double precision not null,
  visitor text not null,
  address text not null,
  request_id text not null,
  message text not null
);
create index api_log_visitor on system.api_log (visitor, id);
create index api_log_at on system.api_log (at);

create table definition.variable (
  -- empty: every namespace reads it, unless it has one of the same name
  namespace text not null,
  name text not null,
  type text not null check (type in ('string', 'number', 'boolean', 'json', 'list')),
  value jsonb not null,
  description text not null default '',
  updated_by text not null,
  updated_at timestamptz not null default now(),
  primary key (namespace, name)
);

-- A secret lies here, sealed, or elsewhere: env:NAME or file:/path, read by the service that opens it.
alter table system.secret
  add column reference text,
  alter column key_id drop not null,
  alter column box drop not null,
  add constraint secret_is_somewhere check ((reference is null) = (box is not null) and (box is null) = (key_id is null));
`;
