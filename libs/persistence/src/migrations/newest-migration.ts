import type { EntityManager } from 'typeorm';

/** Name of the migration that was applied last: which release's tables these are; null: none was. */
export const newestMigration = async (manager: EntityManager): Promise<string | null> => {
  const [newest] = await manager.query<{ name: string }[]>('select name from schema_migration order by id desc limit 1');
  return newest?.name ?? null;
};
