import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows that tell how the items of a foreach ended. */
export class Items1795420000000 implements MigrationInterface {
  readonly name = 'Items1795420000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table runtime.task_instance drop constraint task_instance_kind_check;
      alter table runtime.task_instance add constraint task_instance_kind_check check (kind in ('node', 'callback', 'item'));
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}
