import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when an executor has facts that NATS did not take: its successor announces from there, however long the outage was. */
export class UnannouncedSince1795570000000 implements MigrationInterface {
  readonly name = 'UnannouncedSince1795570000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table system.service_node add column unannounced_since timestamptz');
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}
