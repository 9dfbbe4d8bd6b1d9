import { writeBuiltInRoles } from '../access/built-in-roles.js';
import { createDataSource } from '../data-source.js';
import { SteadyClient } from '../steady-client.js';

/** Advisory lock that only migrations take ("orde" in ASCII). */
const LOCK_KEY = 0x6f726465;

/**
 * Brings a database up to this release; answers with the names of what was applied. Callers at the same time wait for each other.
 * A command of its own (or the standalone's start): services never do it.
 */
export const runMigrations = async (url: string): Promise<string[]> => {
  const lock = new SteadyClient({ connectionString: url, application_name: 'orderlines migrations' });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [LOCK_KEY]);
    const source = createDataSource(url, 'orderlines migrations');
    await source.initialize();
    try {
      const applied = await source.runMigrations({ transaction: 'each' });
      await writeBuiltInRoles(source.manager);
      // A database that was away for months has none for now.
      await lock.query('select runtime.ensure_partitions()');
      return applied.map((migration) => migration.name);
    } finally {
      await source.destroy();
    }
  } finally {
    await lock.end();
  }
};
