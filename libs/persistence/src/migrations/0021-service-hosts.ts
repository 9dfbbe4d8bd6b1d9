import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a service runs: what an administrator looks for when it falls silent. */
export class ServiceHosts1795560000000 implements MigrationInterface {
  readonly name = 'ServiceHosts1795560000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table system.service_node add column host text not null default ''`);
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}
