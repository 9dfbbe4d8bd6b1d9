import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions with tokens that are exchanged, scoped tokens of machines, second factors, OIDC, failed logins, and what users are beside a name. */
export class Logins1795540000000 implements MigrationInterface {
  readonly name = 'Logins1795540000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
alter table access.user_account
  -- a service account has no password, only tokens
  add column kind text not null default 'person' check (kind in ('person', 'service')),
  -- false: registered themselves, and nobody has let them in; they have no rights
  add column approved boolean not null default true,
  add column must_change_password boolean not null default false,
  -- set by an administrator or told by the OIDC provider: only then does it link a login there to this account
  add column email_trusted boolean not null default true,
  -- digest of the picture, so that a new one has a new address; null: there is none
  add column picture text;

create table access.user_picture (
  user_id uuid primary key references access.user_account (id) on delete cascade,
  media_type text not null,
  bytes bytea not null
);

create table access.login_session (
  id uuid primary key,
  user_id uuid not null references access.user_account (id) on delete cascade,
  method text not null check (method in ('password', 'oidc')),
  created_at timestamptz not null default now(),
  -- where it was used last
  address text not null,
  user_agent text not null,
  last_used_at timestamptz not null default now(),
  -- moves on with every exchange of the refresh token, but never behind ends_at
  expires_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_why text check (ended_why in ('logout', 'revoked', 'reuse', 'password', 'disabled', 'surplus'))
);
create index login_session_user on access.login_session (user_id);

create table access.refresh_token (
  -- SHA-256
  token_hash bytea primary key,
  session_id uuid not null references access.login_session (id) on delete cascade,
  created_at timestamptz not null default now(),
  -- kept after its use: whoever shows it again has stolen it, or was robbed
  used_at timestamptz
);
create index refresh_token_session on access.refresh_token (session_id);

alter table access.api_token
  -- session: 15 minutes of a session; login: made by the command line's login; api: made for a machine
  add column kind text not null default 'api' check (kind in ('session', 'login', 'api')),
  add column session_id uuid references access.login_session (id) on delete cascade,
  -- what may be done with it at most; null: whatever its owner may
  add column rules jsonb;
create index api_token_session on access.api_token (session_id) where session_id is not null;

-- guessed passwords, for all gateways
create table access.login_failure (
  kind text not null check (kind in ('account', 'address')),
  key text not null,
  count int not null,
  last_at timestamptz not null default now(),
  primary key (kind, key)
);
create index login_failure_last on access.login_failure (last_at);

create table access.second_factor (
  user_id uuid primary key references access.user_account (id) on delete cascade,
  -- id of the key that sealed the shared secret, and nonce, ciphertext and tag of AES-256-GCM
  key_id text not null,
  box bytea not null,
  -- null: begun, but never used
  confirmed_at timestamptz,
  -- thirty-second step of the last code that was taken: no code is taken twice
  last_step bigint not null default 0
);

create table access.recovery_code (
  user_id uuid not null references access.second_factor (user_id) on delete cascade,
  -- SHA-256
  code_hash bytea not null,
  used_at timestamptz,
  primary key (user_id, code_hash)
);

create table access.oidc_identity (
  issuer text not null,
  subject text not null,
  user_id uuid not null references access.user_account (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index oidc_identity_user on access.oidc_identity (user_id);

-- logins that are on their way to the OIDC provider and back
create table access.oidc_attempt (
  -- SHA-256 of what the browser keeps in a cookie
  browser_hash bytea primary key,
  state text not null,
  nonce text not null,
  code_verifier text not null,
  return_to text not null,
  created_at timestamptz not null default now()
);
`;
