import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Executions whose result was taken over from an earlier run. */
export class Reruns1795450000000 implements MigrationInterface {
  readonly name = 'Reruns1795450000000';

  async up(runner: QueryRunner): Promise<void> {
    // No foreign key: retention may delete the earlier run, the result was copied.
    await runner.query('alter table runtime.task_instance add column reused_from uuid');
  }

  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}
