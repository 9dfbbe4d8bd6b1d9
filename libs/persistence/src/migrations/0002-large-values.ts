import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Values and files above what lies in a row, results that came too late, and partitions for every partitioned table of runs. */
export class LargeValues1795380000000 implements MigrationInterface {
  readonly name = 'LargeValues1795380000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
-- Contents that a run refers to by their SHA-256, in pieces of 256 KiB: JSON texts above that, and files.
create table runtime.large_value (
  process_instance_id uuid not null,
  sha256 bytea not null,
  chunk int not null,
  data bytea not null,
  saved_at timestamptz not null default now(),
  primary key (process_instance_id, sha256, chunk)
) partition by range (process_instance_id);

-- { attempt, dispatch, worker, at, outcome }: the newest word of a worker that came without the current token
alter table runtime.task_instance add column late_result jsonb;

-- Every partitioned table of this schema is ranged by the run's id: one that is added needs no word here.
create or replace function runtime.ensure_partitions(months_ahead int default 3) returns void language plpgsql set timezone = 'UTC' as $$
declare
  parent text;
  partition text;
  month timestamptz;
begin
  for parent in select c.relname from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
                where c.relnamespace = 'runtime'::regnamespace order by c.relname loop
    for month in select generate_series(date_trunc('month', now()) - interval '1 month',
                                        date_trunc('month', now()) + make_interval(months => months_ahead), interval '1 month') loop
      partition := parent || '_' || to_char(month, 'YYYYMM');
      continue when to_regclass('runtime.' || partition) is not null;
      begin
        execute format('create table if not exists runtime.%I partition of runtime.%I for values from (%L) to (%L)',
          partition, parent, runtime.uuid_v7_floor(month), runtime.uuid_v7_floor(month + interval '1 month'));
      exception when check_violation then
        raise warning 'runtime.% cannot be made: its rows lie in the default partition', partition;
      end;
    end loop;
    continue when to_regclass('runtime.' || parent || '_default') is not null;
    execute format('create table if not exists runtime.%I partition of runtime.%I default', parent || '_default', parent);
  end loop;
end $$;
select runtime.ensure_partitions();
`;
