import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that take turns are found from both ends: who holds a slot, and who is the first to wait for one. */
export class Queues1795530000000 implements MigrationInterface {
  readonly name = 'Queues1795530000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
create index process_instance_holder on runtime.process_instance (namespace, slot_key, id)
  where slot_key is not null and status in ('PENDING', 'RUNNING', 'PAUSED') and phase <> 'queued';
create index process_instance_queued on runtime.process_instance (namespace, slot_key, slot_policy, id)
  where slot_key is not null and status in ('PENDING', 'RUNNING', 'PAUSED') and phase = 'queued';
-- one index of both let every turn read the whole queue
drop index runtime.process_instance_slot;
`;
