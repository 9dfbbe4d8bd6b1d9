import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a worker's session ended by its own or its successor's word, and how long an attempt may be without a sign of life. */
export class Workers1795400000000 implements MigrationInterface {
  readonly name = 'Workers1795400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table runtime.worker_session add column ended_at timestamptz;
      create index worker_session_worker on runtime.worker_session (worker);
      alter table runtime.task_instance add column heartbeat_timeout_ms bigint;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}
