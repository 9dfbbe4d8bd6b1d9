import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pages of runs keep room, so that the many updates of a row stay in its page and touch no index. */
export class RoomForUpdates1795391000000 implements MigrationInterface {
  readonly name = 'RoomForUpdates1795391000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SQL);
  }

  /** Migrations only expand: a release goes back to the one before it without undoing them. */
  async down(): Promise<void> {
    throw new Error('Migrations are not undone: restore a backup, or go back to the release before, which reads this schema too.');
  }
}

const SQL = `
-- A run of ten tasks is updated twenty times: with full pages half of its updates wrote every index anew.
create or replace function runtime.ensure_partitions(months_ahead int default 3) returns void language plpgsql set timezone = 'UTC' as $$
declare
  parent text;
  partition text;
  room text;
  month timestamptz;
begin
  for parent in select c.relname from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
                where c.relnamespace = 'runtime'::regnamespace order by c.relname loop
    room := case parent when 'process_instance' then ' with (fillfactor = 60)' else '' end;
    for month in select generate_series(date_trunc('month', now()) - interval '1 month',
                                        date_trunc('month', now()) + make_interval(months => months_ahead), interval '1 month') loop
      partition := parent || '_' || to_char(month, 'YYYYMM');
      continue when to_regclass('runtime.' || partition) is not null;
      begin
        execute format('create table if not exists runtime.%I partition of runtime.%I for values from (%L) to (%L)',
          partition, parent, runtime.uuid_v7_floor(month), runtime.uuid_v7_floor(month + interval '1 month')) || room;
      exception when check_violation then
        raise warning 'runtime.% cannot be made: its rows lie in the default partition', partition;
      end;
    end loop;
    continue when to_regclass('runtime.' || parent || '_default') is not null;
    execute format('create table if not exists runtime.%I partition of runtime.%I default', parent || '_default', parent) || room;
  end loop;
end $$;

do $$
declare
  partition regclass;
begin
  for partition in select inhrelid from pg_inherits where inhparent = 'runtime.process_instance'::regclass loop
    execute format('alter table %s set (fillfactor = 60)', partition);
  end loop;
end $$;
`;
