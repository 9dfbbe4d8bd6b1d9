import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Namespaces as rows; departments, roles, groups and the rules that say what people may do. */
export class Rights1795480000000 implements MigrationInterface {
  readonly name = 'Rights1795480000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
create table access.namespace (
  name text primary key,
  description text not null default '',
  -- quotas; null: as many as there may be
  max_unfinished_runs int check (max_unfinished_runs >= 0),
  max_processes int check (max_processes >= 0),
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_by text not null,
  updated_at timestamptz not null default now()
);
insert into access.namespace (name, created_by, updated_by)
  select name, 'system', 'system' from (select 'default' as name union select namespace from definition.process where removed_at is null) n;

create table access.department (
  id uuid primary key,
  parent_id uuid references access.department (id) on delete restrict,
  name text not null,
  description text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index department_name on access.department (coalesce(parent_id, '00000000-0000-0000-0000-000000000000'), lower(name));
alter table access.user_account add column department_id uuid references access.department (id) on delete restrict;

create table access.role (
  id uuid primary key,
  name text not null,
  description text not null default '',
  -- of the release: its rules are written by migrations and cannot be changed
  built_in boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index role_name on access.role (lower(name));

create table access.user_group (
  id uuid primary key,
  name text not null,
  description text not null default '',
  owner_id uuid references access.user_account (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index user_group_name on access.user_group (lower(name));

create table access.group_member (
  group_id uuid not null references access.user_group (id) on delete cascade,
  user_id uuid not null references access.user_account (id) on delete cascade,
  primary key (group_id, user_id)
);
create index group_member_user on access.group_member (user_id);

-- A role of a user or of a group, everywhere or in one namespace.
create table access.role_assignment (
  role_id uuid not null references access.role (id) on delete cascade,
  user_id uuid references access.user_account (id) on delete cascade,
  group_id uuid references access.user_group (id) on delete cascade,
  namespace text references access.namespace (name) on delete cascade,
  check (num_nonnulls(user_id, group_id) = 1),
  unique nulls not distinct (role_id, user_id, group_id, namespace)
);
create index role_assignment_user on access.role_assignment (user_id);
create index role_assignment_group on access.role_assignment (group_id);

-- Roles that every user has in a namespace.
create table access.namespace_default_role (
  namespace text not null references access.namespace (name) on delete cascade,
  role_id uuid not null references access.role (id) on delete cascade,
  primary key (namespace, role_id)
);

-- What a role or a group allows, or forbids.
create table access.permission_rule (
  role_id uuid references access.role (id) on delete cascade,
  group_id uuid references access.user_group (id) on delete cascade,
  position int not null,
  action text not null,
  subject text not null,
  conditions jsonb,
  fields text[],
  inverted boolean not null default false,
  reason text,
  check (num_nonnulls(role_id, group_id) = 1),
  unique nulls not distinct (role_id, group_id, position)
);

-- Raised by every change of what people may do: gateways compare it with what they remember.
create table access.rights_version (
  single boolean primary key default true check (single),
  version bigint not null
);
insert into access.rights_version (version) values (1);

create function access.raise_rights_version() returns trigger language plpgsql as $$
begin
  update access.rights_version set version = version + 1;
  return null;
end $$;
do $$
declare
  changed text;
begin
  foreach changed in array array['role', 'user_group', 'group_member', 'role_assignment', 'namespace_default_role', 'permission_rule'] loop
    execute format('create trigger raise_rights_version after insert or update or delete on access.%I
      for each statement execute function access.raise_rights_version()', changed);
  end loop;
end $$;
create trigger raise_rights_version after delete or update of user_name, administrator, enabled on access.user_account
  for each statement execute function access.raise_rights_version();
`;
