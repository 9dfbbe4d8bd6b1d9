import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has seen that a run ended badly. The alarm itself is the run's row; only that somebody has taken note is stored. */
export class Alarms1795490000000 implements MigrationInterface {
  readonly name = 'Alarms1795490000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table runtime.alarm_acknowledgement (
        process_instance_id uuid primary key,
        -- the end that was meant: a run that is opened again and ends badly once more is another alarm
        generation int not null,
        by_user text not null,
        at timestamptz not null default now(),
        remark text not null
      )`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}
