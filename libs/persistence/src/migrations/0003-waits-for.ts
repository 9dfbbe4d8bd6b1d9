import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an execution or a run waits for, as the engine knows it. */
export class WaitsFor1795390000000 implements MigrationInterface {
  readonly name = 'WaitsFor1795390000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table runtime.task_instance add column waits_for jsonb;
      alter table runtime.process_instance add column waits_for jsonb;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}
