import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Secrets of namespaces, and of all of them. */
export class Secrets1795430000000 implements MigrationInterface {
  readonly name = 'Secrets1795430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
create table system.secret (
  -- empty: every namespace reads it, unless it has one of the same name
  namespace text not null,
  name text not null,
  -- id of the key that sealed it, and nonce, ciphertext and tag of AES-256-GCM
  key_id text not null,
  box bytea not null,
  description text not null default '',
  updated_by text not null,
  updated_at timestamptz not null default now(),
  primary key (namespace, name)
);
`;
